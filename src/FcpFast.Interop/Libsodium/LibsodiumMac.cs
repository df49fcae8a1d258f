using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Libsodium;

/// <summary>The session MACs by libsodium's HMAC and by portable BLAKE3, one message after the other: what other engines are held against at start.</summary>
/// <remarks>
/// Shape:   the platform's HMAC is faster and brings OpenSSL into the process, 4 MiB and some 30 ms that a node without suite 1 never needs.
/// Threads: any.
/// Cost:    no allocation after a thread's first call.
/// Source:  [WIRE §6], [libsodium crypto_auth_hmacsha256.h].
/// </remarks>
public readonly struct LibsodiumMac : IMacEngine
{
    private static readonly LibsodiumPrimitives s_primitives = new();

    /// <inheritdoc/>
    public int PreparedKeyBytes(MacSuite suite) => CryptoSizes.KeyBytes;

    /// <inheritdoc/>
    public void PrepareKey(MacSuite suite, ReadOnlySpan<byte> key, Span<byte> prepared)
    {
        MacBatch.RequireKey(suite, key, prepared, CryptoSizes.KeyBytes);
        key.CopyTo(prepared);
    }

    /// <inheritdoc/>
    public void Compute(MacSuite suite, ReadOnlySpan<byte> preparedKey, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        if (suite == MacSuite.Blake3)
        {
            default(PortableMac).Compute(suite, preparedKey, data, items, macs);
            return;
        }

        MacBatch.Require(suite, preparedKey, CryptoSizes.KeyBytes, data, items, macs);
        Span<byte> mac = stackalloc byte[CryptoSizes.HashBytes];
        for (int i = 0; i < items.Length; i++)
        {
            s_primitives.Hmac(preparedKey, data.Slice(items[i].Offset, items[i].Bytes), mac);
            mac[..CryptoSizes.MacBytes].CopyTo(macs[(i * CryptoSizes.MacBytes)..]);
        }

        mac.Clear();
    }
}
