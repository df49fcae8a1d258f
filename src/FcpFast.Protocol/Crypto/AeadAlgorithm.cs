namespace FcpFast.Protocol.Crypto;

/// <summary>The AEAD of a zone key. It belongs to the key, never to a frame.</summary>
/// <remarks>Source: [WIRE §5], [WIRE §11.2].</remarks>
public enum AeadAlgorithm : byte
{
    /// <summary>Not chosen; never usable.</summary>
    Unset = 0,

    /// <summary>ChaCha20-Poly1305 of RFC 8439, nonce of 12 bytes.</summary>
    ChaCha20Poly1305 = 1,

    /// <summary>XChaCha20-Poly1305, nonce of 24 bytes.</summary>
    XChaCha20Poly1305 = 2,
}
