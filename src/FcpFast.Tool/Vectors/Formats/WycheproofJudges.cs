using System;
using System.Text.Json;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>Judges the tests of the Wycheproof algorithms that FcpFast uses.</summary>
/// <remarks>Source: <c>vectors/wycheproof/README.md</c>.</remarks>
internal sealed class WycheproofJudges(CryptoProvider crypto)
{
    private const int BitsPerByte = 8;
    private const int OutputBytesMax = 1024 * 1024;

    /// <summary>The judge of an algorithm's tests; null if nobody knows them.</summary>
    public Func<WycheproofCase, string?>? For(string algorithm, string schema) => (algorithm, schema) switch
    {
        ("CHACHA20-POLY1305", "aead_test_schema_v1.json") => test => Aead(AeadAlgorithm.ChaCha20Poly1305, test),
        ("XCHACHA20-POLY1305", "aead_test_schema_v1.json") => test => Aead(AeadAlgorithm.XChaCha20Poly1305, test),
        ("EDDSA", "eddsa_verify_schema_v1.json") => Ed25519,
        ("XDH", "xdh_comp_schema_v1.json") => X25519,
        ("HKDF-SHA-256", "hkdf_test_schema_v1.json") => HkdfSha256,
        ("HMACSHA256", "mac_test_schema_v1.json") => HmacSha256,
        _ => null,
    };

    private string? Aead(AeadAlgorithm algorithm, WycheproofCase test)
    {
        AeadCase aead = AeadCase.Read(test.Test, algorithm, "iv", "aad", "msg", "ct");
        return MustWork(test) ? aead.JudgeValid(crypto.Aead) : aead.JudgeInvalid(crypto.Aead);
    }

    private string? Ed25519(WycheproofCase test)
    {
        JsonElement key = test.Group.GetProperty("publicKey");
        if (key.GetProperty("curve").GetString() != "edwards25519") throw new VectorFormatException("the curve is not edwards25519");
        bool verified = crypto.Signatures.Verify(AeadCase.Hex(key, "pk"), test.Hex("msg"), test.Hex("sig"));
        return MustWork(test) == verified ? null : verified ? "it verified, expected a refusal" : "it does not verify";
    }

    private string? X25519(WycheproofCase test)
    {
        if (test.Group.GetProperty("curve").GetString() != "curve25519") throw new VectorFormatException("the curve is not curve25519");
        byte[] expected = test.Hex("shared"), shared = new byte[CryptoSizes.KeyBytes];
        bool agreed = crypto.KeyExchange.TryAgree(test.Hex("private"), test.Hex("public"), shared);
        bool mustAgree = test.Result != WycheproofResult.Invalid && expected.AsSpan().ContainsAnyExcept((byte)0);
        if (agreed != mustAgree) return agreed ? "it agreed, expected a refusal" : "it was refused";
        return VectorComparison.Difference("shared", mustAgree ? test.Text("shared") : new string('0', 2 * CryptoSizes.KeyBytes), shared);
    }

    private string? HkdfSha256(WycheproofCase test)
    {
        int outputBytes = test.Test.GetProperty("size").GetInt32();
        if (outputBytes is < 0 or > OutputBytesMax) throw new VectorFormatException($"a size is 0 to {OutputBytesMax}");
        byte[] output = new byte[outputBytes];
        try
        {
            crypto.Kdf.Derive(test.Hex("salt"), test.Hex("ikm"), test.Hex("info"), output);
        }
        catch (ArgumentException) when (!MustWork(test))
        {
            return null; // longer than HKDF can give
        }

        return MustWork(test) ? VectorComparison.Difference("okm", test.Text("okm"), output) : "it was derived, expected a refusal";
    }

    private string? HmacSha256(WycheproofCase test)
    {
        int tagBytes = test.Group.GetProperty("tagSize").GetInt32() / BitsPerByte;
        byte[] key = test.Hex("key"), message = test.Hex("msg"), mac = new byte[CryptoSizes.HashBytes];
        crypto.Kdf.Hmac(key, message, mac);
        string? difference = VectorComparison.Difference("tag", test.Text("tag"), mac.AsSpan(0, tagBytes));
        if (MustWork(test) != difference is null) return difference ?? "the tag is right, expected another";
        if (tagBytes != CryptoSizes.MacBytes || key.Length != CryptoSizes.KeyBytes) return null;

        // Key and tag of a session MAC: the engine that makes those must say the same.
        byte[] prepared = new byte[crypto.Mac.PreparedKeyBytes(MacSuite.HmacSha256)], sessionMac = new byte[CryptoSizes.MacBytes];
        crypto.Mac.PrepareKey(MacSuite.HmacSha256, key, prepared);
        var item = new MacItem(0, message.Length);
        crypto.Mac.Compute(MacSuite.HmacSha256, prepared, message, new ReadOnlySpan<MacItem>(in item), sessionMac);
        return VectorComparison.Difference("session MAC", Convert.ToHexStringLower(mac.AsSpan(0, tagBytes)), sessionMac);
    }

    private static bool MustWork(WycheproofCase test) => test.Result != WycheproofResult.Invalid;
}
