namespace FcpFast.Protocol.Crypto;

/// <summary>The seams of the control path, bound together once at start.</summary>
/// <param name="Random">The generator.</param>
/// <param name="Kdf">HKDF and HMAC.</param>
/// <param name="KeyExchange">X25519.</param>
/// <param name="Signatures">Ed25519.</param>
/// <param name="Vault">Guarded memory.</param>
/// <param name="Aead">The AEAD for single messages; the hot path takes its engine as a type parameter instead.</param>
/// <param name="Mac">The session MAC's key preparation and single MACs; the same engine as that of the hot path, which reads the prepared keys.</param>
/// <param name="Passwords">Argon2id.</param>
/// <param name="Blake3">What long inputs are hashed with; null for portable code.</param>
public sealed record CryptoProvider(
    IRandomSource Random, IKdf Kdf, IKeyExchange KeyExchange, ISignatures Signatures, IKeyVault Vault, IAeadEngine Aead, IMacEngine Mac,
    IPasswordKdf Passwords, IBlake3Engine? Blake3 = null)
{
    /// <summary>Makes a hasher for long inputs.</summary>
    public Blake3Hasher NewHasher() => new(Blake3);

    /// <summary>AES-128-GCM, where the platform has it: for suites that interoperability asks for, never for data of a zone.</summary>
    public IAes128Gcm? Aes128Gcm { get; init; }
}
