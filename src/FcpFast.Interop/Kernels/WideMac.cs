using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>The session MACs by vector kernels that work across the messages of a batch, and by the portable engine where a batch does not gain from that.</summary>
/// <typeparam name="TWidth">The width; the processor must have it.</typeparam>
/// <remarks>
/// Shape:   messages of one length that follow each other are fastest.
/// Threads: stateless but for the portable engine's hasher a thread.
/// Cost:    no allocation after a thread's first call; about 20 KiB of stack, erased of keys after use.
/// Source:  [WIRE §6].
/// </remarks>
public readonly struct WideMac<TWidth> : IMacEngine
    where TWidth : struct, IKernelWidth
{
    // Below, a lane of the narrowest kernel costs more than one message after the other.
    private const int FewestBlake3 = 2;

    /// <summary>Fewer messages of suite 1 go to the platform's HMAC.</summary>
    internal const int FewestHmac = 3;

    /// <inheritdoc/>
    public int PreparedKeyBytes(MacSuite suite) => default(KernelMac<TWidth>).PreparedKeyBytes(suite);

    /// <inheritdoc/>
    public void PrepareKey(MacSuite suite, ReadOnlySpan<byte> key, Span<byte> prepared) => default(KernelMac<TWidth>).PrepareKey(suite, key, prepared);

    /// <inheritdoc/>
    public void Compute(
        MacSuite suite, ReadOnlySpan<byte> preparedKey, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        bool gains = suite == MacSuite.Blake3 ? items.Length >= FewestBlake3 && AreShort(items) : items.Length >= FewestHmac;
        if (gains)
        {
            default(KernelMac<TWidth>).Compute(suite, preparedKey, data, items, macs);
            return;
        }

        MacBatch.Require(suite, preparedKey, PreparedKeyBytes(suite), data, items, macs);
        default(PortableMac).Compute(suite, preparedKey[..CryptoSizes.KeyBytes], data, items, macs);
    }

    private static bool AreShort(ReadOnlySpan<MacItem> items)
    {
        foreach (ref readonly MacItem item in items)
        {
            if (item.Bytes > Blake3Macs.MessageBytesMax) return false;
        }

        return true;
    }
}
