using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FcpFast.Protocol.Crypto;

/// <summary>The BLAKE3 compression function.</summary>
/// <remarks>
/// Shape:  no branch and no address depends on key or message, so keyed use is constant-time.
/// Source: [BLAKE3 §2.2], [BLAKE3 §2.3].
/// </remarks>
internal static class Blake3Core
{
    public const int BlockBytes = 64;
    public const int ChunkBytes = 1024;
    public const int WordsPerKey = 8;

    public const uint ChunkStart = 1, ChunkEnd = 2, Parent = 4, Root = 8, KeyedHash = 16, DeriveKeyContext = 32, DeriveKeyMaterial = 64;

    private const int WordsPerBlock = BlockBytes / sizeof(uint);
    private const uint Iv0 = 0x6A09E667, Iv1 = 0xBB67AE85, Iv2 = 0x3C6EF372, Iv3 = 0xA54FF53A;

    // An array and not a span of literals: without optimization the compiler makes a new array each time such a span is asked for.
    private static readonly uint[] InitialWords = [Iv0, Iv1, Iv2, Iv3, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];

    public static ReadOnlySpan<uint> InitialValue => InitialWords;

    /// <summary>Compresses one block into a chaining value.</summary>
    /// <param name="chainingValue">8 words; read, then overwritten.</param>
    /// <param name="block">At least 64 bytes, of which the first 64 count; zero-padded.</param>
    /// <param name="counter">The chunk number; 0 for a parent.</param>
    /// <param name="blockBytes">Bytes of the block that are input.</param>
    /// <param name="flags">The domain flags.</param>
    public static void Compress(Span<uint> chainingValue, ReadOnlySpan<byte> block, ulong counter, uint blockBytes, uint flags)
    {
        chainingValue = chainingValue[..WordsPerKey];
        Permute(chainingValue, block, counter, blockBytes, flags, out Vector128<uint> a, out Vector128<uint> b, out Vector128<uint> c, out Vector128<uint> d);
        (a ^ c).CopyTo(chainingValue);
        (b ^ d).CopyTo(chainingValue[4..]);
    }

    /// <summary>Compresses one block into 64 bytes of output.</summary>
    /// <param name="chainingValue">8 words.</param>
    /// <param name="block">64 bytes, zero-padded.</param>
    /// <param name="counter">The number of the output block.</param>
    /// <param name="blockBytes">Bytes of the block that are input.</param>
    /// <param name="flags">The domain flags.</param>
    /// <param name="output">64 bytes.</param>
    public static void Expand(
        ReadOnlySpan<uint> chainingValue, ReadOnlySpan<byte> block, ulong counter, uint blockBytes, uint flags, Span<byte> output)
    {
        Permute(chainingValue, block, counter, blockBytes, flags, out Vector128<uint> a, out Vector128<uint> b, out Vector128<uint> c, out Vector128<uint> d);
        Write(a ^ c, output);
        Write(b ^ d, output[16..]);
        Write(c ^ Vector128.Create(chainingValue), output[32..]);
        Write(d ^ Vector128.Create(chainingValue[4..]), output[48..]);
    }

    private static void Permute(
        ReadOnlySpan<uint> chainingValue, ReadOnlySpan<byte> block, ulong counter, uint blockBytes, uint flags, out Vector128<uint> a,
        out Vector128<uint> b, out Vector128<uint> c, out Vector128<uint> d)
    {
        Span<uint> m = stackalloc uint[WordsPerBlock];
        for (int i = 0; i < WordsPerBlock; i++) m[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(sizeof(uint) * i)..]);
        Vector128<uint> row0 = Vector128.Create(chainingValue), row1 = Vector128.Create(chainingValue[4..]);
        Vector128<uint> row2 = Vector128.Create(Iv0, Iv1, Iv2, Iv3);
        Vector128<uint> row3 = Vector128.Create(unchecked((uint)counter), (uint)(counter >> 32), blockBytes, flags);

        // The lists are the message permutation, applied 0 to 6 times.
        Round(ref row0, ref row1, ref row2, ref row3, m, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        Round(ref row0, ref row1, ref row2, ref row3, m, 2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8);
        Round(ref row0, ref row1, ref row2, ref row3, m, 3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1);
        Round(ref row0, ref row1, ref row2, ref row3, m, 10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6);
        Round(ref row0, ref row1, ref row2, ref row3, m, 12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4);
        Round(ref row0, ref row1, ref row2, ref row3, m, 9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7);
        Round(ref row0, ref row1, ref row2, ref row3, m, 11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13);
        a = row0;
        b = row1;
        c = row2;
        d = row3;
        m.Clear();
    }

    /// <summary>Four mixings of columns at once, then four of diagonals, which the turned rows bring under each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector128<uint> row0, ref Vector128<uint> row1, ref Vector128<uint> row2, ref Vector128<uint> row3, ReadOnlySpan<uint> m, int m0, int m1,
        int m2, int m3, int m4, int m5, int m6, int m7, int m8, int m9, int m10, int m11, int m12, int m13, int m14, int m15)
    {
        Mix(ref row0, ref row1, ref row2, ref row3, Vector128.Create(m[m0], m[m2], m[m4], m[m6]), Vector128.Create(m[m1], m[m3], m[m5], m[m7]));
        row1 = Vector128.Shuffle(row1, Vector128.Create(1u, 2, 3, 0));
        row2 = Vector128.Shuffle(row2, Vector128.Create(2u, 3, 0, 1));
        row3 = Vector128.Shuffle(row3, Vector128.Create(3u, 0, 1, 2));
        Mix(ref row0, ref row1, ref row2, ref row3, Vector128.Create(m[m8], m[m10], m[m12], m[m14]), Vector128.Create(m[m9], m[m11], m[m13], m[m15]));
        row1 = Vector128.Shuffle(row1, Vector128.Create(3u, 0, 1, 2));
        row2 = Vector128.Shuffle(row2, Vector128.Create(2u, 3, 0, 1));
        row3 = Vector128.Shuffle(row3, Vector128.Create(1u, 2, 3, 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d, Vector128<uint> first, Vector128<uint> second)
    {
        a = a + first + b;
        d = RotateRight(d ^ a, 16);
        c += d;
        b = RotateRight(b ^ c, 12);
        a = a + second + b;
        d = RotateRight(d ^ a, 8);
        c += d;
        b = RotateRight(b ^ c, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight(Vector128<uint> value, int bits) => (value >>> bits) | (value << (32 - bits));

    private static void Write(Vector128<uint> words, Span<byte> output)
    {
        for (int i = 0; i < Vector128<uint>.Count; i++) BinaryPrimitives.WriteUInt32LittleEndian(output[(sizeof(uint) * i)..], words[i]);
    }
}
