using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>The AEADs by vector kernels alone, whatever the batch.</summary>
/// <typeparam name="TWidth">The width; the processor must have it.</typeparam>
/// <remarks>
/// Threads: stateless.
/// Cost:    no allocation; about 12 KiB of stack, erased after use.
/// Source:  [WIRE §5], [RFC 8439 §2.8], [draft-irtf-cfrg-xchacha §2.3].
/// </remarks>
internal readonly struct KernelAead<TWidth> : IAeadEngine
    where TWidth : struct, IKernelWidth
{
    /// <inheritdoc/>
    public void Seal(ReadOnlySpan<byte> key, scoped in AeadBatch batch)
    {
        batch.RequireSealing(key);
        if (batch.Items.Length > 0) Run(key, batch, default);
    }

    /// <inheritdoc/>
    public int Open(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened)
    {
        batch.RequireOpening(key, opened);
        return batch.Items.Length == 0 ? 0 : Run(key, batch, opened);
    }

    [SkipLocalsInit] // the run writes each part of its scratch before it reads it
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Run(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened)
    {
        // SAFETY: AeadBatch proved that every item, nonce and associated datum lies inside its span, the caller that the key has 32 bytes and that
        // there is a verdict an item; the spans are fixed for the block. The scratch is aligned inside the stack memory.
        unchecked
        {
            byte* memory = stackalloc byte[AeadRun.ScratchBytes + AeadRun.ScratchAlignment];
            byte* scratch = (byte*)(((nuint)memory + AeadRun.ScratchAlignment - 1) & ~(nuint)(AeadRun.ScratchAlignment - 1));
            int count;
            fixed (byte* k = key, input = batch.Input, output = batch.Output, nonces = batch.Nonces, associated = batch.AssociatedData)
            fixed (AeadItem* items = batch.Items)
            fixed (bool* verdicts = opened)
            {
                var run = new AeadRun(TWidth.Kernels, batch, scratch, input, output, nonces, associated, items);
                run.SetKey(k);
                count = batch.IsSealing ? run.Seal() : run.Open(verdicts);
            }

            CryptographicOperations.ZeroMemory(new Span<byte>(scratch, AeadRun.ScratchBytes));
            StackResidue.Erase();
            return count;
        }
    }
}
