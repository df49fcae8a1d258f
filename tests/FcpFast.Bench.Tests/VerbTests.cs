using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool;

namespace FcpFast.Bench.Tests;

/// <summary>DESIGN §4: <c>fcpfast bench</c> as its users call it.</summary>
public sealed class VerbTests
{
    [Fact]
    public async Task Bench_OneStepAsJson_PrintsOneObjectWithItsRows()
    {
        (int exit, string output, string errors) = await RunAsync("bench", "--steps", "copy,window", "--batch", "1,2", "--rounds", "3", "--json");
        Assert.True(exit == ExitCodes.Done, errors);
        JsonObject report = JsonNode.Parse(output.Trim())!.AsObject();
        Assert.Equal(2 + 10, report["rows"]!.AsArray().Count); // a copy, and five windows, of each batch
        Assert.Contains("copy 1024 bytes, batches of 1", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--steps", "nothing")]
    [InlineData("--payload", "255")]
    [InlineData("--payload", "16385")]
    [InlineData("--batch", "0")]
    [InlineData("--traffic", "strange")]
    [InlineData("--rounds", "2")]
    [InlineData("--suite", "3")]
    [InlineData("--size", "many")]
    public async Task Bench_WrongArgument_IsWrongUsageAndNamesIt(string option, string value)
    {
        (int exit, _, string errors) = await RunAsync("bench", option, value);
        Assert.Equal(ExitCodes.WrongUsage, exit);
        Assert.Contains(value, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_UnknownEngine_CannotBeDone()
    {
        (int exit, _, string errors) = await RunAsync("bench", "--steps", "copy", "--engine", "nobody");
        Assert.Equal(ExitCodes.NotDone, exit);
        Assert.Contains("there is no contender 'nobody'", errors, StringComparison.Ordinal);
        Assert.Contains("Remedy: choose among", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_PictureInAFolderThatIsNotThere_CannotBeDone()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "ladder.svg");
        (int exit, _, string errors) = await RunAsync("bench", "--steps", "copy", "--batch", "1", "--rounds", "3", "--svg", file);
        Assert.Equal(ExitCodes.NotDone, exit);
        Assert.Contains(file, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leaks", "--measurements", "10")]
    [InlineData("load-send", "--suite", "2")]
    [InlineData("siege", "--parts", "nothing")]
    [InlineData("siege", "--sessions", "0")]
    public async Task Bench_VerbsBelowWithWrongArguments_AreWrongUsage(string verb, string option, string value) =>
        Assert.Equal(ExitCodes.WrongUsage, (await RunAsync("bench", verb, option, value)).Exit);

    [Fact]
    public async Task Siege_APartAsJson_PrintsItAndWhetherItsBoundsAreKept()
    {
        (int exit, string output, string errors) = await RunAsync("bench", "siege", "--parts", "sessions", "--sessions", "10", "--json");
        JsonObject report = JsonNode.Parse(output.Trim())!.AsObject();
        Assert.Equal(10, (int)report["sessions"]!["sessions"]!);
        Assert.Equal((bool)report["ok"]! ? ExitCodes.Done : ExitCodes.CheckFailed, exit);
        Assert.Contains("siege: sessions", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "1024")]
    [InlineData("libsodium", "1000")]
    public async Task LoadReceive_EngineOrPayloadThatIsNone_CannotBeDone(string engine, string payload) =>
        Assert.Equal(ExitCodes.NotDone, (await RunAsync("bench", "load-receive", "--engine", engine, "--suite", "2", "--payload", payload)).Exit);

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int exit = await Program.RunAsync(arguments, output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
