using System;
using System.Diagnostics;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Interop.Linux;
using FcpFast.Tool.Reports;

namespace FcpFast.Tool.Verbs;

/// <summary>One run of <c>fcpfast relay</c>: until it is interrupted.</summary>
/// <param name="options">The endpoint.</param>
/// <param name="streams">Where to speak.</param>
/// <param name="metrics">Who is shown its figures.</param>
internal sealed class RelayRun(FcpEndpointOptions options, ToolStreams streams, MetricsPlan metrics)
{
    public async Task<int> RunAsync(bool isJson, CancellationToken cancellation)
    {
        await using FcpEndpoint endpoint = await Endpoints.OpenAsync(options, streams);
        double startupSeconds = SecondsSinceStart();
        using var meter = new TransferMeter(() => endpoint.FramesAccepted);
        await streams.TellAsync("listening", new JsonObject { ["address"] = endpoint.Address.ToString() });
        int zones = options.Routes.Select(static route => route.Zone).Distinct().Count();
        await streams.SayAsync($"{endpoint.Node} relays at {endpoint.Address}: {options.Routes.Count} route(s) of {zones} zone(s), ready after {startupSeconds:F2} s");
        await using FcpDoor? door = await Endpoints.OpenDoorAsync(endpoint, streams);
        using MetricsExport? shown = MetricsExport.Start(endpoint, metrics);
        await using var refusals = new RefusalTeller(endpoint, streams);
        ProgramPages.GiveBack();
        try
        {
            await foreach (FcpEndpointEvent happened in endpoint.Events.ReadAllAsync(cancellation))
            {
                if (Endpoints.Describe(happened) is { } words) await streams.SayAsync(words);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await streams.SayAsync("interrupted; the peers' transfers go on when a relay is there again");
        }

        if (!isJson) return ExitCodes.Done;
        JsonObject report = meter.Read();
        report["startup_seconds"] = Math.Round(startupSeconds, 3);
        report["rss_mib"] = Math.Round(Environment.WorkingSet / 1048576.0, 1);
        EndpointReport.Describe(endpoint, await EndpointReport.SettleAsync(endpoint), report);
        await streams.WriteAsync(report);
        return ExitCodes.Done;
    }

    private static double SecondsSinceStart()
    {
        using Process self = Process.GetCurrentProcess();
        return (DateTime.Now - self.StartTime).TotalSeconds;
    }
}
