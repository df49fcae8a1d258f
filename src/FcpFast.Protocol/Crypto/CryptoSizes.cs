namespace FcpFast.Protocol.Crypto;

/// <summary>Sizes of keys, nonces and tags, in bytes.</summary>
public static class CryptoSizes
{
    /// <summary>Every symmetric key, X25519 key, Ed25519 seed and public key.</summary>
    public const int KeyBytes = 32;

    /// <summary>The Poly1305 tag.</summary>
    public const int TagBytes = 16;

    /// <summary>A session MAC, the first bytes of its hash.</summary>
    public const int MacBytes = 16;

    /// <summary>An Ed25519 signature.</summary>
    public const int SignatureBytes = 64;

    /// <summary>A SHA-256 or BLAKE3 hash.</summary>
    public const int HashBytes = 32;

    /// <summary>Nonce of ChaCha20-Poly1305.</summary>
    public const int ChaChaNonceBytes = 12;

    /// <summary>Nonce of XChaCha20-Poly1305.</summary>
    public const int XChaChaNonceBytes = 24;

    /// <summary>The nonce length of <paramref name="algorithm"/>.</summary>
    public static int NonceBytes(AeadAlgorithm algorithm) =>
        algorithm == AeadAlgorithm.XChaCha20Poly1305 ? XChaChaNonceBytes : ChaChaNonceBytes;
}
