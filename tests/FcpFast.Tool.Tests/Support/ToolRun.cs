using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace FcpFast.Tool.Tests.Support;

/// <summary>What one run of the command said and returned.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    /// <summary>The JSON object that must be the last line of the output.</summary>
    public JsonObject Json => JsonNode.Parse(Output.TrimEnd().Split('\n')[^1])!.AsObject();

    /// <summary>One family of the JSON report.</summary>
    public JsonObject Family(string name) => Json["families"]![name]!.AsObject();

    public static async Task<ToolRun> StartAsync(params string[] args)
    {
        using StringWriter output = new(), errors = new();
        int exitCode = await Program.RunAsync(args, output, errors);
        return new ToolRun(exitCode, output.ToString(), errors.ToString());
    }

    /// <summary><c>vectors check --json</c> over these folders.</summary>
    public static Task<ToolRun> CheckAsync(params string[] folders) => StartAsync(["vectors", "check", .. folders, "--json"]);

    /// <summary>Fails if anything looks like a stack trace.</summary>
    public void AssertNoStackTrace()
    {
        Assert.DoesNotContain("   at ", Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
    }

    /// <summary>Fails unless the tool ended so, and said these words on stderr.</summary>
    public ToolRun Ended(int exitCode, params string[] words)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}:\n{Output}{Errors}");
        foreach (string part in words) Assert.Contains(part, Errors, StringComparison.Ordinal);
        return this;
    }
}
