using System;
using System.Runtime.Intrinsics.X86;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>The AEADs by vector kernels that work across the messages of a batch, and by libsodium where a batch does not gain from that.</summary>
/// <typeparam name="TWidth">The width; the processor must have it.</typeparam>
/// <remarks>
/// Threads: stateless.
/// Cost:    no allocation; about 12 KiB of stack, erased after use.
/// Source:  [WIRE §5], [RFC 8439 §2.8], [draft-irtf-cfrg-xchacha §2.3].
/// </remarks>
public readonly struct WideAead<TWidth> : IAeadEngine
    where TWidth : struct, IKernelWidth
{
    private const int FewestMessages = 2;
    private const int LongMessageBytes = 4096; // libsodium's own 256 bits gain on 128 bits from here on

    /// <inheritdoc/>
    public void Seal(ReadOnlySpan<byte> key, scoped in AeadBatch batch)
    {
        if (Gains(batch)) default(KernelAead<TWidth>).Seal(key, batch);
        else default(LibsodiumAead).Seal(key, batch);
    }

    /// <inheritdoc/>
    public int Open(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened) =>
        Gains(batch) ? default(KernelAead<TWidth>).Open(key, batch, opened) : default(LibsodiumAead).Open(key, batch, opened);

    private static bool Gains(scoped in AeadBatch batch) =>
        batch.Items.Length >= FewestMessages && (TWidth.Bits > 128 || !Avx2.IsSupported || batch.MessageBytes < LongMessageBytes);
}
