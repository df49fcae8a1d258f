namespace FcpFast.Protocol.Crypto;

/// <summary>The seams of the control path, bound together once at start.</summary>
/// <param name="Random">The generator.</param>
/// <param name="Kdf">HKDF and HMAC.</param>
/// <param name="KeyExchange">X25519.</param>
/// <param name="Signatures">Ed25519.</param>
/// <param name="Vault">Guarded memory.</param>
/// <param name="Aead">The AEAD for single messages; the hot path takes its engine as a type parameter instead.</param>
/// <param name="Mac">The session MAC's key preparation and single MACs; as for <paramref name="Aead"/>.</param>
public sealed record CryptoProvider(
    IRandomSource Random, IKdf Kdf, IKeyExchange KeyExchange, ISignatures Signatures, IKeyVault Vault, IAeadEngine Aead, IMacEngine Mac);
