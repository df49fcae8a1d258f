using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>What every MAC engine requires of its arguments, proven once a batch.</summary>
public static class MacBatch
{
    /// <summary>Checks the arguments of <see cref="IMacEngine.PrepareKey"/>.</summary>
    /// <remarks>Errors: throws <see cref="ArgumentException"/> for an unknown suite or a wrong length.</remarks>
    public static void RequireKey(MacSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> prepared, int preparedBytes)
    {
        RequireSuite(suite);
        if (key.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(key), "a MAC key is 32 bytes");
        if (prepared.Length != preparedBytes) ThrowHelper.BadArgument(nameof(prepared), "a prepared key is as long as the engine says");
    }

    /// <summary>Checks the arguments of <see cref="IMacEngine.Compute"/>.</summary>
    /// <remarks>Errors: throws <see cref="ArgumentException"/> for an unknown suite, a wrong length or an item outside the data.</remarks>
    public static void Require(
        MacSuite suite, ReadOnlySpan<byte> preparedKey, int preparedBytes, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items,
        ReadOnlySpan<byte> macs)
    {
        RequireSuite(suite);
        if (preparedKey.Length != preparedBytes) ThrowHelper.BadArgument(nameof(preparedKey), "a prepared key is as long as the engine says");
        if (macs.Length != (long)items.Length * CryptoSizes.MacBytes) ThrowHelper.BadArgument(nameof(macs), "16 bytes an item");
        foreach (ref readonly MacItem item in items)
        {
            if (item.Bytes < 0 || item.Offset < 0 || item.Offset > data.Length || data.Length - item.Offset < item.Bytes)
            {
                ThrowHelper.BadArgument(nameof(items), "an item lies outside the data");
            }
        }
    }

    private static void RequireSuite(MacSuite suite)
    {
        if (suite is not (MacSuite.HmacSha256 or MacSuite.Blake3)) ThrowHelper.BadArgument(nameof(suite), "a suite is chosen");
    }
}
