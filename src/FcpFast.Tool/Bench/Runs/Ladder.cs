using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool.Bench.Load;
using FcpFast.Tool.Bench.Peers;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>The whole ladder: in memory with every peer, then between processes.</summary>
/// <remarks>Errors: <see cref="ToolException"/> if a peer or a process cannot do its part.</remarks>
internal sealed class Ladder : IDisposable
{
    private readonly List<PeerProcess> _peers = [];
    private readonly List<string> _skipped = [];
    private readonly BenchPlan _plan;
    private readonly Action<string> _started;

    /// <summary>Starts the peers.</summary>
    /// <param name="plan">What is measured.</param>
    /// <param name="peerPrograms">Programs that speak the protocol of <see cref="PeerProcess"/>; the C baseline is added where it was built.</param>
    /// <param name="started">Told before each part.</param>
    public Ladder(BenchPlan plan, IReadOnlyList<string> peerPrograms, Action<string> started)
    {
        _plan = plan;
        _started = started;
        if (!plan.Steps.Any(Steps.InMemory.Contains)) return; // peers have no groups
        string? native = NativeBaseline.Find();
        if (native is null) _skipped.Add(NativeBaseline.Missing);
        else _peers.Add(PeerProcess.Start(native));
        foreach (string program in peerPrograms) _peers.Add(PeerProcess.Start(program));
    }

    /// <summary>Further contenders inside this process.</summary>
    public IReadOnlyList<Contender> Further { get; init; } = [];

    /// <summary>Climbs it.</summary>
    public async Task<BenchReport> RunAsync(CancellationToken cancellation)
    {
        var machine = Machine.Describe(_plan, string.Join("; ", _peers.Select(static peer => peer.Ask("about"))));
        Contender[] contenders = [.. _peers.SelectMany(static peer => peer.Contenders()), .. Contenders.InProcess, .. Further];
        RequireKnown(contenders);
        var runner = new BenchRunner(_plan, contenders) { RungStarted = _started, Cancellation = cancellation };
        List<BenchRow> rows = runner.Run();
        rows.AddRange(await new LoadRun(Loads(), _plan.ProcessRounds) { Started = _started }.RunAsync(cancellation));
        rows.AddRange(await new FileRun(_plan, _started).RunAsync(cancellation));
        rows.AddRange(await new ShardRun(_plan, _started).RunAsync(cancellation));

        return new BenchReport(machine, rows, _skipped);
    }

    /// <inheritdoc/>
    public void Dispose() => _peers.ForEach(static peer => peer.Dispose());

    private void RequireKnown(Contender[] contenders)
    {
        string[] known = [.. contenders.Select(static contender => contender.Name)];
        string? unknown = _plan.Only.FirstOrDefault(name => !known.Contains(name));
        if (unknown is not null) throw new ToolException($"there is no contender '{unknown}' here", $"choose among {string.Join(", ", known)}");
    }

    private List<LoadPlan> Loads() =>
    [
        .. from isObjects in (bool[])[false, true]
           where _plan.Steps.Contains(isObjects ? Steps.UdpObjects : Steps.UdpFrames)
           from payload in _plan.Payloads
           from suite in _plan.Suites
           from engine in Contenders.Engines
           where _plan.Only.Count == 0 || _plan.Only.Contains(engine.Name)
           where Frames.FrameSecrets.ObjectBytes % payload == 0
           select new LoadPlan(engine.Name, suite, payload, isObjects),
    ];
}
