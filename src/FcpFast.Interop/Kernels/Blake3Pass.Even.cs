using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>Whole messages of one length, one a lane: the tree is the same in all lanes, so that its values never leave the vectors.</summary>
internal static unsafe partial class Blake3Pass
{
    public const int EvenBytesMax = 64 * 1024;
    public const int MacBytes = 16;
    private const int DepthMax = 6; // of what is kept while 64 chunks are taken one after the other

    /// <summary>Computes the first 16 bytes of every lane's hash.</summary>
    /// <param name="lanes">The messages, all of one length.</param>
    /// <param name="end">The end of the memory in which they lie.</param>
    /// <param name="key">Eight words.</param>
    /// <param name="flags">The mode's flags.</param>
    /// <param name="macs">16 bytes a lane, side by side.</param>
    [SkipLocalsInit] // each array is written before it is read
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void HashEven<TLanes, T>(LaneInputs* lanes, byte* end, uint* key, uint flags, byte* macs)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: the caller vouches for the lanes and for 16 bytes a lane of output; the length is at most EvenBytesMax, and so the stack deep enough.
        unchecked
        {
            byte* scratch = stackalloc byte[(((2 * LaneBlocks.BlockWords) + ((2 + DepthMax) * ValueWords) + TailWords + 1) * sizeof(T)) - 1];
            T* m = LaneBlocks.Align<T>(scratch), value = m + (2 * LaneBlocks.BlockWords), initial = value + ValueWords, tail = initial + ValueWords;
            T* stack = tail + TailWords;
            for (int i = 0; i < ValueWords; i++) initial[i] = TLanes.Broadcast32(key[i]);
            int bytes = *lanes->Bytes, depth = 0, deepest = 0, chunk = 0;
            for (int offset = 0; ; offset += Blake3Run.ChunkBytes, chunk++)
            {
                bool isLast = bytes - offset <= Blake3Run.ChunkBytes;
                int chunkBytes = isLast ? bytes - offset : Blake3Run.ChunkBytes;
                Copy(initial, value);
                tail[0] = TLanes.Broadcast32((uint)chunk);
                tail[1] = TLanes.Broadcast32(0);
                CompressEven<TLanes, T>(
                    lanes, end, offset, chunkBytes, flags, Blake3Flags.ChunkStart,
                    isLast && chunk == 0 ? Blake3Flags.ChunkEnd | Blake3Flags.Root : Blake3Flags.ChunkEnd, value, m, tail);

                // Whole subtrees merge as soon as they are complete; behind the last chunk, all that is left.
                int merges = isLast ? depth : BitOperations.TrailingZeroCount(chunk + 1);
                for (; merges > 0; merges--)
                {
                    depth--;
                    Copy(stack + (depth * ValueWords), m);
                    Copy(value, m + ValueWords);
                    Copy(initial, value);
                    tail[0] = TLanes.Broadcast32(0);
                    tail[1] = tail[0];
                    tail[2] = TLanes.Broadcast32(LaneBlocks.BlockBytes);
                    tail[3] = TLanes.Broadcast32(flags | Blake3Flags.Parent | (isLast && merges == 1 ? Blake3Flags.Root : 0));
                    CompressBlock<TLanes, T>(value, m, tail, null, null, 0, null);
                }

                if (isLast) break;
                Copy(value, stack + (depth * ValueWords));
                depth++;
                deepest = Math.Max(deepest, depth);
            }

            LaneBlocks.Transpose<TLanes, T>(ref value[0], ref value[1], ref value[2], ref value[3]);
            for (int lane = 0; lane < 4 * TLanes.Groups; lane++) ByteCopy.Copy16((byte*)(value + (lane % 4)) + (MacBytes * (lane / 4)), macs + (MacBytes * lane));
            Clear<TLanes, T>(value);
            Clear<TLanes, T>(initial);
            for (int i = 0; i < deepest; i++) Clear<TLanes, T>(stack + (i * ValueWords));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(T* from, T* to)
        where T : unmanaged
    {
        // SAFETY: eight vectors each.
        unchecked
        {
            for (int i = 0; i < ValueWords; i++) to[i] = from[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear<TLanes, T>(T* value)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: eight vectors.
        unchecked
        {
            for (int i = 0; i < ValueWords; i++) value[i] = TLanes.Broadcast32(0);
        }
    }
}
