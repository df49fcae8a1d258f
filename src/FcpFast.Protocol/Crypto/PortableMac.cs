using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>The session MACs by the platform's HMAC, one message after the other, and by the portable BLAKE3, eight equal messages abreast.</summary>
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
        if (key.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(key), "a MAC key is 32 bytes");
        if (prepared.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(prepared), "a prepared key is 32 bytes");
        RequireSuite(suite);
        key.CopyTo(prepared);
    }

    /// <inheritdoc/>
    public void Compute(
        MacSuite suite, ReadOnlySpan<byte> preparedKey, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        RequireSuite(suite);
        if (preparedKey.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(preparedKey), "a MAC key is 32 bytes");
        if (macs.Length != (long)items.Length * CryptoSizes.MacBytes) ThrowHelper.BadArgument(nameof(macs), "16 bytes an item");
        foreach (ref readonly MacItem item in items)
        {
            if (item.Bytes < 0 || item.Offset < 0 || item.Offset > data.Length || data.Length - item.Offset < item.Bytes)
            {
                ThrowHelper.BadArgument(nameof(items), "an item lies outside the data");
            }
        }

        if (suite == MacSuite.Blake3) ComputeBlake3(preparedKey, data, items, macs);
        else ComputeHmac(preparedKey, data, items, macs);
    }

    private static void RequireSuite(MacSuite suite)
    {
        if (suite is not (MacSuite.HmacSha256 or MacSuite.Blake3)) ThrowHelper.BadArgument(nameof(suite), "a suite is chosen");
    }

    private static void ComputeBlake3(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        int done = Blake3Lanes.IsWorthwhile ? ComputeAbreast(key, data, items, macs) : 0;
        Blake3Hasher hasher = _hasher ??= new Blake3Hasher();
        for (int i = done; i < items.Length; i++)
        {
            hasher.Reset(key);
            hasher.Update(data.Slice(items[i].Offset, items[i].Bytes));
            hasher.Finish(macs.Slice(i * CryptoSizes.MacBytes, CryptoSizes.MacBytes));
        }

        hasher.Erase();
    }

    /// <summary>Takes eight messages at a time while they are of one length, not too long, and evenly spaced; returns how many it took.</summary>
    private static int ComputeAbreast(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        Span<uint> words = stackalloc uint[Blake3Core.WordsPerKey];
        Span<uint> hashes = stackalloc uint[Blake3Lanes.Count * Blake3Core.WordsPerKey];
        for (int i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
        int first = 0;
        for (; items.Length - first >= Blake3Lanes.Count && AreAbreast(items.Slice(first, Blake3Lanes.Count)); first += Blake3Lanes.Count)
        {
            MacItem item = items[first];
            Blake3Lanes.HashMessages(
                data, item.Offset, items[first + 1].Offset - item.Offset, item.Bytes, words, Blake3Core.KeyedHash, hashes);
            for (int lane = 0; lane < Blake3Lanes.Count; lane++)
            {
                Span<byte> mac = macs.Slice((first + lane) * CryptoSizes.MacBytes, CryptoSizes.MacBytes);
                ReadOnlySpan<uint> hash = hashes[(lane * Blake3Core.WordsPerKey)..];
                for (int i = 0; i < CryptoSizes.MacBytes / sizeof(uint); i++) BinaryPrimitives.WriteUInt32LittleEndian(mac[(4 * i)..], hash[i]);
            }
        }

        words.Clear();
        hashes.Clear();
        return first;
    }

    private static bool AreAbreast(ReadOnlySpan<MacItem> items)
    {
        int stride = items[1].Offset - items[0].Offset;
        if (items[0].Bytes is < 1 or > 2 * Blake3Core.ChunkBytes || stride < 0) return false;
        for (int i = 1; i < items.Length; i++)
        {
            if (items[i].Bytes != items[0].Bytes || items[i].Offset - items[i - 1].Offset != stride) return false;
        }

        return true;
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
