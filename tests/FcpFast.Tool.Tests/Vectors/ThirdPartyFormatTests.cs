using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>The readers of other people's forms notice one wrong byte, and refuse what must be refused.</summary>
public sealed class ThirdPartyFormatTests
{
    private const string ZeroKey = "0000000000000000000000000000000000000000000000000000000000000000";

    // RFC 8439 section 2.5.2, a case of rfc8439/poly1305.json.
    private const string Poly1305 = """
        [{"index":0,"key":"85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",
          "input":"43727970746f6772617068696320466f72756d2052657365617263682047726f7570","mac":"a8061dc1305136c6c22b8baf0c0127a9"}]
        """;

    // The AEAD over nothing under a zero key and nonce, the tag cut to 4 bytes.
    private const string ShortTag = """[{"index":3,"key":"@","nonce":"000000000000000000000000","in":"","ad":"","ct":"","tag":"4eb972c9"}]""";

    [Theory]
    [InlineData("poly1305", Poly1305, "a8061dc1", "a8061dc0")]
    [InlineData("chacha20_poly1305", ShortTag, "4eb972c9", "4eb972c8")]
    public async Task Check_Rfc8439_PassesAndNoticesAFlippedBit(string stem, string file, string right, string wrong)
    {
        string whole = file.Replace("@", ZeroKey, StringComparison.Ordinal);
        ToolRun run = await CheckAsync($"rfc8439/{stem}.json", whole);
        Assert.Equal((0, 1), (run.ExitCode, (int)run.Family("rfc8439")["passed"]!));
        run = await CheckAsync($"rfc8439/{stem}.json", whole.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Equal((1, 1), (run.ExitCode, (int)run.Family("rfc8439")["failed"]!));
        run = await CheckAsync("rfc8439/aes.json", whole);
        Assert.Equal((1, 1), (run.ExitCode, (int)run.Family("rfc8439")["unknown"]!["aes"]!));
    }

    [Theory]
    [InlineData("valid", "000000000000000000000000", "4eb972c9a8fb3a1b382bb4d36f5ffad1", 0)]
    [InlineData("valid", "000000000000000000000000", "4eb972c9a8fb3a1b382bb4d36f5ffad0", 1)]
    [InlineData("invalid", "000000000000000000000000", "4eb972c9a8fb3a1b382bb4d36f5ffad0", 0)]
    [InlineData("invalid", "000000000000000000000000", "4eb972c9a8fb3a1b382bb4d36f5ffad1", 1)]
    [InlineData("invalid", "", "4eb972c9a8fb3a1b382bb4d36f5ffad1", 0)]
    [InlineData("invalid", "0000000000000000", "4eb972c9a8fb3a1b382bb4d36f5ffad1", 0)]
    [InlineData("valid", "0000000000000000", "4eb972c9a8fb3a1b382bb4d36f5ffad1", 1)]
    [InlineData("perhaps", "000000000000000000000000", "4eb972c9a8fb3a1b382bb4d36f5ffad1", 1)]
    public async Task Check_WycheproofAead_ResultAndTruthMustAgree(string result, string nonce, string tag, int exitCode)
    {
        string test = $$"""{"tcId":1,"key":"{{ZeroKey}}","iv":"{{nonce}}","aad":"","msg":"","ct":"","tag":"{{tag}}","result":"{{result}}"}""";
        ToolRun run = await CheckWycheproofAsync("CHACHA20-POLY1305", "aead_test_schema_v1.json", "{}", test);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(1 - exitCode, (int)run.Family("wycheproof")["passed"]!);
        run.AssertNoStackTrace();
    }

    [Theory]
    [InlineData("acceptable", "00", "00", 0)] // a zero result is refused
    [InlineData("acceptable", "00", "01", 1)]
    [InlineData("acceptable", "09", "00", 1)] // the base point gives no zero
    public async Task Check_WycheproofX25519_RefusesTheZeroSecretOnly(string result, string publicByte, string sharedByte, int exitCode)
    {
        string peer = publicByte + ZeroKey[2..], shared = sharedByte + ZeroKey[2..];
        string test = $$"""{"tcId":1,"public":"{{peer}}","private":"{{ZeroKey}}","shared":"{{shared}}","result":"{{result}}"}""";
        ToolRun run = await CheckWycheproofAsync("XDH", "xdh_comp_schema_v1.json", """{"curve":"curve25519"}""", test);
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Theory]
    [InlineData("AES-GCM", "aead_test_schema_v1.json")]
    [InlineData("XDH", "xdh_asn_comp_schema_v1.json")]
    public async Task Check_WycheproofOfAnotherAlgorithmOrSchema_IsUnknown(string algorithm, string schema)
    {
        ToolRun run = await CheckWycheproofAsync(algorithm, schema, "{}", """{"tcId":1,"result":"valid"}""");
        Assert.Equal((1, 1), (run.ExitCode, (int)run.Family("wycheproof")["unknown"]![algorithm]!));
    }

    [Fact]
    public async Task Check_Blake3_CountsThreeModesAndNoticesTheLastByte()
    {
        string file = await File.ReadAllTextAsync(
            Path.Combine(VectorFolders.RequireShared("blake3"), "blake3", "test_vectors.json"), TestContext.Current.CancellationToken);
        JsonObject root = JsonNode.Parse(file)!.AsObject();
        JsonArray cases = root["cases"]!.AsArray();
        while (cases.Count > 2) cases.RemoveAt(2);
        string right = (string)cases[1]!["derive_key"]!;
        ToolRun run = await CheckAsync("blake3/test_vectors.json", root.ToJsonString());
        Assert.Equal((0, 6), (run.ExitCode, (int)run.Family("blake3")["passed"]!));
        cases[1]!["derive_key"] = string.Concat(right.AsSpan(0, right.Length - 1), right.EndsWith('0') ? "1" : "0");
        run = await CheckAsync("blake3/test_vectors.json", root.ToJsonString());
        Assert.Equal((1, 5), (run.ExitCode, (int)run.Family("blake3")["passed"]!));
        Assert.StartsWith("derive_key", (string)run.Family("blake3")["failures"]![0]!["name"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ed25519_test.json")]
    [InlineData("hkdf_sha256_test.json")]
    [InlineData("hmac_sha256_test.json")]
    [InlineData("x25519_test.json")]
    [InlineData("chacha20_poly1305_test.json")]
    [InlineData("xchacha20_poly1305_test.json")]
    public async Task Check_WycheproofWithEveryResultTurned_FailsEveryCase(string name)
    {
        string path = Path.Combine(VectorFolders.RequireShared("wycheproof"), "wycheproof", name);
        JsonObject root = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!.AsObject();
        int turned = 0;
        foreach (JsonNode? test in root["testGroups"]!.AsArray().SelectMany(static group => group!["tests"]!.AsArray()))
        {
            bool zero = name == "x25519_test.json" && ((string)test!["shared"]!).All(static digit => digit == '0');
            string result = (string)test!["result"]!;
            if (zero) continue; // refused either way
            test["result"] = result == "invalid" ? "valid" : "invalid";
            turned++;
        }

        ToolRun run = await CheckAsync($"wycheproof/{name}", root.ToJsonString());
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(turned, (int)run.Family("wycheproof")["failed"]!);
        run.AssertNoStackTrace();
    }

    private static Task<ToolRun> CheckWycheproofAsync(string algorithm, string schema, string group, string test)
    {
        string fields = group == "{}" ? "" : group[1..^1] + ",";
        return CheckAsync(
            "wycheproof/x_test.json",
            $$"""{"algorithm":"{{algorithm}}","schema":"{{schema}}","numberOfTests":1,"testGroups":[{{{fields}}"tests":[{{test}}]}]}""");
    }

    private static async Task<ToolRun> CheckAsync(string path, string content)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(path, content);
        return await ToolRun.CheckAsync(folder.Path);
    }
}
