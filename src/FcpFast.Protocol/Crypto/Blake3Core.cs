using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

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

    private const int WordsPerState = 16;
    private const int Rounds = 7;
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
        Span<uint> state = stackalloc uint[WordsPerState];
        Permute(chainingValue, block, counter, blockBytes, flags, state);
        for (int i = 0; i < WordsPerKey; i++) chainingValue[i] = state[i] ^ state[i + WordsPerKey];
        state.Clear();
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
        Span<uint> state = stackalloc uint[WordsPerState];
        Permute(chainingValue, block, counter, blockBytes, flags, state);
        for (int i = 0; i < WordsPerKey; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(output[(4 * i)..], state[i] ^ state[i + WordsPerKey]);
            BinaryPrimitives.WriteUInt32LittleEndian(output[(4 * (i + WordsPerKey))..], state[i + WordsPerKey] ^ chainingValue[i]);
        }

        state.Clear();
    }

    private static void Permute(
        ReadOnlySpan<uint> chainingValue, ReadOnlySpan<byte> block, ulong counter, uint blockBytes, uint flags, Span<uint> state)
    {
        uint m0 = Word(block, 0), m1 = Word(block, 1), m2 = Word(block, 2), m3 = Word(block, 3);
        uint m4 = Word(block, 4), m5 = Word(block, 5), m6 = Word(block, 6), m7 = Word(block, 7);
        uint m8 = Word(block, 8), m9 = Word(block, 9), m10 = Word(block, 10), m11 = Word(block, 11);
        uint m12 = Word(block, 12), m13 = Word(block, 13), m14 = Word(block, 14), m15 = Word(block, 15);
        uint v0 = chainingValue[0], v1 = chainingValue[1], v2 = chainingValue[2], v3 = chainingValue[3];
        uint v4 = chainingValue[4], v5 = chainingValue[5], v6 = chainingValue[6], v7 = chainingValue[7];
        uint v8 = Iv0, v9 = Iv1, v10 = Iv2, v11 = Iv3;
        uint v12 = unchecked((uint)counter), v13 = (uint)(counter >> 32), v14 = blockBytes, v15 = flags;

        for (int round = 0; round < Rounds; round++)
        {
            Mix(ref v0, ref v4, ref v8, ref v12, m0, m1);
            Mix(ref v1, ref v5, ref v9, ref v13, m2, m3);
            Mix(ref v2, ref v6, ref v10, ref v14, m4, m5);
            Mix(ref v3, ref v7, ref v11, ref v15, m6, m7);
            Mix(ref v0, ref v5, ref v10, ref v15, m8, m9);
            Mix(ref v1, ref v6, ref v11, ref v12, m10, m11);
            Mix(ref v2, ref v7, ref v8, ref v13, m12, m13);
            Mix(ref v3, ref v4, ref v9, ref v14, m14, m15);

            (m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15) =
                (m2, m6, m3, m10, m7, m0, m4, m13, m1, m11, m12, m5, m9, m14, m15, m8);
        }

        state[0] = v0;
        state[1] = v1;
        state[2] = v2;
        state[3] = v3;
        state[4] = v4;
        state[5] = v5;
        state[6] = v6;
        state[7] = v7;
        state[8] = v8;
        state[9] = v9;
        state[10] = v10;
        state[11] = v11;
        state[12] = v12;
        state[13] = v13;
        state[14] = v14;
        state[15] = v15;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ReadOnlySpan<byte> block, int index) => BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * index)..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref uint a, ref uint b, ref uint c, ref uint d, uint first, uint second)
    {
        unchecked // addition modulo 2^32 is the algorithm
        {
            a += b + first;
            d = BitOperations.RotateRight(d ^ a, 16);
            c += d;
            b = BitOperations.RotateRight(b ^ c, 12);
            a += b + second;
            d = BitOperations.RotateRight(d ^ a, 8);
            c += d;
            b = BitOperations.RotateRight(b ^ c, 7);
        }
    }
}
