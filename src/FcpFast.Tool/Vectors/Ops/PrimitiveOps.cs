using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family primitives.</summary>
internal static class PrimitiveOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["blake3_keyed"] = Blake3Keyed;
        ops["hkdf_sha256"] = inputs => HkdfSha256(inputs, crypto.Kdf);
        ops["aead_seal"] = inputs => AeadSeal(inputs, crypto.Aead);
        ops["x25519_public"] = inputs => X25519Public(inputs, crypto.KeyExchange);
        ops["x25519_shared"] = inputs => X25519Shared(inputs, crypto.KeyExchange);
        ops["ed25519_public"] = inputs => Ed25519Public(inputs, crypto.Signatures);
        ops["ed25519_sign"] = inputs => Ed25519Sign(inputs, crypto.Signatures);
    }

    /// <summary>The algorithm that the vectors call by this name.</summary>
    public static AeadAlgorithm Algorithm(string name) => name switch
    {
        "chacha20poly1305" => AeadAlgorithm.ChaCha20Poly1305,
        "xchacha20poly1305" => AeadAlgorithm.XChaCha20Poly1305,
        _ => throw new VectorFormatException($"unknown algorithm '{name}'"),
    };

    private static VectorResult Blake3Keyed(VectorInputs inputs)
    {
        byte[] hash = new byte[CryptoSizes.HashBytes];
        var hasher = new Blake3Hasher();
        hasher.Reset(inputs.Bytes("key"));
        hasher.Update(inputs.Bytes("data"));
        hasher.Finish(hash);
        return new VectorResult().Bytes("hash", hash);
    }

    private static VectorResult HkdfSha256(VectorInputs inputs, IKdf kdf)
    {
        byte[] output = new byte[inputs.Int("length")];
        kdf.Derive(inputs.Bytes("salt"), inputs.Bytes("ikm"), inputs.Bytes("info"), output);
        return new VectorResult().Bytes("okm", output);
    }

    private static VectorResult AeadSeal(VectorInputs inputs, IAeadEngine aead)
    {
        byte[] plaintext = inputs.Bytes("plaintext"), sealedBytes = new byte[plaintext.Length + CryptoSizes.TagBytes];
        aead.SealOne(
            Algorithm(inputs.Text("algorithm")), inputs.Bytes("key"), inputs.Bytes("nonce"), inputs.Bytes("aad"), plaintext, sealedBytes);
        return new VectorResult().Bytes("ciphertext_tag", sealedBytes);
    }

    private static VectorResult X25519Public(VectorInputs inputs, IKeyExchange exchange)
    {
        byte[] key = new byte[CryptoSizes.KeyBytes];
        exchange.DerivePublicKey(inputs.Bytes("secret"), key);
        return new VectorResult().Bytes("public", key);
    }

    private static VectorResult X25519Shared(VectorInputs inputs, IKeyExchange exchange)
    {
        byte[] shared = new byte[CryptoSizes.KeyBytes];
        return exchange.TryAgree(inputs.Bytes("secret"), inputs.Bytes("peer_public"), shared)
            ? new VectorResult().Bytes("shared", shared)
            : VectorResult.Refused(FcpStatus.InvalidPublicKey);
    }

    private static VectorResult Ed25519Public(VectorInputs inputs, ISignatures signatures)
    {
        byte[] key = new byte[CryptoSizes.KeyBytes];
        signatures.DerivePublicKey(inputs.Bytes("seed"), key);
        return new VectorResult().Bytes("public", key);
    }

    private static VectorResult Ed25519Sign(VectorInputs inputs, ISignatures signatures)
    {
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        signatures.Sign(inputs.Bytes("seed"), inputs.Bytes("message"), signature);
        return new VectorResult().Bytes("signature", signature);
    }
}
