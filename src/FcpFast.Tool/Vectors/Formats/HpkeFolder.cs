using System;
using System.Collections.Generic;
using System.Text.Json;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>The folder <c>hpke</c>: RFC 9180's own vectors for DHKEM(X25519, HKDF-SHA256), in their own form.</summary>
/// <remarks>
/// Shape:  a case is one step of the KEM, one key schedule, one export, one encryption, or one exchange through all numbers.
/// Source: <c>vectors/hpke/README.md</c>, [RFC 9180 §A].
/// </remarks>
internal sealed class HpkeFolder(CryptoProvider crypto) : IVectorFormat
{
    private const string Family = "hpke";
    private const string AesOp = "hpke_aes128gcm";
    private const ushort HkdfSha256 = 0x0001;

    public bool PassesOver(string fileName) => false;

    public IEnumerable<VectorCase> Read(string stem, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array) throw new VectorFormatException("it is no array of setups");
        int index = 0;
        foreach (JsonElement item in root.EnumerateArray())
        {
            var setup = new VectorInputs(item);
            string name = $"{stem} {index++}";
            if (setup.UInt("kem_id") != X25519Kem.Id) throw new VectorFormatException($"{name} has another KEM");
            yield return Known("hpke_derive", $"{name} ephemeral key", () => Derive(setup, "ikmE", "skEm", "pkEm"));
            yield return Known("hpke_derive", $"{name} recipient key", () => Derive(setup, "ikmR", "skRm", "pkRm"));
            yield return Known("hpke_encap", $"{name} encapsulation", () => Encapsulate(setup));
            yield return Known("hpke_decap", $"{name} decapsulation", () => Decapsulate(setup));
            if (!setup.Has("info")) continue; // the KEM's part alone
            foreach (VectorCase vector in ReadSchedule(setup, name)) yield return vector;
        }
    }

    private IEnumerable<VectorCase> ReadSchedule(VectorInputs setup, string name)
    {
        var aead = (HpkeAead)setup.UInt("aead_id");
        bool known = aead is HpkeAead.Aes128Gcm or HpkeAead.ChaCha20Poly1305 or HpkeAead.ExportOnly;
        if (!known || setup.UInt("kdf_id") != HkdfSha256 || setup.Int("mode") != 0)
        {
            throw new VectorFormatException($"{name} is of another suite or mode");
        }

        yield return Known("hpke_schedule", $"{name} key schedule", () => Schedule(setup, aead));
        foreach (VectorInputs export in setup.Objects("exports"))
        {
            yield return Known("hpke_export", $"{name} export '{export.Text("exporter_context")}'", () => Export(setup, export, aead));
        }

        VectorInputs[] encryptions = setup.Objects("encryptions");
        foreach (VectorInputs encryption in encryptions)
        {
            string encryptionName = $"{name} encryption {encryption.ULong("seq")}";
            yield return Known(aead == HpkeAead.Aes128Gcm ? AesOp : "hpke_encrypt", encryptionName, () => Encrypt(setup, encryption, aead));
        }

        if (aead != HpkeAead.ExportOnly) yield return Known("hpke_exchange", $"{name} exchange", () => Exchange(setup, encryptions, aead));
    }

    private static VectorCase Known(string op, string name, Func<string?> judge) => new(Family, op, name, VectorStanding.Known, judge);

    private string? Derive(VectorInputs setup, string inputKey, string secretName, string publicName)
    {
        byte[] secret = new byte[CryptoSizes.KeyBytes], publicKey = new byte[CryptoSizes.KeyBytes];
        X25519Kem.DeriveKeyPair(crypto.Kdf, crypto.KeyExchange, setup.Bytes(inputKey), secret, publicKey);
        return Difference(setup, secretName, secret) ?? Difference(setup, publicName, publicKey);
    }

    private string? Encapsulate(VectorInputs setup)
    {
        byte[] encapsulation = new byte[X25519Kem.EncapsulationBytes], shared = new byte[X25519Kem.SharedSecretBytes];
        bool agreed = X25519Kem.TryEncapsulate(
            crypto.Kdf, crypto.KeyExchange, setup.Bytes("ikmE"), setup.Bytes("pkRm"), encapsulation, shared);
        return agreed ? Difference(setup, "enc", encapsulation) ?? Difference(setup, "shared_secret", shared) : "the keys do not agree";
    }

    private string? Decapsulate(VectorInputs setup)
    {
        byte[] shared = new byte[X25519Kem.SharedSecretBytes];
        bool agreed = X25519Kem.TryDecapsulate(crypto.Kdf, crypto.KeyExchange, setup.Bytes("skRm"), setup.Bytes("enc"), shared);
        return agreed ? Difference(setup, "shared_secret", shared) : "the keys do not agree";
    }

    private string? Schedule(VectorInputs setup, HpkeAead aead)
    {
        byte[] key = new byte[HpkeKeySchedule.KeyBytes(aead)], nonce = new byte[HpkeKeySchedule.NonceBytes(aead)];
        byte[] exporter = new byte[HpkeKeySchedule.ExporterSecretBytes];
        HpkeKeySchedule.Derive(crypto.Kdf, aead, setup.Bytes("shared_secret"), setup.Bytes("info"), key, nonce, exporter);
        return Difference(setup, "key", key) ?? Difference(setup, "base_nonce", nonce) ?? Difference(setup, "exporter_secret", exporter);
    }

    private string? Export(VectorInputs setup, VectorInputs export, HpkeAead aead)
    {
        byte[] exported = new byte[export.Int("L")];
        HpkeKeySchedule.Export(crypto.Kdf, aead, setup.Bytes("exporter_secret"), export.Bytes("exporter_context"), exported);
        return Difference(export, "exported_value", exported);
    }

    private string? Encrypt(VectorInputs setup, VectorInputs encryption, HpkeAead aead)
    {
        byte[] nonce = new byte[HpkeKeySchedule.NonceBytes(aead)];
        HpkeKeySchedule.WriteNonce(setup.Bytes("base_nonce"), encryption.ULong("seq"), nonce);
        byte[] plaintext = encryption.Bytes("pt"), ciphertext = new byte[plaintext.Length + CryptoSizes.TagBytes];
        HpkeCipher.Seal(crypto, aead, setup.Bytes("key"), nonce, encryption.Bytes("aad"), plaintext, ciphertext);
        return Difference(encryption, "nonce", nonce) ?? Difference(encryption, "ct", ciphertext);
    }

    /// <summary>Goes through both ends of a real exchange; numbers that the list leaves out are spent on empty messages.</summary>
    private string? Exchange(VectorInputs setup, VectorInputs[] encryptions, HpkeAead aead)
    {
        byte[] encapsulation = new byte[X25519Kem.EncapsulationBytes], skipped = new byte[CryptoSizes.TagBytes];
        CryptoProvider scripted = crypto with { Random = new ScriptedRandom([setup.Bytes("ikmE")]) };
        using HpkeContext? sender = HpkeContext.Send(scripted, setup.Bytes("pkRm"), setup.Bytes("info"), encapsulation, aead);
        using HpkeContext? receiver = HpkeContext.Receive(crypto, setup.Bytes("skRm"), setup.Bytes("enc"), setup.Bytes("info"), aead);
        if (sender is null || receiver is null) return "the keys do not agree";
        foreach (VectorInputs encryption in encryptions)
        {
            ulong sequence = encryption.ULong("seq");
            if (sequence < sender.Sequence) throw new VectorFormatException("encryptions do not ascend");
            while (sender.Sequence < sequence)
            {
                sender.Seal([], [], skipped);
                if (!receiver.TryOpen([], skipped, [])) return $"message {receiver.Sequence} does not open";
            }

            byte[] plaintext = encryption.Bytes("pt"), opened = new byte[plaintext.Length];
            byte[] ciphertext = new byte[plaintext.Length + CryptoSizes.TagBytes];
            sender.Seal(encryption.Bytes("aad"), plaintext, ciphertext);
            if (Difference(encryption, "ct", ciphertext) is { } difference) return $"message {sequence}: {difference}";
            if (!receiver.TryOpen(encryption.Bytes("aad"), encryption.Bytes("ct"), opened)) return $"message {sequence} does not open";
            if (Difference(encryption, "pt", opened) is { } other) return $"message {sequence}: {other}";
        }

        foreach (VectorInputs export in setup.Objects("exports"))
        {
            byte[] exported = new byte[export.Int("L")];
            receiver.Export(export.Bytes("exporter_context"), exported);
            if (Difference(export, "exported_value", exported) is { } difference) return difference;
        }

        return Difference(setup, "enc", encapsulation);
    }

    private static string? Difference(VectorInputs expected, string name, ReadOnlySpan<byte> found)
    {
        byte[] wanted = expected.TryBytes(name) ?? [];
        return found.SequenceEqual(wanted) ? null : $"{name}: expected {Convert.ToHexStringLower(wanted)}, found {Convert.ToHexStringLower(found)}";
    }
}
