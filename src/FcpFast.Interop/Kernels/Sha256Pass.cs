using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Kernels;

/// <summary>The SHA-256 compression function over one block a 32-bit lane.</summary>
/// <remarks>
/// Shape:  no branch and no address depends on key or data.
/// Source: [FIPS 180-4 §6.2].
/// </remarks>
internal static unsafe class Sha256Pass
{
    public const int BlockBytes = LaneBlocks.BlockBytes;
    public const int BlockWords = LaneBlocks.BlockWords;
    public const int StateWords = 8;
    private const int Rounds = 64;
    private const int RoundsAtOnce = 8; // after as many the names of the words are where they were

    /// <summary>The state before the first block.</summary>
    public static ReadOnlySpan<uint> InitialState =>
        [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];

    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ];

    /// <summary>Compresses one block a lane.</summary>
    /// <param name="state">Eight vectors; read, then overwritten.</param>
    /// <param name="words">The block's sixteen words as numbers; spent.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress<TLanes, T>(T* state, T* words)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: the caller vouches for both; the constants are static data, which does not move.
        unchecked
        {
            T a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
            uint* constants = (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(RoundConstants));
            for (int i = 0; i < Rounds; i += RoundsAtOnce, constants += RoundsAtOnce)
            {
                T* first = words + (i % BlockWords), second = words + (BlockWords - RoundsAtOnce - (i % BlockWords));
                if (i >= BlockWords)
                {
                    first[0] = Extend<TLanes, T>(first[0], first[1], second[1], second[6]);
                    first[1] = Extend<TLanes, T>(first[1], first[2], second[2], second[7]);
                    first[2] = Extend<TLanes, T>(first[2], first[3], second[3], first[0]);
                    first[3] = Extend<TLanes, T>(first[3], first[4], second[4], first[1]);
                    first[4] = Extend<TLanes, T>(first[4], first[5], second[5], first[2]);
                    first[5] = Extend<TLanes, T>(first[5], first[6], second[6], first[3]);
                    first[6] = Extend<TLanes, T>(first[6], first[7], second[7], first[4]);
                    first[7] = Extend<TLanes, T>(first[7], second[0], first[0], first[5]);
                }

                Round<TLanes, T>(a, b, c, ref d, e, f, g, ref h, TLanes.Add32(first[0], TLanes.Broadcast32(constants[0])));
                Round<TLanes, T>(h, a, b, ref c, d, e, f, ref g, TLanes.Add32(first[1], TLanes.Broadcast32(constants[1])));
                Round<TLanes, T>(g, h, a, ref b, c, d, e, ref f, TLanes.Add32(first[2], TLanes.Broadcast32(constants[2])));
                Round<TLanes, T>(f, g, h, ref a, b, c, d, ref e, TLanes.Add32(first[3], TLanes.Broadcast32(constants[3])));
                Round<TLanes, T>(e, f, g, ref h, a, b, c, ref d, TLanes.Add32(first[4], TLanes.Broadcast32(constants[4])));
                Round<TLanes, T>(d, e, f, ref g, h, a, b, ref c, TLanes.Add32(first[5], TLanes.Broadcast32(constants[5])));
                Round<TLanes, T>(c, d, e, ref f, g, h, a, ref b, TLanes.Add32(first[6], TLanes.Broadcast32(constants[6])));
                Round<TLanes, T>(b, c, d, ref e, f, g, h, ref a, TLanes.Add32(first[7], TLanes.Broadcast32(constants[7])));
            }

            state[0] = TLanes.Add32(state[0], a);
            state[1] = TLanes.Add32(state[1], b);
            state[2] = TLanes.Add32(state[2], c);
            state[3] = TLanes.Add32(state[3], d);
            state[4] = TLanes.Add32(state[4], e);
            state[5] = TLanes.Add32(state[5], f);
            state[6] = TLanes.Add32(state[6], g);
            state[7] = TLanes.Add32(state[7], h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round<TLanes, T>(T a, T b, T c, ref T d, T e, T f, T g, ref T h, T word)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        T sum1 = TLanes.Xor3(TLanes.RotateLeft32(e, 26), TLanes.RotateLeft32(e, 21), TLanes.RotateLeft32(e, 7));
        T sum0 = TLanes.Xor3(TLanes.RotateLeft32(a, 30), TLanes.RotateLeft32(a, 19), TLanes.RotateLeft32(a, 10));
        h = TLanes.Add32(TLanes.Add32(h, word), TLanes.Add32(sum1, TLanes.Choose(e, f, g)));
        d = TLanes.Add32(d, h);
        h = TLanes.Add32(h, TLanes.Add32(sum0, TLanes.Majority(a, b, c)));
    }

    /// <summary>The word 16 places on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Extend<TLanes, T>(T word, T next, T ninth, T fourteenth)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        T small0 = TLanes.Xor3(TLanes.RotateLeft32(next, 25), TLanes.RotateLeft32(next, 14), TLanes.ShiftRight32(next, 3));
        T small1 = TLanes.Xor3(TLanes.RotateLeft32(fourteenth, 15), TLanes.RotateLeft32(fourteenth, 13), TLanes.ShiftRight32(fourteenth, 10));
        return TLanes.Add32(TLanes.Add32(word, small0), TLanes.Add32(ninth, small1));
    }
}
