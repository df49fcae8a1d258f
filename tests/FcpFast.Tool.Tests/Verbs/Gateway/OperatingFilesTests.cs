using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FcpFast.Hosting.Gateways;
using FcpFast.Observation;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Tests.Support;
using FcpFast.Tool.Reports;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs.Gateway;

/// <summary>What lies in the room of the operators is true of this build.</summary>
public sealed partial class OperatingFilesTests
{
    private const string Room = "src/FcpFast.Tool/Operating";

    /// <summary>Each starts as it is written, but for the addresses, which may be taken here.</summary>
    [Theory]
    [InlineData("gateway", true)]
    [InlineData("branch", true)]
    [InlineData("edge-relay", false)]
    [InlineData("mixed", true)]
    public async Task Example_AsItIsWritten_PassesItsCheckAndStarts(string name, bool serves)
    {
        using var fleet = new TestFleet("gateway", "edge", "branch", "mixed");
        string[] there = ["env", "-C", fleet.Root, .. ToolProgram.Command, "gateway", "--config", Path.Combine(ThisRepository.Root, Room, $"{name}.json")];
        await using (RunningTool check = RunningTool.StartCommand([.. there, "--check"]))
        {
            Assert.Contains("the configuration can be used", (await check.EndAsync()).Ended(0).Output, StringComparison.Ordinal);
        }

        int port = GatewaySet.FreePort();
        string[] addresses = serves ? ["--set", "Listen=127.0.0.1:0", "--set", $"Serve=127.0.0.1:{port}"] : ["--set", "Listen=127.0.0.1:0"];
        await using RunningTool gateway = RunningTool.StartCommand([.. there, "--attended", .. addresses]);
        await gateway.ListensAtAsync();
        if (serves) Assert.Equal(HttpStatusCode.OK, (await GatewaySet.GetAsync(port, "/readyz")).Status);
        gateway.Signal("TERM");
        (await gateway.EndAsync()).Ended(0);
    }

    [Fact]
    public async Task Schema_ThatIsPrinted_IsTheFile()
    {
        ToolRun run = (await ToolRun.StartAsync("gateway", "--schema")).Ended(0);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(ThisRepository.Read("src/FcpFast.Hosting/Gateways/gateway.schema.json")), JsonNode.Parse(run.Output)));
        Assert.Equal(FcpGatewayConfiguration.Schema.Trim(), run.Output.Trim());
    }

    [Fact]
    public async Task Check_OfAFaultyFile_ListsEveryFault()
    {
        using var folder = new TemporaryFolder();
        folder.With("gateway.json", "{ \"Listen\": \"nowhere\", \"Colour\": 1 }");
        ToolRun run = (await ToolRun.StartAsync("gateway", "--config", Path.Combine(folder.Path, "gateway.json"), "--check", "--set", "WindowFrames=1")).Ended(1);
        foreach (string part in (string[])["Listen: ", "Colour: there is no such setting", "WindowFrames: 64", "StateFolder: ", "4 fault(s)"]) Assert.Contains(part, run.Errors, StringComparison.Ordinal);
        (await ToolRun.StartAsync("gateway")).Ended(2, "'--config' is required");
    }

    /// <summary>A panel that asks for what no meter has would stay empty for ever.</summary>
    [Fact]
    public async Task Dashboard_OfEveryMetricName_IsOfTheMeter()
    {
        using var fleet = new TestFleet("gateway", "bob");
        await using FcpEndpoint endpoint = FcpEndpoint.Open(FcpEndpointOptions.Edge(fleet.FolderOf("gateway")) with { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        var instruments = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == FcpMeter.Name) lock (instruments) instruments.Add(instrument.Name);
            },
        };
        listener.Start();
        using var meter = new FcpMeter(endpoint);
        JsonNode dashboard = JsonNode.Parse(ThisRepository.Read($"{Room}/grafana.json"))!;
        string[] queries = [.. dashboard["panels"]!.AsArray().SelectMany(static panel => panel!["targets"]?.AsArray() ?? []).Select(static target => (string)target!["expr"]!)];
        string[] asked = [.. queries.SelectMany(static query => MetricName().Matches(query)).Select(static match => match.Value).Distinct()];
        Assert.InRange(asked.Length, 15, 100);
        Assert.Empty(asked.Except(instruments));
        Assert.All(queries, static query => Assert.Matches(MetricName(), query));
    }

    [Fact]
    public void Reference_OfSettingsAndRefusals_IsThatOfTheProgram()
    {
        string[] lines = ThisRepository.Read($"{Room}/README.md").Split('\n');
        foreach ((FcpStatus reason, string meaning) in RefusalTeller.Meanings)
        {
            Assert.Contains($"| `{FcpStatusNames.NameOf(reason)}` | `{FcpStatusNames.CodeOf(reason)}` | {meaning} |", lines);
        }

        foreach ((string key, JsonNode? property) in JsonNode.Parse(FcpGatewayConfiguration.Schema)!["properties"]!.AsObject())
        {
            if (key == "$schema") continue;
            JsonObject below = (property!["items"] ?? property)["properties"]?.AsObject() ?? [];
            string item = property["items"] is null ? ":" : ":n:";
            foreach (string path in below.Select(one => key + item + one.Key).DefaultIfEmpty(key)) Assert.Contains(lines, line => line.StartsWith($"| `{path}` |", StringComparison.Ordinal));
        }
    }

    /// <summary>Whatever a log may name, an operator can look up; and nothing else is listed.</summary>
    [Fact]
    public void Errors_OfEveryRefusal_AreThoseOfTheProgram()
    {
        string[] listed = [.. ThisRepository.Read($"{Room}/ERRORS.md").Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).Select(static line => string.Join('|', line.Split('|')[..3]))];
        string[] known = [.. Enum.GetValues<FcpStatus>().Where(static status => status is not (FcpStatus.Undecided or FcpStatus.Accepted))
            .Select(static status => $"| `{FcpStatusNames.CodeOf(status)}` | `{FcpStatusNames.NameOf(status)}` ")];
        Assert.Equal(known, listed);
        Assert.InRange(known.Length, 100, 300);
    }

    [Fact]
    public void Unit_ByTheJudgementOfSystemd_IsWholeAndHardened()
    {
        Assert.SkipUnless(ToolProgram.Try("systemd-analyze", "--version"), "systemd-analyze is not installed");
        using var folder = new TemporaryFolder();
        string unit = ThisRepository.Read($"{Room}/fcpfast-gateway.service").Replace("/usr/local/bin/fcpfast", "/bin/true", StringComparison.Ordinal); // it is not installed here
        folder.With("fcpfast-gateway.service", unit);
        string path = Path.Combine(folder.Path, "fcpfast-gateway.service");
        Assert.True(ToolProgram.Try("systemd-analyze", "verify", path), "systemd-analyze verify");
        Assert.True(ToolProgram.Try("systemd-analyze", "security", "--offline=true", "--threshold=20", path), "exposure of at most 2.0");
    }

    [GeneratedRegex("\\bfcp(s|fast)_[a-z0-9_]+\\b")]
    private static partial Regex MetricName();
}
