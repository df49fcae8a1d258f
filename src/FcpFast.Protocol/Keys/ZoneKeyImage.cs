using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>A zone key as it is stored or handed over.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Algorithm">Its AEAD.</param>
/// <param name="SealsFromUnixSeconds">From when on it seals.</param>
/// <param name="ErasedAtUnixSeconds">When it is erased; null while it is the newest.</param>
/// <param name="Key">A copy of the key; null if it ratchets.</param>
/// <param name="Epochs">Its epoch chain; null if it does not ratchet.</param>
/// <param name="OnlyEpoch">The one epoch of a group that it serves; null in a zone whose epochs are the clock's.</param>
public sealed record ZoneKeyImage(
    ZoneKeyId Id, AeadAlgorithm Algorithm, ulong SealsFromUnixSeconds, ulong? ErasedAtUnixSeconds, SecretKey? Key, EpochChainImage? Epochs,
    EpochId? OnlyEpoch = null) : IDisposable
{
    /// <summary>Erases the copies.</summary>
    public void Dispose()
    {
        Key?.Dispose();
        Epochs?.Dispose();
    }
}
