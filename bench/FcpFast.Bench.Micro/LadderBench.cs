using System;
using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using FcpFast.Bench.Micro.Peers;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Runs;

namespace FcpFast.Bench.Micro;

/// <summary>One step of the ladder under BenchmarkDotNet: the bodies of the tool, every contender, the sizes, batches and traffic of the design.</summary>
/// <remarks>Set-up proves the result once. Source: DESIGN §5, STYLE §8.</remarks>
public abstract class LadderBench
{
    private BenchBody? _body;
    private int _left;

    /// <summary>What runs.</summary>
    [ParamsSource(nameof(Cases))]
    public MicroCase? Case { get; set; }

    /// <summary>Every case of the step that a contender takes.</summary>
    public IEnumerable<MicroCase> Cases() =>
        from rung in Plan.Rungs()
        from subject in rung
        where CanGoOn(subject)
        from contender in MicroContenders.All
        where Takes(contender, subject)
        select new MicroCase(contender, subject);

    /// <summary>One of <see cref="Steps"/>.</summary>
    protected abstract string Step { get; }

    private BenchPlan Plan => new()
    {
        Steps = [Step], Payloads = BenchPlan.DesignPayloads, Batches = BenchPlan.DesignBatches, Traffic = Enum.GetValues<Traffic>(),
    };

    [GlobalSetup]
    public void Prepare()
    {
        _body = Case!.Contender.Prepare(Case.Subject)!;
        _body.Check();
        _left = 0;
    }

    [GlobalCleanup]
    public void Release() => _body!.Dispose();

    /// <summary>A batch.</summary>
    [Benchmark]
    public void Pass()
    {
        if (_left == 0)
        {
            _body!.Restore();
            _left = _body.PassesMax;
        }

        _left--;
        _body!.Pass();
    }

    /// <summary>Fresh frames must be sealed before they can arrive; that cannot be kept out of this harness's timing, 'fcpfast bench' has them.</summary>
    private static bool CanGoOn(BenchCase subject) => subject.Step is not (Steps.VerifyFrames or Steps.OpenFrames) || subject.Traffic != Traffic.Valid;

    private static bool Takes(Contender contender, BenchCase subject)
    {
        using BenchBody? body = contender.Prepare(subject with { PayloadBytes = Math.Min(subject.PayloadBytes, 256), Batch = 1 });
        return body is not null;
    }
}
