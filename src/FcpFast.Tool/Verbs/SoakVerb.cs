using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Tool.Bench.Runs;
using FcpFast.Tool.Bench.Soak;
using FcpFast.Tool.Demo;
using FcpFast.Tool.Demo.Gateways;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast bench soak</c>, and the process of its peers.</summary>
/// <remarks>Errors: <see cref="ExitCodes.CheckFailed"/> if a bound of <see cref="SoakVerdict"/> is not kept or counts do not add up.</remarks>
internal static class SoakVerb
{
    private const double MinutesMax = 7 * 24 * 60;
    private const int PeersLeast = 5, PeersMax = 200;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long, at the pace; 20 if left out. Memory is judged from 3 minutes on.", HelpName = "N", DefaultValueFactory = static _ => 20 };
        Option<int> peers = EndpointArguments.Number("--peers", "N", "Peers; a fifth of them is behind the relay, and a fifth is killed now and then.", PeersLeast, PeersMax, 50);
        Option<int> seed = EndpointArguments.Number("--seed", "N", "Draws what happens; one of its own if left out.", 0, int.MaxValue);
        Option<long?> size = EndpointArguments.Size("--object", "Bytes of an object; 1MiB if left out, at most 64MiB.");
        Option<int> hostile = EndpointArguments.Number("--hostile", "N", "Datagrams of strangers a second.", 0, 1_000_000, 3000);
        var edge = new Option<string>("--edge") { Description = "A native build of fcpfast that the relay runs as; this program if left out.", HelpName = "PROGRAM" };
        var report = new Option<string>("--report") { Description = "Write the whole report into this file.", HelpName = "FILE" };
        var svg = new Option<string>("--svg") { Description = "Draw memory and latency into this file.", HelpName = "FILE" };
        Option<bool> json = EndpointArguments.Json();
        minutes.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= MinutesMax)) result.AddError("--minutes takes 0.1 to 10080.");
        });
        size.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<long?>() is not (null or (>= 1024 and <= 64 << 20))) result.AddError("--object takes 1KiB to 64MiB.");
        });
        var command = new Command("soak", "Gateway and relay as processes, many peers, at 70 % of what this machine carries, under loss, rekeys, rotations, kills and floods; exit 1 if a bound is not kept.")
        {
            minutes, peers, seed, size, hostile, edge, report, svg, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(svg) is not null && !LadderPicture.CanDraw) throw new ToolException("--svg: a native build has no library that draws", "use --report, which has the same figures");
            var streams = new ToolStreams(parsed.InvocationConfiguration);
            bool isSeeded = parsed.GetResult(seed) is { Implicit: false };
            var plan = new SoakPlan(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(peers), isSeeded ? parsed.GetValue(seed) : Random.Shared.Next())
            {
                Edge = parsed.GetValue(edge) is { } program ? Path.GetFullPath(program) : null, HostilePerSecond = parsed.GetValue(hostile), ObjectBytes = (int)(parsed.GetValue(size) ?? 1 << 20),
            };
            await using DemoFolder folder = DemoFolder.Create(null, 4L * plan.Peers * plan.ObjectBytes, streams);
            JsonObject result = await new SoakRun(plan, streams).RunAsync(folder.FullPath, cancellation);
            if (parsed.GetValue(report) is { } file) await File.WriteAllTextAsync(file, result.ToJsonString(Indented), cancellation);
            if (parsed.GetValue(svg) is { } picture) SoakPicture.Write(result, picture);
            if (parsed.GetValue(json)) await streams.WriteAsync(result);
            else await WriteAsync(result, streams);
            return (bool)result["verdict"]!["ok"]! ? ExitCodes.Done : ExitCodes.CheckFailed;
        });
        return command;
    }

    /// <summary>The process of some peers; of no use alone.</summary>
    public static Command CreateLoad()
    {
        var fleet = new Option<string>("--fleet") { Required = true };
        var names = new Option<string>("--peers") { Required = true };
        var ways = new Option<string[]>("--way") { Required = true };
        var between = new Option<double>("--seconds-between");
        Option<int> bytes = EndpointArguments.Number("--object-bytes", "N", "Bytes of an object.", 1, 64 << 20, 1 << 20), rekey = EndpointArguments.RekeyAfter();
        Option<bool> json = EndpointArguments.Json(), attended = EndpointArguments.Attended();
        var command = new Command("soak-load", "Peers of a soak; 'fcpfast bench soak' starts them.") { fleet, names, ways, between, bytes, rekey, json, attended };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            using Attendance attendance = Attendance.Watch(parsed.GetValue(attended), cancellation);
            var streams = new ToolStreams(parsed.InvocationConfiguration, parsed.GetValue(attended));
            FcpPeer[] peers = [.. parsed.GetValue(ways)!.Select(static way => new FcpPeer(Node(way.Split('=')[0]), IPEndPoint.Parse(way.Split('=')[1])))];
            var load = new SoakLoad(new GatewayFleet(parsed.GetValue(fleet)!), parsed.GetValue(names)!.Split(','), peers, Node(SoakRun.Gateway), streams);
            await streams.WriteAsync(await load.RunAsync(parsed.GetValue(bytes), parsed.GetValue(between), parsed.GetValue(rekey), attendance.Token));
            return ExitCodes.Done;
        });
        return command;
    }

    private static NodeId Node(string name)
    {
        Invariant.Require(NodeId.Parse(name, out NodeId node) == FcpStatus.Accepted, "the soak names its nodes");
        return node;
    }

    private static async Task WriteAsync(JsonObject result, ToolStreams streams)
    {
        JsonNode verdict = result["verdict"]!, latency = result["latency_ms"]!, sums = result["sums"]!;
        await streams.WriteAsync(string.Create(CultureInfo.InvariantCulture,
            $"soak      seed {result["seed"]}, {result["minutes"]} minutes, {result["peers"]} peers, {result["mbit_per_s"]} Mbit/s; {result["rekeys"]} rekeys, {result["rotations"]} rotations, "
            + $"{result["relay_kills"]} kills of the relay, {result["peer_kills"]} of peers, {result["hostile_datagrams"]} hostile datagrams"));
        await streams.WriteAsync($"latency   p50 {latency["p50"]}, p99 {latency["p99"]}, p99.9 {latency["p99.9"]}, at most {latency["max"]} ms, of {latency["count"]} objects");
        foreach (string who in (string[])["gateway", "relay"])
        {
            JsonNode memory = verdict[$"{who}_memory"]!;
            await streams.WriteAsync(
                $"{who,-9} {memory["mean_mib"]} MiB, {memory["growth_mib"]} more over the second half (at most {memory["growth_mib_max"]}): {((bool)memory["flat"]! ? "flat" : "NOT FLAT")}"
                + $"{((bool)verdict["memory_judged"]! ? "" : ", not judged: too short")}; ready after {result[who]!["ready_seconds"]} s, {result[who]!["peak_rss_mib"]} MiB at most");
        }

        await streams.WriteAsync($"gc        {verdict["full_collections"]} full collections (at most {verdict["full_collections_max"]}), {verdict["gc_pause_share"]} of the time in pauses (at most {verdict["gc_pause_share_max"]}), {verdict["allocated_bytes_per_frame"]} bytes allocated a frame (at most {verdict["allocated_bytes_per_frame_max"]})");
        await streams.WriteAsync($"sums      {sums.ToJsonString()}");
        await streams.WriteAsync((bool)verdict["ok"]! ? "soak: every bound was kept" : $"soak: NOT RIGHT: {verdict.ToJsonString()}");
    }
}
