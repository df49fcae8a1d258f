using System;
using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>What each lane of a <see cref="Blake3Pass"/> does.</summary>
/// <remarks>Shape: stands on the stack of one caller, which erases it; lanes without a job repeat one, with a place for its value that nobody reads.</remarks>
internal unsafe struct Blake3Jobs
{
    /// <summary>The bytes of the chunk or pair.</summary>
    public LaneInputs Lanes;

    private fixed ulong _values[LaneInputs.LanesMax];
    private fixed uint _endFlags[LaneInputs.LanesMax];
    private fixed uint _countersLow[LaneInputs.LanesMax];
    private fixed uint _countersHigh[LaneInputs.LanesMax];
    private fixed uint _lengths[LaneInputs.LanesMax];
    private fixed uint _flags[LaneInputs.LanesMax];

    // SAFETY: the struct stands on a stack and does not move, so its arrays have addresses.

    /// <summary>Where each lane's chaining value goes.</summary>
    public byte** Values => (byte**)Unsafe.AsPointer(ref _values[0]);

    /// <summary>More flags for each lane's last block.</summary>
    public uint* EndFlags => (uint*)Unsafe.AsPointer(ref _endFlags[0]);

    public uint* CountersLow => (uint*)Unsafe.AsPointer(ref _countersLow[0]);

    public uint* CountersHigh => (uint*)Unsafe.AsPointer(ref _countersHigh[0]);

    /// <summary>Input bytes of each lane's next block, once prepared.</summary>
    public uint* Lengths => (uint*)Unsafe.AsPointer(ref _lengths[0]);

    /// <summary>Flags of each lane's next block, once prepared.</summary>
    public uint* Flags => (uint*)Unsafe.AsPointer(ref _flags[0]);

    /// <summary>Sets one lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int lane, byte* input, int bytes, ulong counter, uint endFlags, byte* value)
    {
        // SAFETY: the caller keeps lane below LanesMax.
        unchecked
        {
            Lanes.Inputs[lane] = input;
            Lanes.Bytes[lane] = bytes;
            Values[lane] = value;
            EndFlags[lane] = endFlags;
            CountersLow[lane] = (uint)counter;
            CountersHigh[lane] = (uint)(counter >> 32);
        }
    }

    /// <summary>True if all lanes have equally many bytes and equal last flags.</summary>
    public bool AreEven(int lanes)
    {
        // SAFETY: lanes is at most LanesMax.
        unchecked
        {
            uint* ends = EndFlags;
            uint differences = 0;
            for (int i = 1; i < lanes; i++) differences |= ends[i] ^ ends[0];
            return differences == 0 && Lanes.AreEven(lanes);
        }
    }

    /// <summary>Fills in the block of every lane at an offset: where it is (padded if it is not full), its length, its flags, and whether there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PrepareBlocks(int lanes, int offset, uint flags)
    {
        // SAFETY: as above.
        unchecked
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                int left = Lanes.Bytes[lane] - offset, length = Math.Clamp(left, 0, LaneBlocks.BlockBytes);
                byte* block = Lanes.Inputs[lane] + offset;
                Lengths[lane] = (uint)length;
                Flags[lane] = left <= LaneBlocks.BlockBytes ? flags | EndFlags[lane] : flags;
                Lanes.Active[lane] = left > 0 || offset == 0 ? uint.MaxValue : 0;
                if (length == LaneBlocks.BlockBytes) Lanes.Blocks[lane] = block;
                else Lanes.Pad(lane, block, length);
            }
        }
    }

    /// <summary>Writes the chaining values: two times four vectors, of which vector i holds in group g the first or last four words of lane 4 g + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void StoreValues(byte* words, int groups)
    {
        // SAFETY: eight vectors of so many groups; 32 bytes a value.
        unchecked
        {
            int vectorBytes = 16 * groups;
            byte** values = Values;
            for (int lane = 0; lane < 4 * groups; lane++)
            {
                byte* from = words + (lane % 4 * vectorBytes) + (lane / 4 * 16), to = values[lane];
                ByteCopy.Copy16(from, to);
                ByteCopy.Copy16(from + (4 * vectorBytes), to + 16);
            }
        }
    }
}
