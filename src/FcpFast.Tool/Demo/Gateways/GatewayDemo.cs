using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;

namespace FcpFast.Tool.Demo.Gateways;

/// <summary>One run of <c>fcpfast demo gateways</c>: two gateways and an edge relay by the example configurations, and applications that send through them.</summary>
/// <remarks>
/// Shape:   branch → edge → gateway and back; a C program connects to the gateway itself.
/// Errors:  <see cref="ToolException"/> if something could not be started; what is not as it should be is told in the report.
/// </remarks>
internal sealed class GatewayDemo(GatewayDemoPlan plan, ToolStreams streams)
{
    private const string Gateway = "gateway", Branch = "branch", Edge = "edge", Application = "app";

    private static readonly TimeSpan TransferMax = TimeSpan.FromMinutes(2);

    /// <summary>Runs it in a folder.</summary>
    public async Task<JsonObject> RunAsync(string folder, CancellationToken cancellation)
    {
        var fleet = new GatewayFleet(folder);
        await fleet.MakeAsync([Gateway, Branch, Application], [Edge], cancellation);
        await streams.SayAsync($"made an owner, four nodes and zone {GatewayFleet.Zone} in {folder}");
        int gatewayPort = GatewayService.FreePort(), branchPort = GatewayService.FreePort();
        await using GatewayService gateway = await StartAsync(fleet, Gateway, "gateway.json", null, [$"Serve=127.0.0.1:{gatewayPort}"], cancellation);
        await using GatewayService edge = await StartAsync(fleet, Edge, "edge-relay.json", plan.Edge, [$"Peers:0:Address={gateway.Address}"], cancellation);
        await using GatewayService branch = await StartAsync(fleet, Branch, "branch.json", null, [$"Peers:0:Address={edge.Address}", $"Serve=127.0.0.1:{branchPort}"], cancellation);
        await Task.WhenAll(branch.ReachAsync(Edge, cancellation), edge.ReachAsync(Gateway, cancellation), gateway.ReachAsync(Edge, cancellation));
        GatewayService[] services = [gateway, edge, branch];
        var report = new JsonObject { ["sent"] = new JsonArray() };

        await SendFileAsync(report, fleet, branch, gateway, "file.bin", cancellation);
        await PutObjectAsync(report, fleet, gateway, branch, cancellation);
        if (plan.Library is { } library) await SendFromCAsync(report, fleet, library, gateway, cancellation);
        report["metrics"] = new JsonObject { [Gateway] = await ScrapeAsync(gateway, gatewayPort, cancellation), [Branch] = await ScrapeAsync(branch, branchPort, cancellation) };
        report["top"] = await GatewayFleet.RunAsync(cancellation, "top", "--state", gateway.State, "--count", "1");
        var processes = new JsonObject();
        report["processes"] = processes;
        foreach (GatewayService service in services) processes[service.Name] = Describe(service, await service.StatusAsync(cancellation));
        await DrainAsync(report, fleet, branch, gateway, cancellation);
        foreach (GatewayService service in (GatewayService[])[edge, gateway]) processes[service.Name]!["exit"] = await service.TerminateAsync(cancellation);
        report["ok"] = IsRight(report);
        return report;
    }

    private Task<GatewayService> StartAsync(GatewayFleet fleet, string name, string example, string? program, string[] settings, CancellationToken cancellation) =>
        GatewayService.StartAsync(fleet, name, Path.Combine(Path.GetFullPath(plan.Configurations), example), program, settings, cancellation);

    /// <summary>A program at a door hands over a file by its path.</summary>
    private async Task SendFileAsync(JsonObject report, GatewayFleet fleet, GatewayService from, GatewayService to, string name, CancellationToken cancellation)
    {
        string file = await MakeAsync(fleet, name, cancellation);
        var clock = Stopwatch.StartNew();
        await GatewayFleet.RunAsync(cancellation, "send", file, "--via", from.State, "--to", to.Name);
        await NoteAsync(report, $"{from.Name}'s door, through {Edge}", file, Path.Combine(fleet.ReceivedOf(to.Name), name), clock, cancellation);
    }

    /// <summary>A program at a door hands over bytes.</summary>
    private async Task PutObjectAsync(JsonObject report, GatewayFleet fleet, GatewayService from, GatewayService to, CancellationToken cancellation)
    {
        const string Name = "object.bin";
        string file = await MakeAsync(fleet, Name, cancellation);
        var clock = Stopwatch.StartNew();
        using FcpDoorClient door = await FcpDoorClient.ConnectAsync(from.State, cancellation);
        await door.WriteAsync(new JsonObject { ["do"] = "put", ["name"] = Name, ["bytes"] = plan.FileBytes, ["zone"] = GatewayFleet.Zone, ["to"] = to.Name }, cancellation);
        await door.WriteBytesAsync(await File.ReadAllBytesAsync(file, cancellation), cancellation);
        for (JsonObject answer = await door.ReadAsync(cancellation).WaitAsync(TransferMax, cancellation); !answer.ContainsKey("arrived"); answer = await door.ReadAsync(cancellation).WaitAsync(TransferMax, cancellation))
        {
            if (answer["error"] is { } error) throw from.Failed($"did not take the object: {error}");
        }

        await NoteAsync(report, $"{from.Name}'s door as bytes, back through {Edge}", file, Path.Combine(fleet.ReceivedOf(to.Name), Name), clock, cancellation);
    }

    /// <summary>A program in C opens an endpoint of its own.</summary>
    private async Task SendFromCAsync(JsonObject report, GatewayFleet fleet, string library, GatewayService to, CancellationToken cancellation)
    {
        string file = await MakeAsync(fleet, "from-c.bin", cancellation);
        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo(library, [fleet.StateOf(Application), to.Address, to.Name, GatewayFleet.Zone, file]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["ASAN_OPTIONS"] = "detect_leaks=0"; // what the runtime made for itself it keeps until the process ends
        using Process program = Process.Start(start) ?? throw new ToolException($"{library} did not start", "build it with ./build.sh library");
        Task<string> errors = program.StandardError.ReadToEndAsync(cancellation), output = program.StandardOutput.ReadToEndAsync(cancellation);
        try
        {
            await program.WaitForExitAsync(cancellation).WaitAsync(TransferMax, cancellation);
        }
        finally
        {
            if (!program.HasExited) program.Kill();
        }

        if (program.ExitCode != 0) throw new ToolException($"{library} ended with {program.ExitCode}: {await errors}{await output}", "see what it said");
        await NoteAsync(report, "a C program over libfcpfast", file, Path.Combine(fleet.ReceivedOf(to.Name), Path.GetFileName(file)), clock, cancellation);
    }

    /// <summary>A file is on its way when the gateway is told to end: it arrives first.</summary>
    private async Task DrainAsync(JsonObject report, GatewayFleet fleet, GatewayService from, GatewayService to, CancellationToken cancellation)
    {
        const string Name = "drained.bin";
        string file = await MakeAsync(fleet, Name, cancellation);
        var clock = Stopwatch.StartNew();
        using FcpDoorClient door = await FcpDoorClient.ConnectAsync(from.State, cancellation);
        await door.WriteAsync(new JsonObject { ["do"] = "send", ["file"] = file, ["zone"] = GatewayFleet.Zone, ["to"] = to.Name }, cancellation);
        JsonObject begun = await door.ReadAsync(cancellation);
        if (!begun.ContainsKey("sending")) throw from.Failed($"did not take the file: {begun}");
        report["processes"]![from.Name]!["exit"] = await from.TerminateAsync(cancellation);
        await NoteAsync(report, $"{from.Name}'s door, before SIGTERM", file, Path.Combine(fleet.ReceivedOf(to.Name), Name), clock, cancellation);
    }

    private async Task<string> MakeAsync(GatewayFleet fleet, string name, CancellationToken cancellation)
    {
        string file = Path.Combine(fleet.Root, name);
        await DemoFile.WriteAsync(file, plan.FileBytes, cancellation);
        return file;
    }

    private async Task NoteAsync(JsonObject report, string way, string sent, string received, Stopwatch clock, CancellationToken cancellation)
    {
        double seconds = clock.Elapsed.TotalSeconds;
        bool isThere = File.Exists(received);
        bool isSame = isThere && await DemoFile.HashAsync(sent, cancellation) == await DemoFile.HashAsync(received, cancellation);
        ((JsonArray)report["sent"]!).Add((JsonNode)new JsonObject { ["way"] = way, ["bytes"] = plan.FileBytes, ["seconds"] = Math.Round(seconds, 3), ["hash_ok"] = isSame });
        await streams.SayAsync($"{way}: {(isSame ? "arrived" : isThere ? "ARRIVED CHANGED" : "DID NOT ARRIVE")}");
    }

    /// <summary>What a Prometheus would read; and whether the gateway calls itself ready.</summary>
    private static async Task<JsonObject> ScrapeAsync(GatewayService service, int port, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using HttpResponseMessage ready = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation);
        string[] lines = (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellation)).Split('\n');
        var scraped = new JsonObject { ["readyz"] = (int)ready.StatusCode, ["lines"] = lines.Count(static line => line.Length > 0 && line[0] != '#') };
        foreach (string name in (string[])["fcpfast_ready", "fcps_datagrams_rx_total", "fcpfast_frames_sent_total", "fcpfast_frames_opened_total"])
        {
            string prefix = $"{name}{{node=\"{service.Name}\"}} ";
            string? line = Array.Find(lines, one => one.StartsWith(prefix, StringComparison.Ordinal));
            scraped[name] = line is null ? null : JsonNode.Parse(line[prefix.Length..].Split(' ')[0]);
        }

        return scraped;
    }

    private static JsonObject Describe(GatewayService service, JsonObject status)
    {
        JsonObject about = service.Cost();
        foreach (string name in (string[])["engine", "frames_sent", "frames_received", "frames_opened", "frames_passed_on", "system_drops"]) about[name] = status[name]!.DeepClone();
        about["adds_up"] = StatusSums.AddUp(status);
        return about;
    }

    private static bool IsRight(JsonObject report)
    {
        bool arrived = ((JsonArray)report["sent"]!).All(static one => (bool)one!["hash_ok"]!);
        bool scraped = ((JsonObject)report["metrics"]!).All(static one => (int)one.Value!["readyz"]! == 200 && (double?)one.Value["fcpfast_ready"] == 1
            && (double?)one.Value["fcps_datagrams_rx_total"] > 0 && (double?)one.Value["fcpfast_frames_opened_total"] > 0);
        bool shown = ((string)report["top"]!).Contains(Edge, StringComparison.Ordinal) && ((string)report["top"]!).Contains(GatewayFleet.Zone, StringComparison.Ordinal);
        var processes = (JsonObject)report["processes"]!;
        bool ended = processes.All(static one => (int)one.Value!["exit"]! == ExitCodes.Done && (bool)one.Value["adds_up"]!);
        bool passed = (long)processes[Edge]!["frames_passed_on"]! > 0 && (long)processes[Edge]!["frames_opened"]! == 0;
        return arrived && scraped && shown && ended && passed;
    }
}
