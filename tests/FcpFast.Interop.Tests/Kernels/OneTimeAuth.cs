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
        Poly1305Kernel kernel = KernelOf(bits);
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

    /// <summary>The tag of one message over all lanes: some bytes before them, as many whole rows as there are, and the rest behind.</summary>
    public static unsafe byte[] ComputeOverLanes(int bits, bool inBatches, byte[] key, byte[] wholeBlocks, int bytesBefore)
    {
        _ = Engines.AeadOf(bits); // skips what is not there
        Poly1305Kernel kernel = KernelOf(bits);
        byte[] tag = new byte[16];
        byte* memory = stackalloc byte[(Poly1305Lanes.ScratchVectors + 1) * 64];
        int rows = (wholeBlocks.Length - bytesBefore) / (16 * kernel.Lanes), after = bytesBefore + (rows * 16 * kernel.Lanes);
        Poly1305Sum sum = default;

        // SAFETY: scratch as the kernel asks for; every part lies inside the message.
        fixed (byte* keys = key, blocks = wholeBlocks, result = tag)
        {
            sum.Start(keys);
            if (bytesBefore > 0)
            {
                sum.Absorb(blocks, (bytesBefore / 16) - 1);
                sum.AddBlock(blocks + bytesBefore - 16);
            }

            kernel.StartRun(memory, &sum, inBatches);
            kernel.AbsorbRun(memory, inBatches, blocks + bytesBefore, rows);
            kernel.EndRun(memory, &sum);
            sum.Absorb(blocks + after, (wholeBlocks.Length - after) / 16);
            sum.Finish(result);
        }

        return tag;
    }

    private static Poly1305Kernel KernelOf(int bits) => bits switch { 128 => Poly1305Kernel.Of128, 256 => Poly1305Kernel.Of256, _ => Poly1305Kernel.Of512 };
}
