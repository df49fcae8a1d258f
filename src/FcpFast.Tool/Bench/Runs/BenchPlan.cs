using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench.Bodies;
using FcpFast.Tool.Bench.Frames;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>Which cases are measured, and how often.</summary>
internal sealed record BenchPlan
{
    /// <summary>The sizes that the design names.</summary>
    public static IReadOnlyList<int> DesignPayloads { get; } = [256, 1024, 4096, 16384];

    /// <summary>The batches that the design names.</summary>
    public static IReadOnlyList<int> DesignBatches { get; } = [1, 16, 54, 64];

    /// <summary>Some of <see cref="Bench.Steps.All"/>.</summary>
    public IReadOnlyList<string> Steps { get; init; } = Bench.Steps.All;

    /// <summary>Data of a symbol.</summary>
    public IReadOnlyList<int> Payloads { get; init; } = [1024];

    /// <summary>Frames of a pass.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [54];

    /// <summary>Session MACs.</summary>
    public IReadOnlyList<MacSuite> Suites { get; init; } = [MacSuite.HmacSha256, MacSuite.Blake3];

    /// <summary>What arrives.</summary>
    public IReadOnlyList<Traffic> Traffic { get; init; } = [Bench.Traffic.Valid];

    /// <summary>Names of the only contenders that take part; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Measurements of each case, in turns with the others of its rung.</summary>
    public int Rounds { get; init; } = 21;

    /// <summary>Runs of each step between processes, in turns.</summary>
    public int ProcessRounds { get; init; } = 3;

    /// <summary>Bytes of the file that the demo moves.</summary>
    public long FileBytes { get; init; } = 512L << 20;

    /// <summary>How long one measurement should take.</summary>
    public double SampleMilliseconds { get; init; } = 1;

    /// <summary>How long a body runs before it is measured; when its code runs for the first time, until it is compiled in full.</summary>
    public double WarmUpMilliseconds { get; init; } = 40;

    /// <summary>The cases, rung by rung.</summary>
    public IEnumerable<IReadOnlyList<BenchCase>> Rungs() =>
        from step in Bench.Steps.InMemory.Concat(Bench.Steps.Groups)
        where Steps.Contains(step)
        from payload in PayloadsOf(step)
        from batch in BatchesOf(step)
        from traffic in TrafficOf(step)
        select (IReadOnlyList<BenchCase>)SuitesOf(step).Select(suite => new BenchCase(step, payload, batch, suite, traffic)).ToArray();

    private IReadOnlyList<int> PayloadsOf(string step) => step switch
    {
        Bench.Steps.ObjectId => [FrameSecrets.ObjectBytes],
        Bench.Steps.Cbor => [CborBody.MessageBytes],
        Bench.Steps.Window or Bench.Steps.Handshake or Bench.Steps.MlsJoin or Bench.Steps.MlsCommit or Bench.Steps.MlsCommitPath => [0],
        _ => Payloads,
    };

    private IReadOnlyList<int> BatchesOf(string step) =>
        step is Bench.Steps.ObjectId or Bench.Steps.Cbor or Bench.Steps.Handshake || Bench.Steps.Groups.Contains(step) ? [1] : Batches;

    private IEnumerable<Traffic> TrafficOf(string step) => step switch
    {
        Bench.Steps.VerifyFrames or Bench.Steps.OpenFrames => Traffic,
        Bench.Steps.Open => Traffic.Where(static traffic => traffic != Bench.Traffic.Replayed), // an AEAD knows no numbers
        Bench.Steps.Window => Traffic.Where(static traffic => traffic != Bench.Traffic.Forged), // and a window no tags
        _ => [Bench.Traffic.Valid],
    };

    private IReadOnlyList<MacSuite> SuitesOf(string step) => step switch
    {
        Bench.Steps.Mac or Bench.Steps.SealFrames or Bench.Steps.VerifyFrames or Bench.Steps.OpenFrames or Bench.Steps.Memory => Suites,
        _ => [MacSuite.Unset],
    };
}
