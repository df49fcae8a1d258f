using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>Ed25519, pure, verified strictly.</summary>
/// <remarks>Source: [WIRE §2.7], [RFC 8032 §5.1].</remarks>
public interface ISignatures
{
    /// <summary>The public key of a 32-byte seed.</summary>
    void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey);

    /// <summary>Signs <paramref name="message"/>; the signature takes 64 bytes.</summary>
    void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature);

    /// <summary>True if the signature is right and canonical: S below the order, A canonical, neither A nor R of small order.</summary>
    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
