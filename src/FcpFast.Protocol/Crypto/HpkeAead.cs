namespace FcpFast.Protocol.Crypto;

/// <summary>The AEAD of an HPKE suite, by its number in the registry.</summary>
/// <remarks>
/// Shape:  all suites here have the KEM DHKEM(X25519, HKDF-SHA256) and the KDF HKDF-SHA256; this is the part in which they differ.
/// Source: [RFC 9180 §7.3].
/// </remarks>
public enum HpkeAead : ushort
{
    /// <summary>Not chosen; never usable.</summary>
    Unset = 0,

    /// <summary>AES-128-GCM: MLS suite 1, for interoperability; sealing needs <see cref="CryptoProvider.Aes128Gcm"/>.</summary>
    Aes128Gcm = 1,

    /// <summary>ChaCha20-Poly1305: sealed boxes of FCP, MLS suite 3.</summary>
    ChaCha20Poly1305 = 3,

    /// <summary>No messages, only exported secrets.</summary>
    ExportOnly = 0xFFFF,
}
