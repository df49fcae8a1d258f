using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>
/// The published vectors on every width: BoringSSL's and Wycheproof's AEADs, Poly1305's and HMAC's, the official BLAKE3. Each case is a batch of
/// equal messages, so that every lane computes it. The folder lies beside a clone; without it these tests are skipped.
/// </summary>
/// <remarks>Source: <c>vectors/*/README.md</c>.</remarks>
public sealed class PublishedVectorsTests
{
    private const int Lanes = 17; // one pass of the widest kernel and a rest

    private static readonly string Folder = FindFolder();

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void SealAndOpen_BoringSsl_GivesWhatIsPublished(int bits)
    {
        IAeadEngine engine = Engines.AeadOf(bits);
        int count = 0;
        foreach ((string file, AeadAlgorithm algorithm) in new[]
            {
                ("chacha20_poly1305", AeadAlgorithm.ChaCha20Poly1305), ("xchacha20_poly1305", AeadAlgorithm.XChaCha20Poly1305),
            })
        {
            foreach (JsonElement item in Load("rfc8439", file).EnumerateArray())
            {
                byte[] sealedBytes = [.. Hex(item, "ct"), .. Hex(item, "tag")];
                Judge(engine, algorithm, Hex(item, "key"), Hex(item, "nonce"), Hex(item, "ad"), Hex(item, "in"), sealedBytes, Hex(item, "tag").Length, isValid: true);
                count++;
            }
        }

        Assert.True(count > 50, $"{count} cases");
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void SealAndOpen_Wycheproof_GivesWhatIsValidAndRefusesTheRest(int bits)
    {
        IAeadEngine engine = Engines.AeadOf(bits);
        int count = 0;
        foreach ((string file, AeadAlgorithm algorithm) in new[]
            {
                ("chacha20_poly1305_test", AeadAlgorithm.ChaCha20Poly1305), ("xchacha20_poly1305_test", AeadAlgorithm.XChaCha20Poly1305),
            })
        {
            foreach (JsonElement test in Tests(Load("wycheproof", file)))
            {
                byte[] key = Hex(test, "key"), nonce = Hex(test, "iv"), sealedBytes = [.. Hex(test, "ct"), .. Hex(test, "tag")];
                if (nonce.Length != CryptoSizes.NonceBytes(algorithm)) continue; // refused before a kernel is reached
                Judge(engine, algorithm, key, nonce, Hex(test, "aad"), Hex(test, "msg"), sealedBytes, 16, test.GetProperty("result").GetString() == "valid");
                count++;
            }
        }

        Assert.True(count > 300, $"{count} cases");
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Absorb_Poly1305OfWholeBlocks_GivesWhatIsPublished(int bits)
    {
        int count = 0;
        foreach (JsonElement item in Load("rfc8439", "poly1305").EnumerateArray())
        {
            byte[] input = Hex(item, "input");
            if (input.Length % 16 != 0) continue; // the AEAD pads
            foreach (bool inBatches in new[] { false, true })
            {
                foreach (byte[] tag in OneTimeAuth.Compute(bits, inBatches, Hex(item, "key"), input))
                {
                    Assert.Equal(item.GetProperty("mac").GetString(), Convert.ToHexStringLower(tag));
                }
            }

            count++;
        }

        Assert.Equal(7, count);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Hash_OfficialBlake3_GivesWhatIsPublished(int bits)
    {
        IMacEngine mac = Engines.MacOf(bits);
        JsonElement root = Load("blake3", "test_vectors");
        byte[] key = Encoding.ASCII.GetBytes(root.GetProperty("key").GetString()!);
        int count = 0;
        foreach (JsonElement item in root.GetProperty("cases").EnumerateArray())
        {
            byte[] input = Enumerable.Range(0, item.GetProperty("input_len").GetInt32()).Select(static i => (byte)(i % 251)).ToArray();
            foreach (string mode in new[] { "hash", "keyed_hash", "derive_key" })
            {
                string expected = item.GetProperty(mode).GetString()!;
                var hasher = new Blake3Hasher(Engines.Blake3Of(bits));
                if (mode == "keyed_hash") hasher.Reset(key);
                if (mode == "derive_key") hasher.ResetToDeriveKey(root.GetProperty("context_string").GetString()!);
                hasher.Update(input);
                byte[] found = new byte[expected.Length / 2];
                hasher.Finish(found);
                Assert.Equal(expected, Convert.ToHexStringLower(found));
            }

            if (input.Length <= Blake3Macs.MessageBytesMax) JudgeMac(mac, MacSuite.Blake3, key, input, item.GetProperty("keyed_hash").GetString()![..32]);
            count++;
        }

        Assert.Equal(24, count);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Compute_WycheproofHmac_GivesWhatIsPublished(int bits)
    {
        IMacEngine engine = Engines.MacOf(bits);
        int count = 0;
        foreach (JsonElement test in Tests(Load("wycheproof", "hmac_sha256_test")))
        {
            byte[] key = Hex(test, "key");
            string tag = test.GetProperty("tag").GetString()!;
            if (key.Length != CryptoSizes.KeyBytes || test.GetProperty("result").GetString() != "valid") continue;
            JudgeMac(engine, MacSuite.HmacSha256, key, Hex(test, "msg"), tag[..32]);
            count++;
        }

        Assert.True(count > 10, $"{count} cases");
    }

    private static void Judge(
        IAeadEngine engine, AeadAlgorithm algorithm, byte[] key, byte[] nonce, byte[] associated, byte[] plain, byte[] sealedBytes, int tagBytes, bool isValid)
    {
        int slot = plain.Length + 16;
        byte[] nonces = Repeat(nonce), associatedAll = Repeat(associated), input = Repeat([.. plain, .. new byte[16]]), output = new byte[Lanes * slot];
        AeadItem[] items = Enumerable.Range(0, Lanes).Select(i => new AeadItem(i * slot, i * slot)).ToArray();
        engine.Seal(key, new AeadBatch(algorithm, input, output, items, plain.Length, nonces, associatedAll, associated.Length, sealing: true));
        for (int i = 0; i < Lanes; i++)
        {
            bool isEqual = output.AsSpan(i * slot, plain.Length + tagBytes).SequenceEqual(sealedBytes.AsSpan(0, plain.Length + tagBytes));
            if (isValid) Assert.True(isEqual, $"lane {i}: sealing {plain.Length} bytes");
        }

        if (tagBytes < 16) return;
        byte[] given = Repeat(sealedBytes), opened = Enumerable.Repeat((byte)0xA5, given.Length).ToArray();
        var verdicts = new bool[Lanes];
        int count = engine.Open(key, new AeadBatch(algorithm, given, opened, items, plain.Length, nonces, associatedAll, associated.Length, sealing: false), verdicts);
        Assert.Equal(isValid ? Lanes : 0, count);
        for (int i = 0; i < Lanes; i++) Assert.Equal(isValid ? plain : new byte[plain.Length], opened[(i * slot)..((i * slot) + plain.Length)]);
    }

    private static void JudgeMac(IMacEngine engine, MacSuite suite, byte[] key, byte[] message, string expected)
    {
        byte[] prepared = new byte[engine.PreparedKeyBytes(suite)], macs = new byte[Lanes * 16];
        engine.PrepareKey(suite, key, prepared);
        engine.Compute(suite, prepared, message, Enumerable.Repeat(new MacItem(0, message.Length), Lanes).ToArray(), macs);
        for (int i = 0; i < Lanes; i++) Assert.Equal(expected, Convert.ToHexStringLower(macs.AsSpan(16 * i, 16)));
    }

    private static byte[] Repeat(byte[] bytes) => Enumerable.Repeat(bytes, Lanes).SelectMany(static b => b).ToArray();

    private static IEnumerable<JsonElement> Tests(JsonElement root) =>
        root.GetProperty("testGroups").EnumerateArray().SelectMany(static group => group.GetProperty("tests").EnumerateArray());

    private static byte[] Hex(JsonElement item, string name) => Convert.FromHexString(item.GetProperty(name).GetString()!);

    private static JsonElement Load(string folder, string file)
    {
        Assert.SkipWhen(Folder.Length == 0, "The published vectors do not lie beside this clone (../shared/vectors).");
        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, folder, file + ".json"))).RootElement;
    }

    private static string FindFolder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "shared", "vectors");
            if (Directory.Exists(folder)) return folder;
        }

        return "";
    }
}
