namespace FcpFast.Mls;

/// <summary>The cipher suites that FcpFast speaks, by their numbers in the registry.</summary>
/// <remarks>Source: [RFC 9420 §17.1].</remarks>
public enum MlsCipherSuite : ushort
{
    /// <summary>Not chosen; never usable.</summary>
    Unset = 0,

    /// <summary>MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519: what every implementation has; for interoperability.</summary>
    X25519Aes128GcmSha256Ed25519 = 1,

    /// <summary>MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519: what zones use.</summary>
    X25519ChaCha20Poly1305Sha256Ed25519 = 3,
}
