using System;
using System.Security.Cryptography;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Mls.Crypto;

/// <summary>The functions of a cipher suite, with the labels that MLS puts before everything.</summary>
/// <remarks>
/// Shape:   secrets, hashes and MACs are 32 bytes in both suites.
/// Threads: stateless.
/// Source:  [RFC 9420 §5.1], [RFC 9420 §5.2], [RFC 9420 §8].
/// </remarks>
internal sealed class MlsCrypto
{
    public const int HashBytes = CryptoSizes.HashBytes;
    public const int NonceBytes = CryptoSizes.ChaChaNonceBytes;

    private readonly CryptoProvider _provider;
    private readonly HpkeAead _aead;

    public MlsCrypto(MlsCipherSuite suite, CryptoProvider provider)
    {
        if (!IsKnown(suite)) ThrowHelper.BadArgument(nameof(suite), "a cipher suite that is spoken here");
        Suite = suite;
        _provider = provider;
        _aead = suite == MlsCipherSuite.X25519Aes128GcmSha256Ed25519 ? HpkeAead.Aes128Gcm : HpkeAead.ChaCha20Poly1305;
    }

    public MlsCipherSuite Suite { get; }

    public IKeyVault Vault => _provider.Vault;

    public int KeyBytes => HpkeKeySchedule.KeyBytes(_aead);

    public static bool IsKnown(MlsCipherSuite suite) =>
        suite is MlsCipherSuite.X25519Aes128GcmSha256Ed25519 or MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519;

    public void Fill(Span<byte> bytes) => _provider.Random.Fill(bytes);

    public byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[HashBytes];
        _provider.Kdf.Hash(data, digest);
        return digest;
    }

    public byte[] Hash<T>(T value)
        where T : IMlsWritable
    {
        using var writer = new MlsWriter();
        value.Write(writer);
        return Hash(writer.Written);
    }

    public byte[] Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        byte[] mac = new byte[HashBytes];
        _provider.Kdf.Hmac(key, data, mac);
        return mac;
    }

    public void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> output) => _provider.Kdf.Extract(salt, inputKey, output);

    public void ExpandWithLabel(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        using var info = new MlsWriter();
        info.U16(checked((ushort)output.Length));
        info.Label(label);
        info.Vector(context);
        _provider.Kdf.Expand(secret, info.Written, output);
    }

    public void DeriveSecret(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, Span<byte> output) => ExpandWithLabel(secret, label, default, output);

    public void DeriveTreeSecret(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, uint generation, Span<byte> output)
    {
        Span<byte> context = stackalloc byte[sizeof(uint)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(context, generation);
        ExpandWithLabel(secret, label, context, output);
    }

    /// <summary>A derived secret of 32 bytes, in the vault.</summary>
    public SecretKey Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label) => Expand(secret, label, default);

    /// <summary>A derived secret of 32 bytes with a context, in the vault.</summary>
    public SecretKey Expand(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context)
    {
        Span<byte> derived = stackalloc byte[HashBytes];
        ExpandWithLabel(secret, label, context, derived);
        return Keep(derived);
    }

    /// <summary>Moves bytes into the vault and erases the caller's.</summary>
    public SecretKey Keep(Span<byte> secret)
    {
        SecretKey key = _provider.Vault.Import(secret);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    /// <summary>32 fresh secret bytes, in the vault.</summary>
    public SecretKey Draw()
    {
        Span<byte> secret = stackalloc byte[HashBytes];
        Fill(secret);
        return Keep(secret);
    }

    public byte[] RefHash(ReadOnlySpan<byte> label, ReadOnlySpan<byte> value)
    {
        using var input = new MlsWriter();
        input.Vector(label);
        input.Vector(value);
        return Hash(input.Written);
    }

    public byte[] SignWithLabel(SecretKey seed, ReadOnlySpan<byte> label, ReadOnlySpan<byte> content)
    {
        using MlsWriter message = Labelled(label, content);
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        using KeyLease lease = seed.Lease();
        Invariant.Require(lease.IsLive, "a signing key is live while it is used");
        _provider.Signatures.Sign(lease.Bytes, message.Written, signature);
        return signature;
    }

    public bool VerifyWithLabel(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != CryptoSizes.KeyBytes || signature.Length != CryptoSizes.SignatureBytes) return false;
        using MlsWriter message = Labelled(label, content);
        return _provider.Signatures.Verify(publicKey, message.Written, signature);
    }

    /// <summary>Encrypts to a public key; null if that is none.</summary>
    public HpkeCiphertext? EncryptWithLabel(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, ReadOnlySpan<byte> plaintext)
    {
        if (publicKey.Length != CryptoSizes.KeyBytes) return null;
        using MlsWriter info = Labelled(label, context);
        byte[] encapsulation = new byte[X25519Kem.EncapsulationBytes], ciphertext = new byte[plaintext.Length + CryptoSizes.TagBytes];
        return HpkeSingleShot.TrySeal(_provider, publicKey, info.Written, default, plaintext, encapsulation, ciphertext, _aead)
            ? new HpkeCiphertext(encapsulation, ciphertext)
            : null;
    }

    /// <summary>Opens what was encrypted to this secret; the caller erases the plaintext. Null if it does not open.</summary>
    public byte[]? DecryptWithLabel(SecretKey secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, HpkeCiphertext ciphertext)
    {
        if (ciphertext.Ciphertext.Length < CryptoSizes.TagBytes) return null;
        using MlsWriter info = Labelled(label, context);
        byte[] plaintext = new byte[ciphertext.Ciphertext.Length - CryptoSizes.TagBytes];
        using KeyLease lease = secret.Lease();
        Invariant.Require(lease.IsLive, "a private key is live while it is used");
        bool opened = HpkeSingleShot.TryOpen(
            _provider, lease.Bytes, info.Written, default, ciphertext.KemOutput, ciphertext.Ciphertext, plaintext, _aead);
        return opened ? plaintext : null;
    }

    /// <summary>A key pair from secret input; the secret half goes to the vault.</summary>
    public SecretKey DeriveKeyPair(ReadOnlySpan<byte> inputKey, out byte[] publicKey)
    {
        publicKey = new byte[CryptoSizes.KeyBytes];
        Span<byte> secret = stackalloc byte[CryptoSizes.KeyBytes];
        X25519Kem.DeriveKeyPair(_provider.Kdf, _provider.KeyExchange, inputKey, secret, publicKey);
        return Keep(secret);
    }

    /// <summary>A fresh key pair for HPKE.</summary>
    public SecretKey DrawKeyPair(out byte[] publicKey)
    {
        Span<byte> seed = stackalloc byte[HashBytes];
        Fill(seed);
        SecretKey secret = DeriveKeyPair(seed, out publicKey);
        CryptographicOperations.ZeroMemory(seed);
        return secret;
    }

    /// <summary>The public half of a secret for HPKE.</summary>
    public byte[] PublicOf(SecretKey secret)
    {
        byte[] publicKey = new byte[CryptoSizes.KeyBytes];
        using KeyLease lease = secret.Lease();
        if (lease.Bytes.Length == CryptoSizes.KeyBytes) _provider.KeyExchange.DerivePublicKey(lease.Bytes, publicKey);
        return publicKey;
    }

    /// <summary>The public half of a signing seed.</summary>
    public byte[] SignerOf(SecretKey seed)
    {
        byte[] publicKey = new byte[CryptoSizes.KeyBytes];
        using KeyLease lease = seed.Lease();
        if (lease.Bytes.Length == CryptoSizes.KeyBytes) _provider.Signatures.DerivePublicKey(lease.Bytes, publicKey);
        return publicKey;
    }

    public byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext)
    {
        byte[] ciphertext = new byte[plaintext.Length + CryptoSizes.TagBytes];
        HpkeCipher.Seal(_provider, _aead, key, nonce, associatedData, plaintext, ciphertext);
        return ciphertext;
    }

    /// <summary>Opens; the caller erases the plaintext. Null if the tag does not verify.</summary>
    public byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.Length < CryptoSizes.TagBytes) return null;
        byte[] plaintext = new byte[ciphertext.Length - CryptoSizes.TagBytes];
        return HpkeCipher.TryOpen(_provider, _aead, key, nonce, associatedData, ciphertext, plaintext) ? plaintext : null;
    }

    private static MlsWriter Labelled(ReadOnlySpan<byte> label, ReadOnlySpan<byte> content)
    {
        var writer = new MlsWriter();
        writer.Label(label);
        writer.Vector(content);
        return writer;
    }
}
