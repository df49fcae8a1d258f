using System;
using System.Security.Cryptography;

namespace FcpFast.Protocol.Crypto;

/// <summary>The session MACs by the platform's HMAC and by portable BLAKE3, one message after the other.</summary>
/// <remarks>
/// Threads: any; each thread keeps one hasher, erased of its key after every batch.
/// Cost:    no allocation after a thread's first call.
/// Source:  [WIRE §6].
/// </remarks>
public readonly struct PortableMac : IMacEngine
{
    [ThreadStatic]
    private static Blake3Hasher? _hasher;

    /// <inheritdoc/>
    public int PreparedKeyBytes(MacSuite suite) => CryptoSizes.KeyBytes;

    /// <inheritdoc/>
    public void PrepareKey(MacSuite suite, ReadOnlySpan<byte> key, Span<byte> prepared)
    {
        MacBatch.RequireKey(suite, key, prepared, CryptoSizes.KeyBytes);
        key.CopyTo(prepared);
    }

    /// <inheritdoc/>
    public void Compute(
        MacSuite suite, ReadOnlySpan<byte> preparedKey, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        MacBatch.Require(suite, preparedKey, CryptoSizes.KeyBytes, data, items, macs);
        if (suite == MacSuite.Blake3) ComputeBlake3(preparedKey, data, items, macs);
        else ComputeHmac(preparedKey, data, items, macs);
    }

    private static void ComputeBlake3(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        Blake3Hasher hasher = _hasher ??= new Blake3Hasher();
        for (int i = 0; i < items.Length; i++)
        {
            hasher.Reset(key);
            hasher.Update(data.Slice(items[i].Offset, items[i].Bytes));
            hasher.Finish(macs.Slice(i * CryptoSizes.MacBytes, CryptoSizes.MacBytes));
        }

        hasher.Erase();
    }

    private static void ComputeHmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        Span<byte> mac = stackalloc byte[CryptoSizes.HashBytes];
        for (int i = 0; i < items.Length; i++)
        {
            HMACSHA256.HashData(key, data.Slice(items[i].Offset, items[i].Bytes), mac);
            mac[..CryptoSizes.MacBytes].CopyTo(macs[(i * CryptoSizes.MacBytes)..]);
        }

        mac.Clear();
    }
}
