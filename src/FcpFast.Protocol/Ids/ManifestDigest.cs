using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Ids;

/// <summary>BLAKE3 of the whole canonical CBOR of a manifest or security profile.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §12.2].</remarks>
public readonly record struct ManifestDigest(Bytes32 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes32.Length;

    /// <summary>The digest of an encoded manifest or profile, signature included.</summary>
    public static ManifestDigest Of(ReadOnlySpan<byte> encoded)
    {
        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        Blake3Hasher.Hash([], encoded, hash);
        return new ManifestDigest(Bytes32.Read(hash));
    }

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Value.ToString();
}
