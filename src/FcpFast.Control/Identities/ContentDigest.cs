using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>BLAKE3 of the bytes that the owner signed: what a manifest or profile says, whatever its unsigned fields hold.</summary>
/// <param name="Value">The bytes.</param>
/// <remarks>
/// The signer's name and time stand outside the signature, so anyone on the way can change them and with them the <see cref="ManifestDigest"/>.
/// Whether two objects are the same is therefore decided by this digest, or a relay could make one manifest look like two.
/// Source: [WIRE §11.4], [WIRE §12.2].
/// </remarks>
public readonly record struct ContentDigest(Bytes32 Value)
{
    /// <summary>The digest of signing bytes.</summary>
    public static ContentDigest Of(ReadOnlySpan<byte> signingBytes)
    {
        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        Blake3Hasher.Hash([], signingBytes, hash);
        return new ContentDigest(Bytes32.Read(hash));
    }

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Value.ToString();
}
