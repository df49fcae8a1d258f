using System;
using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>Where the bytes of each lane are, and room for its last blocks, padded.</summary>
/// <remarks>Shape: stands on the stack of one caller, which erases it.</remarks>
internal unsafe struct LaneInputs
{
    public const int LanesMax = 16;

    private fixed ulong _inputs[LanesMax];
    private fixed ulong _blocks[LanesMax];
    private fixed int _bytes[LanesMax];
    private fixed uint _active[LanesMax];
    private fixed byte _padded[LanesMax * LaneBlocks.BlockBytes];

    // SAFETY: the struct stands on a stack and does not move, so its arrays have addresses.

    /// <summary>The first byte of each lane.</summary>
    public byte** Inputs => (byte**)Unsafe.AsPointer(ref _inputs[0]);

    /// <summary>How many bytes each lane has.</summary>
    public int* Bytes => (int*)Unsafe.AsPointer(ref _bytes[0]);

    /// <summary>The block of each lane that is next, if it is not simply a part of its input.</summary>
    public byte** Blocks => (byte**)Unsafe.AsPointer(ref _blocks[0]);

    /// <summary>All ones in the lanes that have a next block.</summary>
    public uint* Active => (uint*)Unsafe.AsPointer(ref _active[0]);

    /// <summary>True if all lanes have equally many bytes.</summary>
    public bool AreEven(int lanes)
    {
        // SAFETY: lanes is at most LanesMax.
        unchecked
        {
            int* bytes = Bytes;
            int differences = 0;
            for (int i = 1; i < lanes; i++) differences |= bytes[i] ^ bytes[0];
            return differences == 0;
        }
    }

    /// <summary>The most bytes that a lane has.</summary>
    public int LongestBytes(int lanes)
    {
        // SAFETY: as above.
        unchecked
        {
            int* bytes = Bytes;
            int longest = 0;
            for (int i = 0; i < lanes; i++) longest = Math.Max(longest, bytes[i]);
            return longest;
        }
    }

    /// <summary>True if so many bytes of every lane lie before the end of some memory; never if that is null.</summary>
    public bool AreInside(int lanes, int bytes, byte* end)
    {
        // SAFETY: as above; only addresses are compared.
        unchecked
        {
            byte** inputs = Inputs;
            bool areInside = end != null;
            for (int i = 0; i < lanes; i++) areInside &= (nuint)end - (nuint)inputs[i] >= (nuint)bytes;
            return areInside;
        }
    }

    /// <summary>Makes the next block of every lane a padded copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PadAll(int lanes, int offset, int bytes)
    {
        // SAFETY: every lane's input has the bytes.
        unchecked
        {
            byte** inputs = Inputs;
            for (int lane = 0; lane < lanes; lane++) Pad(lane, inputs[lane] + offset, bytes);
        }
    }

    /// <summary>Makes the next block of a lane a copy of some bytes, less than a block, and zeroes behind them; returns it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Pad(int lane, byte* from, int bytes)
    {
        // SAFETY: a padded block has 64 bytes.
        unchecked
        {
            byte* copy = (byte*)Unsafe.AsPointer(ref _padded[0]) + (lane * LaneBlocks.BlockBytes);
            ByteCopy.Clear64(copy);
            ByteCopy.Copy(from, copy, bytes);
            Blocks[lane] = copy;
            return copy;
        }
    }
}
