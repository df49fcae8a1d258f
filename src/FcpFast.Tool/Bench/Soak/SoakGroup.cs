using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool.Demo;
using FcpFast.Tool.Demo.Gateways;
using HdrHistogram;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>A load process and what all its lives have told: it may be killed and started again.</summary>
internal sealed class SoakGroup(GatewayFleet fleet, string[] names, string[] ways, SoakPlan plan) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private LongHistogram _recent = SoakLoad.NewHistogram();
    private ToolProcess? _process;
    private long _startedBefore;
    private long _arrivedBefore;
    private long _refusedBefore;
    private JsonObject? _last;

    /// <summary>The peers.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Objects that were begun, by what it has told.</summary>
    public long Started => _startedBefore + Of("started");

    /// <summary>Objects that the gateway has confirmed.</summary>
    public long Arrived => _arrivedBefore + Of("arrived");

    /// <summary>Objects that it has refused.</summary>
    public long Refused => _refusedBefore + Of("refused");

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Its report, once it has ended in order.</summary>
    public JsonObject? Report => _process?.Report;

    /// <summary>Starts it.</summary>
    public async Task StartAsync(double secondsBetween, CancellationToken cancellation)
    {
        var arguments = new List<string>
        {
            "bench", "soak-load", "--fleet", fleet.Root, "--peers", string.Join(',', names), "--object-bytes", Text(plan.ObjectBytes), "--rekey-after", Text(plan.RekeyAfterSeconds),
            "--seconds-between", secondsBetween.ToString("R", CultureInfo.InvariantCulture),
        };
        foreach (string way in ways) arguments.AddRange(["--way", way]);
        _process = ToolProcess.Start(arguments, Hear);
        if (await _process.FirstEventAsync(cancellation) is null) throw new ToolException($"a load process failed: {string.Join(Environment.NewLine, _process.Words.TakeLast(10))}", "see what it said");
    }

    /// <summary>Ends it in order.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        await _process.StopAsync(TimeSpan.FromSeconds(60));
        if (_process.Report is { } report) Hear(report);
        CloseLife();
    }

    /// <summary>Kills it as a power cut would.</summary>
    public async Task KillAsync()
    {
        Kills++;
        await _process!.SignalAsync("KILL");
        await _process.Ended;
        CloseLife();
    }

    /// <summary>Forgets what was told so far, but for the process.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            (_startedBefore, _arrivedBefore, _refusedBefore, _last) = (0, 0, 0, null);
            _recent.Reset();
        }
    }

    /// <summary>Adds the latencies since the last call to one histogram, and all of them to another.</summary>
    public void Collect(LongHistogram interval, LongHistogram all)
    {
        lock (_gate)
        {
            interval.Add(_recent);
            all.Add(_recent);
            _recent = SoakLoad.NewHistogram();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }

    private void CloseLife()
    {
        lock (_gate)
        {
            if (_last is null) return;
            (_startedBefore, _arrivedBefore, _refusedBefore) = (Started, Arrived, Refused);
            _last = null;
        }
    }

    private long Of(string name)
    {
        lock (_gate) return _last is null ? 0 : (long)_last[name]!;
    }

    private void Hear(JsonObject told)
    {
        if (told["latency"] is not JsonArray latency) return;
        lock (_gate)
        {
            _last = told;
            foreach (JsonNode? one in latency) _recent.RecordValueWithCount((long)one![0]!, (long)one[1]!);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
