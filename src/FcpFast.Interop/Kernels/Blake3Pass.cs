using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Kernels;

/// <summary>The BLAKE3 compression function over one chunk, or one parent, a 32-bit lane.</summary>
/// <remarks>
/// Shape:  lanes differ in bytes, length, counter and last flags; the key is one for all. No branch and no address depends on key or data.
/// Source: [BLAKE3 §2.2], [BLAKE3 §2.3], [BLAKE3 §5.3].
/// </remarks>
internal static unsafe partial class Blake3Pass
{
    public const int ValueWords = 8;
    private const int TailWords = 4;
    private const int Rounds = 7;
    private const uint Iv0 = 0x6A09E667, Iv1 = 0xBB67AE85, Iv2 = 0x3C6EF372, Iv3 = 0xA54FF53A;

    /// <summary>The message permutation, applied 0 to 6 times.</summary>
    private static ReadOnlySpan<byte> WordOrders =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8,
        3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1,
        10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6,
        12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4,
        9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7,
        11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13,
    ];

    /// <summary>Compresses every lane's blocks into a chaining value.</summary>
    /// <param name="jobs">What each lane does.</param>
    /// <param name="key">Eight words.</param>
    /// <param name="flags">The flags of every block.</param>
    /// <param name="startFlags">More flags, for each lane's first block.</param>
    /// <param name="areEven">True if all lanes have equally many bytes and equal last flags.</param>
    [SkipLocalsInit] // each array is written before it is read
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress<TLanes, T>(Blake3Jobs* jobs, uint* key, uint flags, uint startFlags, bool areEven)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: the caller vouches for the jobs of as many lanes as T has; all else are constants.
        unchecked
        {
            byte* scratch = stackalloc byte[(((2 * LaneBlocks.BlockWords) + ValueWords + TailWords + 1) * sizeof(T)) - 1];
            T* m = LaneBlocks.Align<T>(scratch), value = m + (2 * LaneBlocks.BlockWords), tail = value + ValueWords;
            for (int i = 0; i < ValueWords; i++) value[i] = TLanes.Broadcast32(key[i]);
            tail[0] = *(T*)jobs->CountersLow;
            tail[1] = *(T*)jobs->CountersHigh;
            if (areEven)
            {
                CompressEven<TLanes, T>(&jobs->Lanes, null, 0, *jobs->Lanes.Bytes, flags, startFlags, *jobs->EndFlags, value, m, tail);
            }
            else
            {
                int lanes = 4 * TLanes.Groups, bytes = jobs->Lanes.LongestBytes(lanes);
                for (int offset = 0; offset < bytes || offset == 0; offset += LaneBlocks.BlockBytes)
                {
                    jobs->PrepareBlocks(lanes, offset, offset == 0 ? flags | startFlags : flags);
                    LaneBlocks.Load<TLanes, T>(jobs->Lanes.Blocks, 0, m);
                    tail[2] = *(T*)jobs->Lengths;
                    tail[3] = *(T*)jobs->Flags;
                    CompressBlock<TLanes, T>(value, m, tail, (T*)jobs->Lanes.Active, null, 0, null);
                }
            }

            LaneBlocks.Transpose<TLanes, T>(ref value[0], ref value[1], ref value[2], ref value[3]);
            LaneBlocks.Transpose<TLanes, T>(ref value[4], ref value[5], ref value[6], ref value[7]);
            jobs->StoreValues((byte*)value, TLanes.Groups);
            Clear<TLanes, T>(value);
        }
    }

    /// <summary>Compresses equally many bytes of every lane, at most a chunk.</summary>
    /// <param name="lanes">The lanes.</param>
    /// <param name="end">The end of the memory in which all lanes lie; null if nothing may be read behind a lane's bytes.</param>
    /// <param name="start">Where to begin in each lane.</param>
    /// <param name="bytes">How many bytes.</param>
    /// <param name="flags">The flags of every block.</param>
    /// <param name="startFlags">More flags, for the first block.</param>
    /// <param name="endFlags">More flags, for the last block.</param>
    /// <param name="value">The chaining values; read, then overwritten.</param>
    /// <param name="m">Room for the words of two blocks.</param>
    /// <param name="tail">Counters, and room for lengths and flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompressEven<TLanes, T>(
        LaneInputs* lanes, byte* end, int start, int bytes, uint flags, uint startFlags, uint endFlags, T* value, T* m, T* tail)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Compress.
        unchecked
        {
            T* words = m, nextWords = m + LaneBlocks.BlockWords;
            byte** next = NextBlock<TLanes, T>(lanes, end, start, bytes, out nint offset);
            LaneBlocks.Load<TLanes, T>(next, offset, words);
            for (int left = bytes; ; left -= LaneBlocks.BlockBytes)
            {
                int length = Math.Min(left, LaneBlocks.BlockBytes), behind = left - LaneBlocks.BlockBytes;
                if (length < LaneBlocks.BlockBytes) LaneBlocks.ClearBehind<TLanes, T>(words, length);
                next = behind > 0 ? NextBlock<TLanes, T>(lanes, end, start + bytes - behind, behind, out offset) : null;
                tail[2] = TLanes.Broadcast32((uint)length);
                tail[3] = TLanes.Broadcast32(flags | startFlags | (next == null ? endFlags : 0));
                CompressBlock<TLanes, T>(value, words, tail, null, next, offset, nextWords);
                if (next == null) return;
                startFlags = 0;
                T* spent = words;
                words = nextWords;
                nextWords = spent;
            }
        }
    }

    /// <summary>Where the block at an offset can be read whole, if its lanes have so many bytes from there on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte** NextBlock<TLanes, T>(LaneInputs* lanes, byte* end, int start, int bytes, out nint offset)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as above.
        unchecked
        {
            offset = start;
            if (bytes >= LaneBlocks.BlockBytes || lanes->AreInside(4 * TLanes.Groups, start + LaneBlocks.BlockBytes, end)) return lanes->Inputs;
            lanes->PadAll(4 * TLanes.Groups, start, bytes);
            offset = 0;
            return lanes->Blocks;
        }
    }

    /// <summary>Compresses one block a lane.</summary>
    /// <param name="value">The chaining values; read, then overwritten.</param>
    /// <param name="m">The message words.</param>
    /// <param name="tail">Counters (low, high), lengths, flags.</param>
    /// <param name="active">All ones in the lanes that change; null if all do.</param>
    /// <param name="next">Where the next block's lanes are, which are loaded meanwhile; null if there is none.</param>
    /// <param name="nextOffset">Where the next block starts in each lane.</param>
    /// <param name="nextWords">Where its words go.</param>
    [SkipLocalsInit] // what is kept is written before it is fetched
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompressBlock<TLanes, T>(T* value, T* m, T* tail, T* active, byte** next, nint nextOffset, T* nextWords)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: the arrays of Compress.
        unchecked
        {
            T* kept = stackalloc T[4];
            T v0 = value[0], v1 = value[1], v2 = value[2], v3 = value[3], v4 = value[4], v5 = value[5], v6 = value[6], v7 = value[7];
            T v8 = TLanes.Broadcast32(Iv0), v9 = TLanes.Broadcast32(Iv1), v10 = TLanes.Broadcast32(Iv2), v11 = TLanes.Broadcast32(Iv3);
            T v12 = tail[0], v13 = tail[1], v14 = tail[2], v15 = tail[3];
            Keep<TLanes, T>(kept, v8);
            Keep<TLanes, T>(kept + 1, v9);
            Keep<TLanes, T>(kept + 2, v10);
            Keep<TLanes, T>(kept + 3, v11);

            // A loop and not seven copies: the compiler's budget for inlining does not reach further.
            byte* order = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(WordOrders));
            for (int i = 0; i < Rounds; i++, order += LaneBlocks.BlockWords)
            {
                if (TLanes.RegistersAreMany)
                {
                    MixFour<TLanes, T>(
                        m, order, ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11, ref v12, ref v13,
                        ref v14, ref v15);
                    MixFour<TLanes, T>(
                        m, order + 8, ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4, ref v10, ref v11, ref v8, ref v9, ref v15, ref v12,
                        ref v13, ref v14);
                    if (next != null && i < LaneBlocks.LoadSteps) LaneBlocks.LoadStep<TLanes, T>(i, next, nextOffset, nextWords);
                }
                else
                {
                    Mix<TLanes, T>(m, order, ref v0, ref v4, ref v8, ref v12, kept);
                    Mix<TLanes, T>(m, order + 2, ref v1, ref v5, ref v9, ref v13, kept + 1);
                    Mix<TLanes, T>(m, order + 4, ref v2, ref v6, ref v10, ref v14, kept + 2);
                    Mix<TLanes, T>(m, order + 6, ref v3, ref v7, ref v11, ref v15, kept + 3);
                    Mix<TLanes, T>(m, order + 8, ref v0, ref v5, ref v10, ref v15, kept + 2);
                    Mix<TLanes, T>(m, order + 10, ref v1, ref v6, ref v11, ref v12, kept + 3);
                    Mix<TLanes, T>(m, order + 12, ref v2, ref v7, ref v8, ref v13, kept);
                    Mix<TLanes, T>(m, order + 14, ref v3, ref v4, ref v9, ref v14, kept + 1);
                }
            }

            Fetch<TLanes, T>(kept, ref v8);
            Fetch<TLanes, T>(kept + 1, ref v9);
            Fetch<TLanes, T>(kept + 2, ref v10);
            Fetch<TLanes, T>(kept + 3, ref v11);
            if (!TLanes.RegistersAreMany && next != null) LaneBlocks.Load<TLanes, T>(next, nextOffset, nextWords);
            v0 = TLanes.Xor(v0, v8);
            v1 = TLanes.Xor(v1, v9);
            v2 = TLanes.Xor(v2, v10);
            v3 = TLanes.Xor(v3, v11);
            v4 = TLanes.Xor(v4, v12);
            v5 = TLanes.Xor(v5, v13);
            v6 = TLanes.Xor(v6, v14);
            v7 = TLanes.Xor(v7, v15);
            if (active != null)
            {
                // Lanes that had ended before stay as they are.
                v0 = TLanes.Choose(*active, v0, value[0]);
                v1 = TLanes.Choose(*active, v1, value[1]);
                v2 = TLanes.Choose(*active, v2, value[2]);
                v3 = TLanes.Choose(*active, v3, value[3]);
                v4 = TLanes.Choose(*active, v4, value[4]);
                v5 = TLanes.Choose(*active, v5, value[5]);
                v6 = TLanes.Choose(*active, v6, value[6]);
                v7 = TLanes.Choose(*active, v7, value[7]);
            }

            value[0] = v0;
            value[1] = v1;
            value[2] = v2;
            value[3] = v3;
            value[4] = v4;
            value[5] = v5;
            value[6] = v6;
            value[7] = v7;
        }
    }

    /// <summary>Four mixings in step, so that neighbouring instructions do not wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixFour<TLanes, T>(
        T* m, byte* order, ref T a0, ref T a1, ref T a2, ref T a3, ref T b0, ref T b1, ref T b2, ref T b3, ref T c0, ref T c1, ref T c2, ref T c3,
        ref T d0, ref T d1, ref T d2, ref T d3)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        unchecked
        {
            a0 = TLanes.Add32(TLanes.Add32(a0, m[order[0]]), b0);
            a1 = TLanes.Add32(TLanes.Add32(a1, m[order[2]]), b1);
            a2 = TLanes.Add32(TLanes.Add32(a2, m[order[4]]), b2);
            a3 = TLanes.Add32(TLanes.Add32(a3, m[order[6]]), b3);
            d0 = TLanes.RotateLeft16(TLanes.Xor(d0, a0));
            d1 = TLanes.RotateLeft16(TLanes.Xor(d1, a1));
            d2 = TLanes.RotateLeft16(TLanes.Xor(d2, a2));
            d3 = TLanes.RotateLeft16(TLanes.Xor(d3, a3));
            c0 = TLanes.Add32(c0, d0);
            c1 = TLanes.Add32(c1, d1);
            c2 = TLanes.Add32(c2, d2);
            c3 = TLanes.Add32(c3, d3);
            b0 = TLanes.RotateLeft32(TLanes.Xor(b0, c0), 20);
            b1 = TLanes.RotateLeft32(TLanes.Xor(b1, c1), 20);
            b2 = TLanes.RotateLeft32(TLanes.Xor(b2, c2), 20);
            b3 = TLanes.RotateLeft32(TLanes.Xor(b3, c3), 20);
            a0 = TLanes.Add32(TLanes.Add32(a0, m[order[1]]), b0);
            a1 = TLanes.Add32(TLanes.Add32(a1, m[order[3]]), b1);
            a2 = TLanes.Add32(TLanes.Add32(a2, m[order[5]]), b2);
            a3 = TLanes.Add32(TLanes.Add32(a3, m[order[7]]), b3);
            d0 = TLanes.RotateLeft24(TLanes.Xor(d0, a0));
            d1 = TLanes.RotateLeft24(TLanes.Xor(d1, a1));
            d2 = TLanes.RotateLeft24(TLanes.Xor(d2, a2));
            d3 = TLanes.RotateLeft24(TLanes.Xor(d3, a3));
            c0 = TLanes.Add32(c0, d0);
            c1 = TLanes.Add32(c1, d1);
            c2 = TLanes.Add32(c2, d2);
            c3 = TLanes.Add32(c3, d3);
            b0 = TLanes.RotateLeft32(TLanes.Xor(b0, c0), 25);
            b1 = TLanes.RotateLeft32(TLanes.Xor(b1, c1), 25);
            b2 = TLanes.RotateLeft32(TLanes.Xor(b2, c2), 25);
            b3 = TLanes.RotateLeft32(TLanes.Xor(b3, c3), 25);
        }
    }

    /// <summary>One mixing; between two of them a vector of the third row waits in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix<TLanes, T>(T* m, byte* order, ref T a, ref T b, ref T c, ref T d, T* kept)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        unchecked
        {
            Fetch<TLanes, T>(kept, ref c);
            a = TLanes.Add32(TLanes.Add32(a, m[order[0]]), b);
            d = TLanes.RotateLeft16(TLanes.Xor(d, a));
            c = TLanes.Add32(c, d);
            b = TLanes.RotateLeft32(TLanes.Xor(b, c), 20);
            a = TLanes.Add32(TLanes.Add32(a, m[order[1]]), b);
            d = TLanes.RotateLeft24(TLanes.Xor(d, a));
            c = TLanes.Add32(c, d);
            b = TLanes.RotateLeft32(TLanes.Xor(b, c), 25);
            Keep<TLanes, T>(kept, c);
        }
    }

    /// <summary>Where registers are few, vectors that the next steps do not need wait in memory, so that the compiler does not choose worse ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep<TLanes, T>(T* kept, T value)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        if (!TLanes.RegistersAreMany) *kept = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch<TLanes, T>(T* kept, ref T value)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        if (!TLanes.RegistersAreMany) value = *kept;
    }
}
