using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>A broken file or case is named, and ends nothing but itself.</summary>
public sealed class BrokenVectorTests
{
    [Theory]
    [InlineData("{", "JsonReaderException")]
    [InlineData("", "JsonReaderException")]
    [InlineData("\u0000\u0001", "JsonReaderException")]
    [InlineData("null", "'cases'")]
    [InlineData("[]", "'cases'")]
    [InlineData("7", "'cases'")]
    [InlineData("{\"family\":\"epochs\"}", "'cases'")]
    [InlineData("{\"cases\":{}}", "'cases'")]
    [InlineData("{\"cases\":[]}", "no case")]
    [InlineData("{\"cases\":[7]}", "case 0 has no text 'family'")]
    [InlineData("{\"cases\":[{\"family\":\"epochs\",\"name\":\"n\"}]}", "case 0 has no text 'op'")]
    [InlineData("{\"cases\":[{\"family\":\"epochs\",\"name\":7,\"op\":\"x\"}]}", "case 0 has no text 'name'")]
    [InlineData("{\"cases\":[{\"family\":\"epochs\",\"name\":\"n\",\"op\":\"x\",\"inputs\":[]}]}", "case 0 has no object 'inputs'")]
    [InlineData("{\"cases\":[],\"cases\":[]}", "cases")]
    public async Task Check_AFileThatCannotBeJudged_IsNamedAndTheOthersAreJudged(string content, string reason)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("broken.json", content).With("whole.json", VectorText.File(VectorText.Epoch()));
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal(1, run.ExitCode);
        JsonNode unjudged = Assert.Single(run.Json["unjudged"]!.AsArray())!;
        Assert.EndsWith("broken.json", (string)unjudged["file"]!, StringComparison.Ordinal);
        Assert.Contains(reason, (string)unjudged["reason"]!, StringComparison.Ordinal);
        Assert.Contains("broken.json", run.Output.Split("{\"ok\"")[0], StringComparison.Ordinal);
        Assert.Equal(1, (int)run.Family("epochs")["passed"]!);
        run.AssertNoStackTrace();
    }

    [Theory]
    [InlineData("blake3/test_vectors.json", "{}")]
    [InlineData("blake3/test_vectors.json", """{"key":"k","context_string":"c","cases":[{"input_len":-1}]}""")]
    [InlineData("rfc8439/poly1305.json", "{}")]
    [InlineData("wycheproof/x25519_test.json", """{"algorithm":"XDH","schema":"xdh_comp_schema_v1.json","testGroups":7}""")]
    [InlineData("wycheproof/x25519_test.json", """{"algorithm":"XDH","schema":"xdh_comp_schema_v1.json","numberOfTests":1,"testGroups":[{"tests":[]}]}""")]
    [InlineData("mls/tree-math.json", "{}")]
    [InlineData("raptorq/encode.json", "\"text\"")]
    public async Task Check_AThirdPartysFileOfAnotherForm_IsNamed(string path, string content)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(path, content);
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.Json["unjudged"]!.AsArray());
        run.AssertNoStackTrace();
    }

    [Theory]
    [InlineData("epochs", "epoch_number", "{}", """{"epoch":"1"}""")]
    [InlineData("epochs", "epoch_number", """{"timestamp":"x"}""", """{"error":"*"}""")]
    [InlineData("epochs", "epoch_number", """{"timestamp":{}}""", """{"error":"*"}""")]
    [InlineData("epochs", "epoch_number", """{"timestamp":"300"}""", "{}")]
    [InlineData("epochs", "epoch_number", """{"timestamp":"300"}""", """{"error":7}""")]
    [InlineData("fcps_frame", "record_encode", """{"esi":1,"k":65536,"data":"","tag":""}""", """{"error":"*"}""")]
    [InlineData("fcps_frame", "record_encode", """{"esi":1,"k":1,"data":"0","tag":""}""", """{"error":"*"}""")]
    [InlineData("fcps_frame", "flag", """{"name":"PURPLE"}""", """{"error":"*"}""")]
    [InlineData("datagram", "mtu_symbol_size", """{"max_datagram":1200,"symbols":0}""", """{"symbol_size":0}""")]
    [InlineData("replay_window", "replay_window", """{"width":"-1","seqs":[]}""", """{"accepted":[]}""")]
    [InlineData("primitives", "aead_seal", """{"algorithm":"chacha20poly1305","key":"00","nonce":"","plaintext":"","aad":""}""", """{"error":"*"}""")]
    [InlineData("primitives", "hkdf_sha256", """{"salt":"","ikm":"","info":"","length":9000}""", """{"error":"*"}""")]
    public async Task Check_AnOpThatThrows_IsAFailureOfThatCaseEvenWhereARefusalIsExpected(string family, string op, string inputs, string expected)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("a.json", VectorText.File(VectorText.Case(family, op, inputs, expected)));
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal(1, run.ExitCode);
        JsonNode failure = Assert.Single(run.Family(family)["failures"]!.AsArray())!;
        Assert.Equal($"the case of {op}", (string)failure["name"]!);
        Assert.NotEmpty((string)failure["reason"]!);
        run.AssertNoStackTrace();
    }
}
