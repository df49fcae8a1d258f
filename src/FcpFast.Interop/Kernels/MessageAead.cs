using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>The AEADs by vector kernels that work inside one message after the other, whatever the batch.</summary>
/// <typeparam name="TWidth">The width; the processor must have it.</typeparam>
/// <remarks>
/// Threads: stateless.
/// Cost:    no allocation; about 10 KiB of stack, of which what was used is erased.
/// Source:  [WIRE §5], [RFC 8439 §2.8], [draft-irtf-cfrg-xchacha §2.3].
/// </remarks>
internal readonly struct MessageAead<TWidth> : IAeadEngine
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
            byte* memory = stackalloc byte[MessageRun.ScratchBytes + MessageRun.ScratchAlignment];
            byte* scratch = (byte*)(((nuint)memory + MessageRun.ScratchAlignment - 1) & ~(nuint)(MessageRun.ScratchAlignment - 1));
            int count, used;
            fixed (byte* k = key, input = batch.Input, output = batch.Output, nonces = batch.Nonces, associated = batch.AssociatedData)
            fixed (AeadItem* items = batch.Items)
            fixed (bool* verdicts = opened)
            {
                var run = new MessageRun(TWidth.Kernels, batch, scratch, k, input, output, nonces, associated, items);
                count = batch.IsSealing ? run.Seal() : run.Open(verdicts);
                used = run.UsedBytes;
            }

            CryptographicOperations.ZeroMemory(new Span<byte>(scratch, used));
            StackResidue.Erase();
            return count;
        }
    }
}
