using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>DESIGN §4: what <c>fcpfast vectors check</c> says and returns.</summary>
public sealed class VectorsVerbTests
{
    [Fact]
    public async Task Check_RightCases_ReturnsZeroAndReportsThem()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("a.json", VectorText.File(VectorText.Epoch(), VectorText.Epoch()));
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("epochs", run.Output.Split('\n')[0], StringComparison.Ordinal);
        JsonObject family = run.Family("epochs");
        Assert.Equal(2, (int)family["passed"]!);
        Assert.Equal(0, (int)family["failed"]!);
        Assert.Empty(family["not_yet"]!.AsObject());
        Assert.Empty(family["unknown"]!.AsObject());
        Assert.Empty(family["failures"]!.AsArray());
        Assert.Empty(run.Json["unjudged"]!.AsArray());
        Assert.True((bool)run.Json["ok"]!);
    }

    [Fact]
    public async Task Check_WithoutJson_PrintsALineAFamilyAndNoObject()
    {
        using TemporaryFolder folder = new TemporaryFolder()
            .With("a.json", VectorText.File(VectorText.Epoch()))
            .With("raptorq/encode.json", "[{},{}]");
        ToolRun run = await ToolRun.StartAsync("vectors", "check", folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.Output.Split('\n'), static line => line.StartsWith("epochs ", StringComparison.Ordinal));
        Assert.Single(run.Output.Split('\n'), static line => line.StartsWith("raptorq ", StringComparison.Ordinal) && line.Contains("encode 2"));
        Assert.DoesNotContain("{", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_AFlippedByteInAnExpectedValue_IsAFailureWithNameAndReason()
    {
        string inputs = """{"public_key":"0000000000000000000000000000000000000000000000000000000000000000"}""";
        using TemporaryFolder folder = new TemporaryFolder().With("a.json", VectorText.File(
            VectorText.Case("hashes_ids", "kid", inputs, """{"kid":"0000000000000001"}"""), VectorText.Epoch()));
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal(1, run.ExitCode);
        JsonNode failure = Assert.Single(run.Family("hashes_ids")["failures"]!.AsArray())!;
        Assert.Equal("the case of kid", (string)failure["name"]!);
        Assert.Contains("expected \"0000000000000001\"", (string)failure["reason"]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)run.Family("hashes_ids")["failed"]!);
        Assert.Equal(1, (int)run.Family("epochs")["passed"]!);
    }

    [Theory]
    [InlineData("epochs", "epoch_of_tomorrow")]
    [InlineData("hashes_ids", "epoch_number")]
    [InlineData("family_of_tomorrow", "epoch_number")]
    [InlineData("corpus", "epoch_of_tomorrow")]
    public async Task Check_AnOpOrFamilyThatNobodyKnows_IsUnknownAndReturnsOne(string family, string op)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("a.json", VectorText.File(VectorText.Epoch(op, family)));
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, (int)run.Family(family)["unknown"]![op]!);
        Assert.Equal(0, (int)run.Family(family)["passed"]!);
    }

    [Fact]
    public async Task Check_OpsOfALaterIssue_AreListedAndReturnZero()
    {
        using TemporaryFolder folder = new TemporaryFolder()
            .With("deeper/raptorq/encode.json", "[{},{},{}]")
            .With("deeper/raptorq/README.md", "no vectors")
            .With("raptorq/decodability.json", "[{}]")
            .With("raptorq/rfc6330_tables.json", "{}")
            .With("LICENSE", "{");
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(3, (int)run.Family("raptorq")["not_yet"]!["encode"]!);
        Assert.Equal(1, (int)run.Family("raptorq")["not_yet"]!["decodability"]!);
        Assert.Equal(0, (int)run.Family("raptorq")["passed"]!);
    }

    [Fact]
    public async Task Check_AFileThatALaterFamilyDoesNotHave_IsUnknown()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("mls/tree-maths.json", "[{}]");
        ToolRun run = await ToolRun.CheckAsync(Path.Combine(folder.Path, "mls") + Path.DirectorySeparatorChar);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, (int)run.Family("mls")["unknown"]!["tree-maths"]!);
    }

    [Fact]
    public async Task Check_NoSuchFolder_ReturnsThreeWithWhatWhereAndRemedy()
    {
        ToolRun run = await ToolRun.CheckAsync("no/such/folder");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("'no/such/folder' cannot be checked: there is no such folder", run.Errors, StringComparison.Ordinal);
        Assert.Contains(Path.GetFullPath("no/such/folder"), run.Errors, StringComparison.Ordinal);
        Assert.Contains("Remedy:", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Check_AFileOrAnEmptyFolder_ReturnsThree()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("README.md", "nothing");
        Assert.Equal(3, (await ToolRun.CheckAsync(folder.Path)).ExitCode);
        ToolRun run = await ToolRun.CheckAsync(Path.Combine(folder.Path, "README.md"));
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("it is a file", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WrongUsage_ReturnsTwo()
    {
        string[][] usages = [[], ["vectors"], ["vectors", "check"], ["vectors", "check", "--wat", "."], ["vectors", "chekc", "."]];
        foreach (string[] usage in usages)
        {
            ToolRun run = await ToolRun.StartAsync(usage);
            Assert.True(run.ExitCode == 2, string.Join(' ', usage));
            Assert.StartsWith("fcpfast: ", run.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Check_Help_ReturnsZeroAndNamesTheOption()
    {
        ToolRun run = await ToolRun.StartAsync("vectors", "check", "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("--json", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_TheSameFolderTwiceOrBelowItself_CountsItOnce()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("sub/a.json", VectorText.File(VectorText.Epoch()));
        ToolRun run = await ToolRun.CheckAsync(folder.Path, folder.Path + "/", Path.Combine(folder.Path, "sub"));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(1, (int)run.Family("epochs")["passed"]!);
    }

    [Fact]
    public async Task Check_ACircleOfLinks_Ends()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "links need a privilege here");
        using TemporaryFolder folder = new TemporaryFolder().With("sub/a.json", VectorText.File(VectorText.Epoch()));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "sub", "circle"), folder.Path);
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(1, (int)run.Family("epochs")["passed"]!);
    }
}
