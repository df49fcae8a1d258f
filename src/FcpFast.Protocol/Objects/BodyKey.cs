using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>What seals and opens the bodies of one stream.</summary>
/// <remarks>
/// Shape:  a view of the subkey in guarded memory, made by <see cref="Keys.SymbolCipher.DeriveControlKey"/> from the zone key (or epoch
///         key), the source and its instance; the algorithm is the zone key's.
/// Source: [WIRE §16.8].
/// </remarks>
public readonly ref struct BodyKey
{
    /// <summary>Puts the three together.</summary>
    /// <param name="zoneKeyId">The zone key that the subkey was derived from.</param>
    /// <param name="algorithm">That zone key's AEAD.</param>
    /// <param name="controlKey">The subkey, 32 bytes.</param>
    public BodyKey(ZoneKeyId zoneKeyId, AeadAlgorithm algorithm, ReadOnlySpan<byte> controlKey)
    {
        if (algorithm == AeadAlgorithm.Unset) ThrowHelper.BadArgument(nameof(algorithm), "the zone key's algorithm");
        if (controlKey.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(controlKey), "a subkey is 32 bytes");
        ZoneKeyId = zoneKeyId;
        Algorithm = algorithm;
        ControlKey = controlKey;
    }

    /// <summary>The zone key that the subkey was derived from.</summary>
    public ZoneKeyId ZoneKeyId { get; }

    /// <summary>That zone key's AEAD.</summary>
    public AeadAlgorithm Algorithm { get; }

    /// <summary>The subkey, 32 bytes.</summary>
    public ReadOnlySpan<byte> ControlKey { get; }
}
