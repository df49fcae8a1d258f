using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool.Demo;
using FcpFast.Tool.Demo.Gateways;
using HdrHistogram;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>One soak: a gateway and a relay as processes, peers in three more, a path that loses, and everything that may happen to them meanwhile.</summary>
/// <remarks>
/// Shape:   steady peers connect to the gateway; so do restless ones, whose process is killed now and then; far ones reach it through the relay, which is killed in the
///          first half, and behind the relay by a path that loses, doubles and reorders. Every peer has a session with the relay. The gateway is never killed.
/// </remarks>
internal sealed class SoakRun(SoakPlan plan, ToolStreams streams)
{
    public const string Gateway = "gateway", Edge = "edge";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly List<SoakSample> _samples = [];
    private readonly JsonArray _rows = [];
    private readonly Random _random = new(plan.Seed);
    private readonly LongHistogram _latency = SoakLoad.NewHistogram();
    private int _rotations;
    private int _relayKills;
    private bool _relayAddsUp = true;

    /// <summary>Runs it in a folder.</summary>
    public async Task<JsonObject> RunAsync(string folder, CancellationToken cancellation)
    {
        var fleet = new GatewayFleet(folder);
        string[] names = [.. Enumerable.Range(1, plan.Peers).Select(static number => string.Create(CultureInfo.InvariantCulture, $"peer-{number:D2}"))];
        string[] far = names[..plan.Relayed], restless = names[plan.Relayed..(2 * plan.Relayed)], steady = names[(2 * plan.Relayed)..];
        await streams.SayAsync($"fcpfast bench soak: seed {plan.Seed}, making {names.Length + 2} nodes in {folder}");
        await fleet.MakeAsync([Gateway, .. names], [Edge], cancellation);
        var files = new SoakFiles(fleet, plan, far);
        await using GatewayService gateway = await GatewayService.StartAsync(fleet, Gateway, files.Gateway, null, [], cancellation);
        IPEndPoint gatewayAddress = IPEndPoint.Parse(gateway.Address);
        await using var path = new Forwarder(gatewayAddress, new Impairment(Loss: 0.005, Duplicate: 0.01, Reorder: 0.01, ReorderPositions: 50, Corrupt: 0, plan.Seed));
        await using var relay = new SoakRelay(fleet, files.Edge(path.Address), plan.Edge);
        await relay.StartAsync(cancellation);
        string direct = $"{Gateway}={gateway.Address}", indirect = $"{Edge}={relay.Address}";
        await using var farGroup = new SoakGroup(fleet, far, [indirect], plan);
        await using var restlessGroup = new SoakGroup(fleet, restless, [direct, indirect], plan);
        await using var steadyGroup = new SoakGroup(fleet, steady, [direct, indirect], plan);
        SoakGroup[] groups = [farGroup, restlessGroup, steadyGroup];

        double secondsBetween = await CalibrateAsync(groups, relay, cancellation);
        JsonObject idle = relay.Service.Cost();
        JsonObject begun = await SettledAsync(gateway, cancellation);
        await Task.WhenAll(groups.Select(group => group.StartAsync(secondsBetween, cancellation)));
        using (var strangers = new HostileTraffic(path, gatewayAddress, IPEndPoint.Parse(relay.Address), [Gateway, Edge, .. names], plan.HostilePerSecond, plan.Seed))
        {
            await LastAsync(fleet, gateway, relay, groups, restlessGroup, strangers, secondsBetween, cancellation);
            await Task.WhenAll(groups.Select(static group => group.StopAsync()));
            strangers.Dispose();
            await path.SettleAsync(cancellation);
            JsonObject ended = await SettledAsync(gateway, cancellation), ofRelay = await SettledAsync(relay.Service, cancellation);
            _relayAddsUp &= SoakSums.OfRelay(ofRelay, strangers.Hellos);
            var report = new JsonObject
            {
                ["seed"] = plan.Seed, ["minutes"] = Math.Round(plan.Duration.TotalMinutes, 2), ["peers"] = plan.Peers, ["object_bytes"] = plan.ObjectBytes, ["load"] = plan.Load,
                ["mbit_per_s"] = Math.Round(plan.Peers * plan.ObjectBytes * 8 / secondsBetween / 1e6, 1), ["native_relay"] = plan.Edge is not null, ["rekeys"] = (long)ended["rekeys"]!,
                ["rotations"] = _rotations, ["relay_kills"] = _relayKills, ["peer_kills"] = restlessGroup.Kills, ["hostile_datagrams"] = strangers.Sent, ["hostile_hellos"] = strangers.Hellos,
                ["path"] = path.Report(), ["relay_after_calibration"] = idle, ["relay"] = relay.Service.Cost(), ["gateway"] = gateway.Cost(), ["rows"] = _rows, ["latency_ms"] = SoakRow.Latency(_latency),
                ["sums"] = SoakSums.Of(begun, ended, groups, steadyGroup, plan.Relayed, strangers.Hellos, _relayAddsUp),
            };
            report["relay"]!["sessions"] = ofRelay["sessions"]!.DeepClone();
            report["exit_codes"] = new JsonObject { [Gateway] = await gateway.TerminateAsync(cancellation), [Edge] = await relay.Service.TerminateAsync(cancellation) };
            report["verdict"] = SoakVerdict.Of(report, _samples, plan);
            return report;
        }
    }

    /// <summary>Finds out what this machine carries; the seconds between two objects of a peer at the planned share of it.</summary>
    private async Task<double> CalibrateAsync(SoakGroup[] groups, SoakRelay relay, CancellationToken cancellation)
    {
        await Task.WhenAll(groups.Select(group => group.StartAsync(0, cancellation)));
        await Task.Delay(plan.Calibration / 2, cancellation);
        long before = groups.Sum(static group => group.Arrived);
        var clock = Stopwatch.StartNew();
        await Task.Delay(plan.Calibration, cancellation);
        double perSecond = Math.Max(1, groups.Sum(static group => group.Arrived) - before) / clock.Elapsed.TotalSeconds;
        await Task.WhenAll(groups.Select(static group => group.StopAsync()));
        foreach (SoakGroup group in groups) group.Reset();
        await streams.SayAsync(string.Create(CultureInfo.InvariantCulture,
            $"this machine carries {perSecond * plan.ObjectBytes * 8 / 1e6:F0} Mbit/s of objects unpaced; {plan.Load:P0} of it from now on. The relay has {relay.Service.Cost()["rss_mib"]} MiB"));
        return plan.Peers / (perSecond * plan.Load);
    }

    private async Task LastAsync(
        GatewayFleet fleet, GatewayService gateway, SoakRelay relay, SoakGroup[] groups, SoakGroup restless, HostileTraffic strangers, double secondsBetween, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        JsonObject before = await gateway.StatusAsync(cancellation);
        TimeSpan nextRow = plan.Interval, nextEvent = plan.Interval / 2;
        for (int events = 0; clock.Elapsed < plan.Duration; await Task.Delay(LookEvery, cancellation))
        {
            _samples.Add(new SoakSample(clock.Elapsed, Resident(gateway), Resident(relay.Service), _relayKills));
            if (clock.Elapsed >= nextEvent)
            {
                nextEvent += plan.Interval * (0.75 + (_random.NextDouble() / 2));
                await HappenAsync(events++, clock.Elapsed < plan.Duration / 2, fleet, gateway, relay, restless, strangers, secondsBetween, cancellation);
            }

            if (clock.Elapsed < nextRow) continue;
            nextRow += plan.Interval;
            JsonObject now = await gateway.StatusAsync(cancellation), ofRelay = await relay.Service.StatusAsync(cancellation);
            _relayAddsUp &= SoakSums.OfRelay(ofRelay, strangers.Hellos);
            JsonObject row = SoakRow.Of(clock.Elapsed, before, now, ofRelay, _relayKills, groups, _latency, strangers.Hellos);
            _rows.Add((JsonNode)row);
            await streams.SayAsync(SoakRow.Words(row));
            before = now;
        }
    }

    /// <summary>A rotation each time; then the death of the restless peers, or of the relay, in turns, as long as the relay may die.</summary>
    private async Task HappenAsync(
        int number, bool mayKillRelay, GatewayFleet fleet, GatewayService gateway, SoakRelay relay, SoakGroup restless, HostileTraffic strangers, double secondsBetween, CancellationToken cancellation)
    {
        string manifest = await fleet.RotateAsync(cancellation);
        await GatewayFleet.RunAsync(cancellation, "node", "import", gateway.State, manifest);
        _rotations++;
        if (number % 2 == 1 && mayKillRelay)
        {
            _relayAddsUp &= SoakSums.OfRelay(await relay.Service.StatusAsync(cancellation), strangers.Hellos);
            _relayKills++;
            await relay.KillAsync();
            await relay.StartAsync(cancellation); // at the port that it had: its peers know no other
        }
        else
        {
            await restless.KillAsync();
            await restless.StartAsync(secondsBetween, cancellation);
        }
    }

    private static double Resident(GatewayService service) => (double?)service.Cost()["rss_mib"] ?? 0;

    /// <summary>A status that is not followed by another: what was sent has come.</summary>
    private static async Task<JsonObject> SettledAsync(GatewayService service, CancellationToken cancellation)
    {
        JsonObject status = await service.StatusAsync(cancellation);
        for (int look = 0; look < 40; look++)
        {
            await Task.Delay(250, cancellation);
            JsonObject next = await service.StatusAsync(cancellation);
            if ((long)next["datagrams_received"]! == (long)status["datagrams_received"]!) return next;
            status = next;
        }

        return status;
    }
}
