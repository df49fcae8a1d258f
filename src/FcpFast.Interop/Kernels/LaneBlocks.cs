using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>Moves blocks of 64 bytes, one a 32-bit lane, between their places in memory and vectors of one word of every lane.</summary>
/// <remarks>
/// Shape: with g groups, a block is cut into parts of 16 g bytes. Vector i of four takes the (i / g)-th part of lane 4 (i mod g), and after the
///        groups are transposed it holds the i-th four words of every fourth lane.
/// </remarks>
internal static unsafe class LaneBlocks
{
    public const int BlockBytes = 64;
    public const int BlockWords = 16;

    /// <summary>How many steps <see cref="LoadStep"/> has.</summary>
    public const int LoadSteps = 6;

    /// <summary>Loads words: vector i gets word i of every lane's block.</summary>
    /// <param name="lanes">One pointer a lane.</param>
    /// <param name="offset">Where each block starts, from its lane's pointer.</param>
    /// <param name="words">Sixteen vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load<TLanes, T>(byte** lanes, nint offset, T* words)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        for (int step = 0; step < LoadSteps; step++) LoadStep<TLanes, T>(step, lanes, offset, words);
    }

    /// <summary>A part of <see cref="Load"/>, so that it can be done among other work: the steps in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStep<TLanes, T>(int step, byte** lanes, nint offset, T* words)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: the caller vouches for 64 readable bytes a lane and for the words; steps 0 to 3 take every fourth lane each, 4 and 5 transpose halves.
        unchecked
        {
            if (step < 4)
            {
                T a = *Part<TLanes, T>(lanes + step, offset, 0), b = *Part<TLanes, T>(lanes + step, offset, 1);
                T c = *Part<TLanes, T>(lanes + step, offset, 2), d = *Part<TLanes, T>(lanes + step, offset, 3);
                TLanes.TransposeGroups(ref a, ref b, ref c, ref d);
                words[step] = a;
                words[4 + step] = b;
                words[8 + step] = c;
                words[12 + step] = d;
            }
            else
            {
                words += 8 * (step - 4);
                Transpose<TLanes, T>(ref words[0], ref words[1], ref words[2], ref words[3]);
                Transpose<TLanes, T>(ref words[4], ref words[5], ref words[6], ref words[7]);
            }
        }
    }

    /// <summary>The first place in some memory that is aligned to a vector's size; the memory is one vector less a byte longer than what is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Align<T>(byte* memory)
        where T : unmanaged
    {
        // SAFETY: up to sizeof(T) - 1 bytes on.
        unchecked
        {
            return (T*)(((nuint)memory + (nuint)sizeof(T) - 1) & ~((nuint)sizeof(T) - 1));
        }
    }

    /// <summary>Sets to zero what lies behind the first bytes of every lane's block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearBehind<TLanes, T>(T* words, int bytes)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: sixteen vectors; bytes is from 0 to 64.
        unchecked
        {
            int whole = bytes / sizeof(uint);
            if (whole == BlockWords) return;
            words[whole] = TLanes.And(words[whole], TLanes.Broadcast32((1u << (8 * (bytes % sizeof(uint)))) - 1));
            for (int i = whole + 1; i < BlockWords; i++) words[i] = TLanes.Broadcast32(0);
        }
    }

    /// <summary>In each group: four words of four lanes become four lanes' four words. It is its own inverse.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose<TLanes, T>(ref T a, ref T b, ref T c, ref T d)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        T lowAb = TLanes.InterleaveLow32(a, b), highAb = TLanes.InterleaveHigh32(a, b);
        T lowCd = TLanes.InterleaveLow32(c, d), highCd = TLanes.InterleaveHigh32(c, d);
        a = TLanes.InterleaveLow64(lowAb, lowCd);
        b = TLanes.InterleaveHigh64(lowAb, lowCd);
        c = TLanes.InterleaveLow64(highAb, highCd);
        d = TLanes.InterleaveHigh64(highAb, highCd);
    }

    /// <summary>The part of its lane's block that vector <paramref name="part"/> of four takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Part<TLanes, T>(byte** lanes, nint offset, int part)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: lane 4 (part mod g) of 4 g, and 16 g (part / g) of 64 bytes, for parts 0 to 3.
        unchecked
        {
            return (T*)(lanes[4 * (part % TLanes.Groups)] + offset + (16 * TLanes.Groups * (part / TLanes.Groups)));
        }
    }
}
