using System;
using System.Collections.Generic;
using FcpFast.Interop.Kernels;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>Poly1305 by the kernel of a width alone, with the same key and message in every lane.</summary>
internal static class OneTimeAuth
{
    private const int LanesMax = 8;

    /// <summary>The tag of every lane.</summary>
    public static unsafe List<byte[]> Compute(int bits, bool inBatches, byte[] key, byte[] wholeBlocks)
    {
        _ = Engines.AeadOf(bits); // skips what is not there
        Poly1305Kernel kernel = bits switch { 128 => Poly1305Kernel.Of128, 256 => Poly1305Kernel.Of256, _ => Poly1305Kernel.Of512 };
        byte[] paddedKey = [.. key, .. new byte[32]], padded = [.. wholeBlocks, .. new byte[64]];
        byte* scratch = stackalloc byte[(Poly1305Lanes.ScratchVectors + 1) * 64], tags = stackalloc byte[LanesMax * 16];
        byte** pointers = stackalloc byte*[LanesMax];

        // SAFETY: 64 bytes a key, scratch as the kernel asks for, and rows with three more of room behind them.
        fixed (byte* keys = paddedKey, rows = padded)
        {
            for (int i = 0; i < LanesMax; i++) pointers[i] = keys;
            kernel.Start(scratch, pointers, inBatches);
            for (int i = 0; i < LanesMax; i++) pointers[i] = rows;
            kernel.Absorb(scratch, inBatches, pointers, 0, wholeBlocks.Length / 16);
            kernel.Finish(scratch, tags);
        }

        var found = new List<byte[]>();
        for (int lane = 0; lane < kernel.Lanes; lane++) found.Add(new ReadOnlySpan<byte>(tags + (16 * lane), 16).ToArray());
        return found;
    }
}
