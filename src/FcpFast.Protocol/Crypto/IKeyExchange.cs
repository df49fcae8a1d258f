using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>X25519.</summary>
/// <remarks>Source: [RFC 7748 §5].</remarks>
public interface IKeyExchange
{
    /// <summary>The public key of a secret; both 32 bytes.</summary>
    void DerivePublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey);

    /// <summary>The shared secret, or false (and zeroes) when it is all zero and so known to everyone.</summary>
    /// <remarks>Source: [WIRE §7.6] (<c>InvalidPublicKey</c>), [RFC 7748 §6.1].</remarks>
    bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret);
}
