using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FcpFast.Interop.Kernels;

/// <summary>The states and pointers of common passes, written by whole vectors: a vector that is read right after its words were written one by one would wait.</summary>
internal static unsafe partial class ChaCha20Pass
{
    public const int CounterRow = 12;
    private const int KeyRow = 4, NonceRow = 13, NonceRows = 3;

    private static ReadOnlySpan<uint> LaneNumbers => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    private static ReadOnlySpan<ulong> LaneOffsets => [0, 64, 128, 192, 256, 320, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960];

    /// <summary>Fills rows 0 to 11 with the constants and a key of 32 bytes, for all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SetKey(byte* state, byte* key)
    {
        // SAFETY: a row is 64 bytes; the kernels run on little-endian machines only.
        unchecked
        {
            FillRow(state, 0, 0x61707865);
            FillRow(state, 1, 0x3320646e);
            FillRow(state, 2, 0x79622d32);
            FillRow(state, 3, 0x6b206574);
            for (int i = 0; i < SubkeyWords; i++) FillRow(state, KeyRow + i, ((uint*)key)[i]);
        }
    }

    /// <summary>Gives a row one word in all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FillRow(byte* state, int row, uint word)
    {
        // SAFETY: as above.
        unchecked
        {
            Vector128<uint> words = Vector128.Create(word);
            Vector128<uint>* quarters = (Vector128<uint>*)(state + (row * RowBytes));
            quarters[0] = words;
            quarters[1] = words;
            quarters[2] = words;
            quarters[3] = words;
        }
    }

    /// <summary>A pass over block 0 of one message a lane: the bare key stream.</summary>
    /// <param name="state">The states; rows 0 to 3 are set, rows 4 to 11 if <paramref name="subkeys"/> is null.</param>
    /// <param name="subkeys">Rows of subkeys, or null.</param>
    /// <param name="nonces">Rows of nonces.</param>
    /// <param name="zeroes">A block of zeroes.</param>
    /// <param name="output">One block a lane, side by side.</param>
    /// <param name="pointers">Room for two pointers a lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FirstBlocks<TLanes, T>(byte* state, byte* subkeys, byte* nonces, byte* zeroes, byte* output, byte** pointers)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as above.
        unchecked
        {
            if (subkeys != null)
            {
                for (int i = 0; i < SubkeyWords; i++) Row<T>(state, KeyRow + i) = Row<T>(subkeys, i);
            }

            Row<T>(state, CounterRow) = TLanes.Broadcast32(0);
            for (int i = 0; i < NonceRows; i++) Row<T>(state, NonceRow + i) = Row<T>(nonces, i);
            T* inputs = (T*)pointers;
            inputs[0] = TLanes.Broadcast64((ulong)zeroes);
            inputs[1] = TLanes.Broadcast64((ulong)zeroes);
            PointAtBlocks<TLanes, T>(pointers + (4 * TLanes.Groups), output);
            Combine<TLanes, T>(state, pointers, pointers + (4 * TLanes.Groups));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PointAtBlocks<TLanes, T>(byte** pointers, byte* first)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: two vectors of 64-bit numbers are a pointer a lane.
        unchecked
        {
            T* offsets = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(LaneOffsets)), vectors = (T*)pointers;
            T start = TLanes.Broadcast64((ulong)first);
            vectors[0] = TLanes.Add64(start, offsets[0]);
            vectors[1] = TLanes.Add64(start, offsets[1]);
        }
    }
}
