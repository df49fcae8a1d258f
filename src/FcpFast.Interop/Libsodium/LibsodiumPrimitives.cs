using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Libsodium;

/// <summary>HKDF, HMAC, SHA-256, X25519, Ed25519 and randomness by libsodium.</summary>
/// <remarks>Threads: stateless. Cost: no allocation.</remarks>
public sealed class LibsodiumPrimitives : IKdf, IKeyExchange, ISignatures, IRandomSource
{
    private const int HmacStateBytesMax = 512; // the start-up gate compares it with the library's own figure
    private const int SecretSigningKeyBytes = 64;

    /// <inheritdoc/>
    public unsafe void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> pseudoRandomKey)
    {
        RequireLength(pseudoRandomKey, CryptoSizes.HashBytes, nameof(pseudoRandomKey));

        // SAFETY: lengths are those of the fixed spans.
        fixed (byte* output = pseudoRandomKey, s = salt, ikm = inputKey)
        {
            int result = Libsodium.crypto_kdf_hkdf_sha256_extract(output, s, (nuint)salt.Length, ikm, (nuint)inputKey.Length);
            Invariant.Require(result == 0, "HKDF-Extract succeeds");
        }
    }

    /// <inheritdoc/>
    public unsafe void Expand(ReadOnlySpan<byte> pseudoRandomKey, ReadOnlySpan<byte> info, Span<byte> output)
    {
        RequireLength(pseudoRandomKey, CryptoSizes.HashBytes, nameof(pseudoRandomKey));
        if (output.Length > 255 * CryptoSizes.HashBytes) ThrowHelper.BadArgument(nameof(output), "HKDF gives at most 8,160 bytes");

        // SAFETY: lengths are those of the fixed spans.
        fixed (byte* prk = pseudoRandomKey, context = info, o = output)
        {
            int result = Libsodium.crypto_kdf_hkdf_sha256_expand(o, (nuint)output.Length, context, (nuint)info.Length, prk);
            Invariant.Require(result == 0, "HKDF-Expand succeeds");
        }
    }

    /// <inheritdoc/>
    public unsafe void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        RequireLength(mac, CryptoSizes.HashBytes, nameof(mac));
        byte* state = stackalloc byte[HmacStateBytesMax];

        // SAFETY: the gate proved that the state fits; lengths are those of the fixed spans.
        fixed (byte* k = key, d = data, m = mac)
        {
            int result = Libsodium.crypto_auth_hmacsha256_init(state, k, (nuint)key.Length)
                | Libsodium.crypto_auth_hmacsha256_update(state, d, (ulong)data.Length)
                | Libsodium.crypto_auth_hmacsha256_final(state, m);
            Libsodium.sodium_memzero(state, HmacStateBytesMax);
            Invariant.Require(result == 0, "HMAC succeeds");
        }
    }

    /// <inheritdoc/>
    public unsafe void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        RequireLength(digest, CryptoSizes.HashBytes, nameof(digest));

        // SAFETY: the digest is 32 bytes, the length that of the fixed span.
        fixed (byte* d = data, h = digest)
        {
            int result = Libsodium.crypto_hash_sha256(h, d, (ulong)data.Length);
            Invariant.Require(result == 0, "SHA-256 succeeds");
        }
    }

    /// <inheritdoc/>
    unsafe void IKeyExchange.DerivePublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey)
    {
        RequireLength(secret, CryptoSizes.KeyBytes, nameof(secret));
        RequireLength(publicKey, CryptoSizes.KeyBytes, nameof(publicKey));

        // SAFETY: both spans are 32 bytes.
        fixed (byte* n = secret, q = publicKey)
        {
            int result = Libsodium.crypto_scalarmult_curve25519_base(q, n);
            Invariant.Require(result == 0, "X25519 of the base point succeeds");
        }
    }

    /// <inheritdoc/>
    public unsafe bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret)
    {
        RequireLength(secret, CryptoSizes.KeyBytes, nameof(secret));
        RequireLength(peerPublicKey, CryptoSizes.KeyBytes, nameof(peerPublicKey));
        RequireLength(sharedSecret, CryptoSizes.KeyBytes, nameof(sharedSecret));
        int result;

        // SAFETY: all three spans are 32 bytes.
        fixed (byte* n = secret, p = peerPublicKey, q = sharedSecret) result = Libsodium.crypto_scalarmult_curve25519(q, n, p);

        // The second comparison is our own, and like libsodium's it takes the same time for every secret.
        bool nonZero = result == 0 & !CryptographicOperations.FixedTimeEquals(sharedSecret, stackalloc byte[CryptoSizes.KeyBytes]);
        if (!nonZero) sharedSecret.Clear();
        return nonZero;
    }

    /// <inheritdoc/>
    unsafe void ISignatures.DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        RequireLength(seed, CryptoSizes.KeyBytes, nameof(seed));
        RequireLength(publicKey, CryptoSizes.KeyBytes, nameof(publicKey));
        byte* secretKey = stackalloc byte[SecretSigningKeyBytes];

        // SAFETY: both spans are 32 bytes, the secret key 64.
        fixed (byte* s = seed, pk = publicKey)
        {
            int result = Libsodium.crypto_sign_ed25519_seed_keypair(pk, secretKey, s);
            Libsodium.sodium_memzero(secretKey, SecretSigningKeyBytes);
            Invariant.Require(result == 0, "Ed25519 derives a public key");
        }
    }

    /// <inheritdoc/>
    public unsafe void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        RequireLength(seed, CryptoSizes.KeyBytes, nameof(seed));
        RequireLength(signature, CryptoSizes.SignatureBytes, nameof(signature));
        byte* secretKey = stackalloc byte[SecretSigningKeyBytes];
        byte* publicKey = stackalloc byte[CryptoSizes.KeyBytes];

        // SAFETY: lengths are those of the fixed spans; the buffers are as long as libsodium says (checked by the gate).
        fixed (byte* s = seed, m = message, sig = signature)
        {
            int result = Libsodium.crypto_sign_ed25519_seed_keypair(publicKey, secretKey, s)
                | Libsodium.crypto_sign_ed25519_detached(sig, null, m, (ulong)message.Length, secretKey);
            Libsodium.sodium_memzero(secretKey, SecretSigningKeyBytes);
            Invariant.Require(result == 0, "Ed25519 signs");
        }
    }

    /// <inheritdoc/>
    public unsafe bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != CryptoSizes.KeyBytes || signature.Length != CryptoSizes.SignatureBytes) return false;

        // SAFETY: lengths are those of the fixed spans.
        fixed (byte* pk = publicKey, m = message, sig = signature)
        {
            return Libsodium.crypto_sign_ed25519_verify_detached(sig, m, (ulong)message.Length, pk) == 0;
        }
    }

    /// <inheritdoc/>
    public unsafe void Fill(Span<byte> bytes)
    {
        // SAFETY: the length is that of the fixed span.
        fixed (byte* b = bytes) Libsodium.randombytes_buf(b, (nuint)bytes.Length);
    }

    /// <summary>The constants that this class relies on, for the start-up gate: name, expected, found.</summary>
    internal static (string Name, nuint Expected, nuint Found)[] Constants() =>
    [
        ("crypto_aead_chacha20poly1305_ietf_npubbytes", CryptoSizes.ChaChaNonceBytes, Libsodium.crypto_aead_chacha20poly1305_ietf_npubbytes()),
        ("crypto_aead_chacha20poly1305_ietf_abytes", CryptoSizes.TagBytes, Libsodium.crypto_aead_chacha20poly1305_ietf_abytes()),
        ("crypto_aead_xchacha20poly1305_ietf_npubbytes", CryptoSizes.XChaChaNonceBytes, Libsodium.crypto_aead_xchacha20poly1305_ietf_npubbytes()),
        ("crypto_aead_xchacha20poly1305_ietf_abytes", CryptoSizes.TagBytes, Libsodium.crypto_aead_xchacha20poly1305_ietf_abytes()),
        ("crypto_sign_ed25519_secretkeybytes", SecretSigningKeyBytes, Libsodium.crypto_sign_ed25519_secretkeybytes()),
        ("crypto_auth_hmacsha256_statebytes at most 512", 0, Libsodium.crypto_auth_hmacsha256_statebytes() > HmacStateBytesMax ? 1u : 0u),
    ];

    private static void RequireLength(ReadOnlySpan<byte> span, int bytes, string parameter)
    {
        if (span.Length != bytes) ThrowHelper.BadArgument(parameter, $"{bytes} bytes are expected");
    }
}
