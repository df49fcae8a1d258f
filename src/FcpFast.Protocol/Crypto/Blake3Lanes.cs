using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FcpFast.Protocol.Crypto;

/// <summary>The BLAKE3 compression function over eight inputs of one length, side by side.</summary>
/// <remarks>
/// Shape:  one input a lane; lanes differ in bytes and counter only. No branch and no address depends on key or message.
/// Cost:   about a quarter of one input after the other where the processor has 256-bit vectors; right everywhere.
/// Source: [BLAKE3 §2.2], [BLAKE3 §5.3].
/// </remarks>
internal static class Blake3Lanes
{
    /// <summary>Inputs side by side.</summary>
    public const int Count = 8;

    private const int WordsPerBlock = Blake3Core.BlockBytes / sizeof(uint);

    /// <summary>True where doing this pays.</summary>
    public static bool IsWorthwhile => Vector256.IsHardwareAccelerated;

    /// <summary>Compresses eight whole chunks that lie one behind the other.</summary>
    /// <param name="chunks">At least 8 KiB, of which the first 8 KiB count.</param>
    /// <param name="key">8 words.</param>
    /// <param name="counter">The number of the first chunk.</param>
    /// <param name="flags">The mode's flags.</param>
    /// <param name="chainingValues">8 words a chunk, chunk after chunk.</param>
    public static void CompressChunks(ReadOnlySpan<byte> chunks, ReadOnlySpan<uint> key, ulong counter, uint flags, Span<uint> chainingValues)
    {
        Span<Vector256<uint>> value = stackalloc Vector256<uint>[Blake3Core.WordsPerKey];
        CountLanes(counter, out Vector256<uint> low, out Vector256<uint> high);
        Spread(key, value);
        CompressRun(chunks, 0, Blake3Core.ChunkBytes, Blake3Core.ChunkBytes, value, low, high, flags, endFlags: Blake3Core.ChunkEnd);
        Collect(value, chainingValues);
        value.Clear();
    }

    /// <summary>Compresses eight pairs of chaining values into their parents.</summary>
    /// <param name="children">16 words a pair, pair after pair.</param>
    /// <param name="key">8 words.</param>
    /// <param name="flags">The mode's flags.</param>
    /// <param name="parents">8 words a pair; may be the first half of <paramref name="children"/>.</param>
    public static void CompressParents(ReadOnlySpan<uint> children, ReadOnlySpan<uint> key, uint flags, Span<uint> parents)
    {
        Span<Vector256<uint>> value = stackalloc Vector256<uint>[Blake3Core.WordsPerKey];
        Span<Vector256<uint>> message = stackalloc Vector256<uint>[WordsPerBlock];
        children = children[..(Count * WordsPerBlock)];
        for (int i = 0; i < WordsPerBlock; i++)
        {
            message[i] = Vector256.Create(
                children[i], children[i + 16], children[i + 32], children[i + 48], children[i + 64], children[i + 80], children[i + 96],
                children[i + 112]);
        }

        Spread(key, value);
        Compress(value, message, default, default, Blake3Core.BlockBytes, flags | Blake3Core.Parent);
        Collect(value, parents);
        value.Clear();
        message.Clear();
    }

    /// <summary>Hashes eight messages of one length, at most two chunks each, to 32 bytes.</summary>
    /// <param name="data">The memory that the messages lie in.</param>
    /// <param name="offset">Where the first one starts.</param>
    /// <param name="strideBytes">From one to the next.</param>
    /// <param name="messageBytes">1 to 2,048.</param>
    /// <param name="key">8 words.</param>
    /// <param name="flags">The mode's flags.</param>
    /// <param name="hashes">8 words a message, message after message.</param>
    public static void HashMessages(
        ReadOnlySpan<byte> data, int offset, int strideBytes, int messageBytes, ReadOnlySpan<uint> key, uint flags, Span<uint> hashes)
    {
        Span<Vector256<uint>> value = stackalloc Vector256<uint>[Blake3Core.WordsPerKey];
        Span<Vector256<uint>> tree = stackalloc Vector256<uint>[WordsPerBlock];
        Spread(key, value);
        if (messageBytes <= Blake3Core.ChunkBytes)
        {
            CompressRun(data, offset, strideBytes, messageBytes, value, default, default, flags, Blake3Core.ChunkEnd | Blake3Core.Root);
        }
        else
        {
            CompressRun(data, offset, strideBytes, Blake3Core.ChunkBytes, value, default, default, flags, Blake3Core.ChunkEnd);
            value.CopyTo(tree);
            Spread(key, value);
            CompressRun(
                data, offset + Blake3Core.ChunkBytes, strideBytes, messageBytes - Blake3Core.ChunkBytes, value, Vector256.Create(1u), default,
                flags, Blake3Core.ChunkEnd);
            value.CopyTo(tree[Blake3Core.WordsPerKey..]);
            Spread(key, value);
            Compress(value, tree, default, default, Blake3Core.BlockBytes, flags | Blake3Core.Parent | Blake3Core.Root);
        }

        Collect(value, hashes);
        value.Clear();
        tree.Clear();
    }

    /// <summary>Compresses one chunk, or the part of one that there is, of every lane.</summary>
    private static void CompressRun(
        ReadOnlySpan<byte> data, int offset, int strideBytes, int runBytes, Span<Vector256<uint>> value, Vector256<uint> counterLow,
        Vector256<uint> counterHigh, uint flags, uint endFlags)
    {
        Span<Vector256<uint>> message = stackalloc Vector256<uint>[WordsPerBlock];
        uint startFlag = Blake3Core.ChunkStart;
        for (; runBytes > Blake3Core.BlockBytes; runBytes -= Blake3Core.BlockBytes, offset += Blake3Core.BlockBytes)
        {
            Gather(data, offset, strideBytes, message);
            Compress(value, message, counterLow, counterHigh, Blake3Core.BlockBytes, flags | startFlag);
            startFlag = 0;
        }

        if (runBytes == Blake3Core.BlockBytes) Gather(data, offset, strideBytes, message);
        else GatherPadded(data, offset, strideBytes, runBytes, message);
        Compress(value, message, counterLow, counterHigh, (uint)runBytes, flags | startFlag | endFlags);
        message.Clear();
    }

    private static void Spread(ReadOnlySpan<uint> key, Span<Vector256<uint>> value)
    {
        for (int i = 0; i < value.Length; i++) value[i] = Vector256.Create(key[i]);
    }

    private static void Collect(ReadOnlySpan<Vector256<uint>> value, Span<uint> words)
    {
        for (int word = 0; word < value.Length; word++)
        {
            for (int lane = 0; lane < Count; lane++) words[(lane * Blake3Core.WordsPerKey) + word] = value[word][lane];
        }
    }

    private static void CountLanes(ulong counter, out Vector256<uint> low, out Vector256<uint> high)
    {
        low = default;
        high = default;
        for (int lane = 0; lane < Count; lane++)
        {
            ulong own = counter + (ulong)lane;
            low = low.WithElement(lane, unchecked((uint)own));
            high = high.WithElement(lane, (uint)(own >> 32));
        }
    }

    /// <summary>As <see cref="Gather"/> for a last block that is not full: zeroes behind its bytes.</summary>
    private static void GatherPadded(ReadOnlySpan<byte> data, int offset, int strideBytes, int blockBytes, Span<Vector256<uint>> message)
    {
        Span<byte> padded = stackalloc byte[Count * Blake3Core.BlockBytes];
        padded.Clear();
        for (int lane = 0; lane < Count; lane++)
        {
            data.Slice(offset + (lane * strideBytes), blockBytes).CopyTo(padded[(lane * Blake3Core.BlockBytes)..]);
        }

        Gather(padded, 0, Blake3Core.BlockBytes, message);
        padded.Clear();
    }

    /// <summary>Word i of every lane's block into vector i.</summary>
    private static void Gather(ReadOnlySpan<byte> data, int offset, int strideBytes, Span<Vector256<uint>> message)
    {
        ReadOnlySpan<byte> l0 = data.Slice(offset, Blake3Core.BlockBytes), l1 = data.Slice(offset + strideBytes, Blake3Core.BlockBytes);
        ReadOnlySpan<byte> l2 = data.Slice(offset + (2 * strideBytes), Blake3Core.BlockBytes), l3 = data.Slice(offset + (3 * strideBytes), Blake3Core.BlockBytes);
        ReadOnlySpan<byte> l4 = data.Slice(offset + (4 * strideBytes), Blake3Core.BlockBytes), l5 = data.Slice(offset + (5 * strideBytes), Blake3Core.BlockBytes);
        ReadOnlySpan<byte> l6 = data.Slice(offset + (6 * strideBytes), Blake3Core.BlockBytes), l7 = data.Slice(offset + (7 * strideBytes), Blake3Core.BlockBytes);
        for (int i = 0; i < WordsPerBlock; i++)
        {
            message[i] = Vector256.Create(
                Word(l0, i), Word(l1, i), Word(l2, i), Word(l3, i), Word(l4, i), Word(l5, i), Word(l6, i), Word(l7, i));
        }
    }

    private static void Compress(
        Span<Vector256<uint>> value, ReadOnlySpan<Vector256<uint>> m, Vector256<uint> counterLow, Vector256<uint> counterHigh, uint blockBytes,
        uint flags)
    {
        ReadOnlySpan<uint> iv = Blake3Core.InitialValue;
        Vector256<uint> v0 = value[0], v1 = value[1], v2 = value[2], v3 = value[3], v4 = value[4], v5 = value[5], v6 = value[6], v7 = value[7];
        Vector256<uint> v8 = Vector256.Create(iv[0]), v9 = Vector256.Create(iv[1]), v10 = Vector256.Create(iv[2]), v11 = Vector256.Create(iv[3]);
        Vector256<uint> v12 = counterLow, v13 = counterHigh, v14 = Vector256.Create(blockBytes), v15 = Vector256.Create(flags);
        m = m[..WordsPerBlock];

        // The lists are the message permutation, applied 0 to 6 times.
        Round(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11, ref v12, ref v13, ref v14, ref v15,
            m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], m[9], m[10], m[11], m[12], m[13], m[14], m[15]);
        Round(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11, ref v12, ref v13, ref v14, ref v15,
            m[2], m[6], m[3], m[10], m[7], m[0], m[4], m[13], m[1], m[11], m[12], m[5], m[9], m[14], m[15], m[8]);
        Round(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11, ref v12, ref v13, ref v14, ref v15,
            m[3], m[4], m[10], m[12], m[13], m[2], m[7], m[14], m[6], m[5], m[9], m[0], m[11], m[15], m[8], m[1]);
        Round(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11, ref v12, ref v13, ref v14, ref v15,
            m[10], m[7], m[12], m[9], m[14], m[3], m[13], m[15], m[4], m[0], m[11], m[2], m[5], m[8], m[1], m[6]);
        Round(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11, ref v12, ref v13, ref v14, ref v15,
            m[12], m[13], m[9], m[11], m[15], m[10], m[14], m[8], m[7], m[2], m[5], m[3], m[0], m[1], m[6], m[4]);
        Round(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11, ref v12, ref v13, ref v14, ref v15,
            m[9], m[14], m[11], m[5], m[8], m[12], m[15], m[1], m[13], m[3], m[0], m[10], m[2], m[6], m[4], m[7]);
        Round(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11, ref v12, ref v13, ref v14, ref v15,
            m[11], m[15], m[5], m[0], m[1], m[9], m[8], m[6], m[14], m[10], m[2], m[12], m[3], m[4], m[7], m[13]);

        value[0] = v0 ^ v8;
        value[1] = v1 ^ v9;
        value[2] = v2 ^ v10;
        value[3] = v3 ^ v11;
        value[4] = v4 ^ v12;
        value[5] = v5 ^ v13;
        value[6] = v6 ^ v14;
        value[7] = v7 ^ v15;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector256<uint> v0, ref Vector256<uint> v1, ref Vector256<uint> v2, ref Vector256<uint> v3, ref Vector256<uint> v4,
        ref Vector256<uint> v5, ref Vector256<uint> v6, ref Vector256<uint> v7, ref Vector256<uint> v8, ref Vector256<uint> v9,
        ref Vector256<uint> v10, ref Vector256<uint> v11, ref Vector256<uint> v12, ref Vector256<uint> v13, ref Vector256<uint> v14,
        ref Vector256<uint> v15, Vector256<uint> m0, Vector256<uint> m1, Vector256<uint> m2, Vector256<uint> m3, Vector256<uint> m4,
        Vector256<uint> m5, Vector256<uint> m6, Vector256<uint> m7, Vector256<uint> m8, Vector256<uint> m9, Vector256<uint> m10,
        Vector256<uint> m11, Vector256<uint> m12, Vector256<uint> m13, Vector256<uint> m14, Vector256<uint> m15)
    {
        Mix(ref v0, ref v4, ref v8, ref v12, m0, m1);
        Mix(ref v1, ref v5, ref v9, ref v13, m2, m3);
        Mix(ref v2, ref v6, ref v10, ref v14, m4, m5);
        Mix(ref v3, ref v7, ref v11, ref v15, m6, m7);
        Mix(ref v0, ref v5, ref v10, ref v15, m8, m9);
        Mix(ref v1, ref v6, ref v11, ref v12, m10, m11);
        Mix(ref v2, ref v7, ref v8, ref v13, m12, m13);
        Mix(ref v3, ref v4, ref v9, ref v14, m14, m15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ReadOnlySpan<byte> block, int index) => BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * index)..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d, Vector256<uint> first, Vector256<uint> second)
    {
        a = a + b + first;
        d = RotateRight(d ^ a, 16);
        c += d;
        b = RotateRight(b ^ c, 12);
        a = a + b + second;
        d = RotateRight(d ^ a, 8);
        c += d;
        b = RotateRight(b ^ c, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateRight(Vector256<uint> value, int bits) => (value >>> bits) | (value << (32 - bits));
}
