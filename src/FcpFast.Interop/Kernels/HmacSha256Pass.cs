using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>HMAC-SHA-256 over one message a 32-bit lane, all under one key whose two states are known.</summary>
/// <remarks>
/// Shape:  the keyed states are those after the inner and the outer padded key. No branch and no address depends on key or data.
/// Source: [RFC 2104 §2], [FIPS 180-4 §5.1.1].
/// </remarks>
internal static unsafe class HmacSha256Pass
{
    public const int MacBytes = 16;
    private const int LengthBytes = 8, HashBytes = 32;

    /// <summary>Computes the first 16 bytes of every lane's HMAC.</summary>
    /// <param name="lanes">The messages.</param>
    /// <param name="states">The inner state's eight words, then the outer's.</param>
    /// <param name="macs">16 bytes a lane, side by side.</param>
    [SkipLocalsInit] // each part is written before it is read
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute<TLanes, T>(LaneInputs* lanes, uint* states, byte* macs)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: the caller vouches for the lanes; all else are constants, and the scratch is aligned inside the stack memory.
        unchecked
        {
            byte* scratch = stackalloc byte[((Sha256Pass.BlockWords + (2 * Sha256Pass.StateWords) + 1) * sizeof(T)) - 1];
            T* words = LaneBlocks.Align<T>(scratch), state = words + Sha256Pass.BlockWords;
            T* before = state + Sha256Pass.StateWords;
            for (int i = 0; i < Sha256Pass.StateWords; i++) state[i] = TLanes.Broadcast32(states[i]);
            int count = 4 * TLanes.Groups, bytes = lanes->LongestBytes(count);
            bool areEven = lanes->AreEven(count);
            int wholeBytes = areEven ? bytes / Sha256Pass.BlockBytes * Sha256Pass.BlockBytes : 0, end = bytes + 1 + LengthBytes;
            for (int offset = 0; offset < end; offset += Sha256Pass.BlockBytes)
            {
                bool isWhole = offset < wholeBytes;
                if (!isWhole) PrepareBlocks(lanes, count, offset);
                LaneBlocks.Load<TLanes, T>(isWhole ? lanes->Inputs : lanes->Blocks, isWhole ? offset : 0, words);
                for (int i = 0; i < Sha256Pass.BlockWords; i++) words[i] = TLanes.ReverseBytes32(words[i]);
                if (!areEven)
                {
                    for (int i = 0; i < Sha256Pass.StateWords; i++) before[i] = state[i];
                }

                Sha256Pass.Compress<TLanes, T>(state, words);
                if (areEven) continue;

                // Lanes that had ended before stay as they are.
                T active = *(T*)lanes->Active;
                for (int i = 0; i < Sha256Pass.StateWords; i++) state[i] = TLanes.Choose(active, state[i], before[i]);
            }

            for (int i = 0; i < Sha256Pass.StateWords; i++)
            {
                words[i] = state[i];
                state[i] = TLanes.Broadcast32(states[Sha256Pass.StateWords + i]);
            }

            words[HashBytes / sizeof(uint)] = TLanes.Broadcast32(0x8000_0000);
            for (int i = (HashBytes / sizeof(uint)) + 1; i < Sha256Pass.BlockWords - 1; i++) words[i] = TLanes.Broadcast32(0);
            words[Sha256Pass.BlockWords - 1] = TLanes.Broadcast32(8 * (Sha256Pass.BlockBytes + HashBytes));
            Sha256Pass.Compress<TLanes, T>(state, words);

            for (int i = 0; i < MacBytes / sizeof(uint); i++) state[i] = TLanes.ReverseBytes32(state[i]);
            LaneBlocks.Transpose<TLanes, T>(ref state[0], ref state[1], ref state[2], ref state[3]);
            for (int lane = 0; lane < count; lane++) ByteCopy.Copy16((byte*)(state + (lane % 4)) + (MacBytes * (lane / 4)), macs + (MacBytes * lane));
        }
    }

    /// <summary>The states after one block a lane, from the initial one: what a padded key becomes.</summary>
    /// <param name="blocks">One pointer a lane to 64 bytes.</param>
    /// <param name="states">Eight words a lane, lane after lane.</param>
    [SkipLocalsInit] // as above
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KeyStates<TLanes, T>(byte** blocks, uint* states)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: the caller vouches for blocks and states, one a lane.
        unchecked
        {
            T* words = stackalloc T[Sha256Pass.BlockWords], state = stackalloc T[Sha256Pass.StateWords];
            ReadOnlySpan<uint> initial = Sha256Pass.InitialState;
            for (int i = 0; i < Sha256Pass.StateWords; i++) state[i] = TLanes.Broadcast32(initial[i]);
            LaneBlocks.Load<TLanes, T>(blocks, 0, words);
            for (int i = 0; i < Sha256Pass.BlockWords; i++) words[i] = TLanes.ReverseBytes32(words[i]);
            Sha256Pass.Compress<TLanes, T>(state, words);
            for (int lane = 0; lane < 4 * TLanes.Groups; lane++)
            {
                for (int i = 0; i < Sha256Pass.StateWords; i++) states[(lane * Sha256Pass.StateWords) + i] = ((uint*)(state + i))[lane];
            }
        }
    }

    /// <summary>Fills in the block of every lane at an offset, with the padding of the hash, and whether there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PrepareBlocks(LaneInputs* lanes, int count, int offset)
    {
        // SAFETY: a lane's input has its bytes; a padded block has 64.
        unchecked
        {
            for (int lane = 0; lane < count; lane++)
            {
                int bytes = lanes->Bytes[lane], left = bytes - offset;
                byte* block = lanes->Inputs[lane] + offset;
                lanes->Active[lane] = left + 1 + LengthBytes > 0 ? uint.MaxValue : 0;
                if (left >= Sha256Pass.BlockBytes)
                {
                    lanes->Blocks[lane] = block;
                    continue;
                }

                byte* padded = lanes->Pad(lane, block, Math.Max(left, 0));
                if (left >= 0) padded[left] = 0x80;
                if (left + 1 + LengthBytes > Sha256Pass.BlockBytes) continue;
                ulong bits = 8 * ((ulong)Sha256Pass.BlockBytes + (ulong)bytes);
                *(ulong*)(padded + Sha256Pass.BlockBytes - LengthBytes) = BinaryPrimitives.ReverseEndianness(bits);
            }
        }
    }
}
