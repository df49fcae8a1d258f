using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>The ChaCha20 block function over one block a 32-bit lane: the key stream combined with data, and the subkeys of XChaCha20.</summary>
/// <remarks>
/// Shape:  a state is 16 rows of <see cref="RowBytes"/>, a row being one word of every lane; narrow vectors use the first bytes of each row. Lanes
///         may be of any messages, nonces and keys. No branch and no address depends on key, nonce or data.
/// Source: [RFC 8439 §2.3], [RFC 8439 §2.4], [draft-irtf-cfrg-xchacha §2.2].
/// </remarks>
internal static unsafe partial class ChaCha20Pass
{
    public const int BlockBytes = LaneBlocks.BlockBytes;
    public const int RowBytes = 64;
    public const int StateWords = 16;
    public const int SubkeyWords = 8;
    private const int DoubleRounds = 10;

    /// <summary>Reads a block of 64 bytes a lane, and writes it combined with the lane's key stream block.</summary>
    /// <param name="state">The initial states.</param>
    /// <param name="inputs">One pointer a lane to 64 readable bytes.</param>
    /// <param name="outputs">One pointer a lane to 64 writable bytes; equal to its input or apart from all inputs.</param>
    [SkipLocalsInit] // what is kept is written before it is fetched
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine<TLanes, T>(byte* state, byte** inputs, byte** outputs)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: the caller vouches for the pointers, as many as T has lanes; every index is a constant.
        unchecked
        {
            T* kept = stackalloc T[4];
            T x0 = Row<T>(state, 0);
            T x1 = Row<T>(state, 1);
            T x2 = Row<T>(state, 2);
            T x3 = Row<T>(state, 3);
            T x4 = Row<T>(state, 4);
            T x5 = Row<T>(state, 5);
            T x6 = Row<T>(state, 6);
            T x7 = Row<T>(state, 7);
            T x8 = Row<T>(state, 8);
            T x9 = Row<T>(state, 9);
            T x10 = Row<T>(state, 10);
            T x11 = Row<T>(state, 11);
            T x12 = Row<T>(state, 12);
            T x13 = Row<T>(state, 13);
            T x14 = Row<T>(state, 14);
            T x15 = Row<T>(state, 15);
            Alone nothing = default;
            Rounds<TLanes, T, Alone>(
                kept, ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, ref x8, ref x9, ref x10, ref x11, ref x12, ref x13, ref x14,
                ref x15, ref nothing);
            x0 = TLanes.Add32(x0, Row<T>(state, 0));
            x1 = TLanes.Add32(x1, Row<T>(state, 1));
            x2 = TLanes.Add32(x2, Row<T>(state, 2));
            x3 = TLanes.Add32(x3, Row<T>(state, 3));
            x4 = TLanes.Add32(x4, Row<T>(state, 4));
            x5 = TLanes.Add32(x5, Row<T>(state, 5));
            x6 = TLanes.Add32(x6, Row<T>(state, 6));
            x7 = TLanes.Add32(x7, Row<T>(state, 7));
            x8 = TLanes.Add32(x8, Row<T>(state, 8));
            x9 = TLanes.Add32(x9, Row<T>(state, 9));
            x10 = TLanes.Add32(x10, Row<T>(state, 10));
            x11 = TLanes.Add32(x11, Row<T>(state, 11));
            x12 = TLanes.Add32(x12, Row<T>(state, 12));
            x13 = TLanes.Add32(x13, Row<T>(state, 13));
            x14 = TLanes.Add32(x14, Row<T>(state, 14));
            x15 = TLanes.Add32(x15, Row<T>(state, 15));
            LaneBlocks.Transpose<TLanes, T>(ref x0, ref x1, ref x2, ref x3);
            LaneBlocks.Transpose<TLanes, T>(ref x4, ref x5, ref x6, ref x7);
            LaneBlocks.Transpose<TLanes, T>(ref x8, ref x9, ref x10, ref x11);
            LaneBlocks.Transpose<TLanes, T>(ref x12, ref x13, ref x14, ref x15);
            CombineEveryFourth<TLanes, T>(x0, x4, x8, x12, inputs, outputs);
            CombineEveryFourth<TLanes, T>(x1, x5, x9, x13, inputs + 1, outputs + 1);
            CombineEveryFourth<TLanes, T>(x2, x6, x10, x14, inputs + 2, outputs + 2);
            CombineEveryFourth<TLanes, T>(x3, x7, x11, x15, inputs + 3, outputs + 3);
        }
    }

    /// <summary>HChaCha20: from a key and the first 16 bytes of a nonce (rows 12 to 15) to a key.</summary>
    /// <param name="state">The initial states.</param>
    /// <param name="subkeys"><see cref="SubkeyWords"/> rows of the same shape.</param>
    [SkipLocalsInit] // as above
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DeriveSubkeys<TLanes, T>(byte* state, byte* subkeys)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as above.
        unchecked
        {
            T* kept = stackalloc T[4];
            T x0 = Row<T>(state, 0);
            T x1 = Row<T>(state, 1);
            T x2 = Row<T>(state, 2);
            T x3 = Row<T>(state, 3);
            T x4 = Row<T>(state, 4);
            T x5 = Row<T>(state, 5);
            T x6 = Row<T>(state, 6);
            T x7 = Row<T>(state, 7);
            T x8 = Row<T>(state, 8);
            T x9 = Row<T>(state, 9);
            T x10 = Row<T>(state, 10);
            T x11 = Row<T>(state, 11);
            T x12 = Row<T>(state, 12);
            T x13 = Row<T>(state, 13);
            T x14 = Row<T>(state, 14);
            T x15 = Row<T>(state, 15);
            Alone nothing = default;
            Rounds<TLanes, T, Alone>(
                kept, ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, ref x8, ref x9, ref x10, ref x11, ref x12, ref x13, ref x14,
                ref x15, ref nothing);
            Row<T>(subkeys, 0) = x0;
            Row<T>(subkeys, 1) = x1;
            Row<T>(subkeys, 2) = x2;
            Row<T>(subkeys, 3) = x3;
            Row<T>(subkeys, 4) = x12;
            Row<T>(subkeys, 5) = x13;
            Row<T>(subkeys, 6) = x14;
            Row<T>(subkeys, 7) = x15;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T Row<T>(byte* rows, int index)
        where T : unmanaged
    {
        // SAFETY: a constant below the number of rows that the caller vouched for.
        unchecked
        {
            return ref *(T*)(rows + (RowBytes * index));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rounds<TLanes, T, TBeside>(
        T* kept, ref T x0, ref T x1, ref T x2, ref T x3, ref T x4, ref T x5, ref T x6, ref T x7, ref T x8, ref T x9, ref T x10, ref T x11, ref T x12,
        ref T x13, ref T x14, ref T x15, ref TBeside beside)
        where TLanes : ILanes<T>
        where T : unmanaged
        where TBeside : struct, IBeside
    {
        unchecked
        {
            Keep<TLanes, T>(kept, x8, x9);
            Keep<TLanes, T>(kept + 2, x10, x11);
            for (int i = 0; i < DoubleRounds; i++)
            {
                Fetch<TLanes, T>(kept, ref x8, ref x9);
                TwoQuarterRounds<TLanes, T>(ref x0, ref x1, ref x4, ref x5, ref x8, ref x9, ref x12, ref x13);
                Keep<TLanes, T>(kept, x8, x9);
                Fetch<TLanes, T>(kept + 2, ref x10, ref x11);
                TwoQuarterRounds<TLanes, T>(ref x2, ref x3, ref x6, ref x7, ref x10, ref x11, ref x14, ref x15);
                beside.DoubleRound();
                TwoQuarterRounds<TLanes, T>(ref x0, ref x1, ref x5, ref x6, ref x10, ref x11, ref x15, ref x12);
                Keep<TLanes, T>(kept + 2, x10, x11);
                Fetch<TLanes, T>(kept, ref x8, ref x9);
                TwoQuarterRounds<TLanes, T>(ref x2, ref x3, ref x7, ref x4, ref x8, ref x9, ref x13, ref x14);
                Keep<TLanes, T>(kept, x8, x9);
            }

            Fetch<TLanes, T>(kept, ref x8, ref x9);
            Fetch<TLanes, T>(kept + 2, ref x10, ref x11);
        }
    }

    /// <summary>Where registers are few, two vectors that the next steps do not need wait in memory, so that the compiler does not choose worse ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep<TLanes, T>(T* kept, T first, T second)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        if (TLanes.RegistersAreMany) return;
        kept[0] = first;
        kept[1] = second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch<TLanes, T>(T* kept, ref T first, ref T second)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        if (TLanes.RegistersAreMany) return;
        first = kept[0];
        second = kept[1];
    }

    /// <summary>Two quarter rounds in step, so that neighbouring instructions do not wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoQuarterRounds<TLanes, T>(
        ref T a0, ref T a1, ref T b0, ref T b1, ref T c0, ref T c1, ref T d0, ref T d1)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        AddAndMix<TLanes, T>(ref a0, ref a1, b0, b1, ref d0, ref d1);
        d0 = TLanes.RotateLeft16(d0);
        d1 = TLanes.RotateLeft16(d1);
        AddAndMix<TLanes, T>(ref c0, ref c1, d0, d1, ref b0, ref b1);
        b0 = TLanes.RotateLeft32(b0, 12);
        b1 = TLanes.RotateLeft32(b1, 12);
        AddAndMix<TLanes, T>(ref a0, ref a1, b0, b1, ref d0, ref d1);
        d0 = TLanes.RotateLeft8(d0);
        d1 = TLanes.RotateLeft8(d1);
        AddAndMix<TLanes, T>(ref c0, ref c1, d0, d1, ref b0, ref b1);
        b0 = TLanes.RotateLeft32(b0, 7);
        b1 = TLanes.RotateLeft32(b1, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddAndMix<TLanes, T>(ref T a0, ref T a1, T b0, T b1, ref T d0, ref T d1)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        a0 = TLanes.Add32(a0, b0);
        a1 = TLanes.Add32(a1, b1);
        d0 = TLanes.Xor(d0, a0);
        d1 = TLanes.Xor(d1, a1);
    }

    /// <summary>Takes the quarters of every fourth lane's block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CombineEveryFourth<TLanes, T>(T a, T b, T c, T d, byte** inputs, byte** outputs)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        TLanes.TransposeGroups(ref a, ref b, ref c, ref d);
        CombinePart<TLanes, T>(a, 0, inputs, outputs);
        CombinePart<TLanes, T>(b, 1, inputs, outputs);
        CombinePart<TLanes, T>(c, 2, inputs, outputs);
        CombinePart<TLanes, T>(d, 3, inputs, outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CombinePart<TLanes, T>(T keyStream, int part, byte** inputs, byte** outputs)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        *LaneBlocks.Part<TLanes, T>(outputs, 0, part) = TLanes.Xor(*LaneBlocks.Part<TLanes, T>(inputs, 0, part), keyStream);
    }
}
