using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Bench.Load;
using FcpFast.Bench.Load.Comparisons;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Load;

namespace FcpFast.Bench.Tests;

/// <summary>DESIGN §5: frames and objects between two ends over UDP, here in one process.</summary>
public sealed class LoadTests
{
    [Theory]
    [InlineData(false, MacSuite.Blake3, 1024, true)]
    [InlineData(false, MacSuite.HmacSha256, 256, false)]
    [InlineData(true, MacSuite.Blake3, 1024, true)]
    [InlineData(true, MacSuite.HmacSha256, 16384, true)]
    public async Task Load_BothEnds_MovesFramesOrObjectsToTheEnd(bool isObjects, MacSuite suite, int payloadBytes, bool offload)
    {
        var plan = new LoadPlan(Contenders.Libsodium, suite, payloadBytes, isObjects, offload) { WarmUpSeconds = 0.1, Seconds = 0.3 };
        BenchEngine engine = Contenders.Engines[0];
        using LoadReceiver receiver = engine.NewReceiver(plan);
        using ILoadEnd sender = engine.NewSender(plan, receiver.Address);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<JsonObject> receiving = Task.Run(() => receiver.Run(cancellation), cancellation), sending = Task.Run(() => sender.Run(cancellation), cancellation);
        JsonObject received = await receiving.WaitAsync(TimeSpan.FromMinutes(2), cancellation);
        JsonObject sent = await sending.WaitAsync(TimeSpan.FromMinutes(2), cancellation);
        Assert.True((long)received["frames"]! > 0);
        Assert.True((long)sent["frames"]! > 0);
        long bytes = (long)received["payload_bytes"]!;
        Assert.True(bytes > 0);
        Assert.Equal(0, bytes % (isObjects ? 65536 : payloadBytes));
        Assert.Equal(!isObjects, received.ContainsKey("latency_us"));
    }

    /// <summary>The receiver refuses the forger's frames, gives it no credit, and ends as the sender's part is over.</summary>
    [Fact]
    public async Task Load_BesideAForger_CountsWhatWasForgedApart()
    {
        var plan = new LoadPlan(Contenders.Libsodium, MacSuite.Blake3, 1024, IsObjects: false)
        {
            WarmUpSeconds = 0.1, Seconds = 0.5, PacedGbps = 0.05, ForgedPerSecond = 5_000,
        };
        BenchEngine engine = Contenders.Engines[0];
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using LoadReceiver receiver = engine.NewReceiver(plan);
        using ILoadEnd sender = engine.NewSender(plan, receiver.Address), forger = engine.NewForger(plan, receiver.Address);
        Task<JsonObject> receiving = Task.Run(() => receiver.Run(cancellation), cancellation), sending = Task.Run(() => sender.Run(cancellation), cancellation);
        Task<JsonObject> forging = Task.Run(() => forger.Run(ending.Token), cancellation);
        JsonObject received = await receiving.WaitAsync(TimeSpan.FromMinutes(2), cancellation);
        JsonObject sent = await sending.WaitAsync(TimeSpan.FromMinutes(2), cancellation);
        await ending.CancelAsync();
        JsonObject forged = await forging.WaitAsync(TimeSpan.FromMinutes(2), cancellation);
        Assert.True((double)received["forged_per_s"]! > 0, received.ToJsonString());
        Assert.True((long)received["frames"]! > 0 && (long)sent["frames"]! > 0 && (long)forged["frames"]! > 0);
        Assert.True((double)received["goodput_gbps"]! < 0.1, received.ToJsonString()); // a pace is a bound, however slow the machine
    }

    [Fact]
    public async Task Load_Cancelled_EndsBothEnds()
    {
        var plan = new LoadPlan(Contenders.Libsodium, MacSuite.Blake3, 1024, IsObjects: false);
        using LoadReceiver receiver = Contenders.Engines[0].NewReceiver(plan);
        using ILoadEnd sender = Contenders.Engines[0].NewSender(plan, receiver.Address);
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => receiver.Run(cancelled)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => sender.Run(cancelled)));
    }

    [Theory]
    [InlineData(0ul, 0)]
    [InlineData(ulong.MaxValue, 2)]
    public void Credit_WrittenAndRead_IsTheSame(ulong frames, byte phaseNumber)
    {
        var phase = (LoadPhase)phaseNumber;
        byte[] bytes = new byte[LoadCredit.Bytes];
        new LoadCredit(frames, phase).Write(bytes);
        Assert.True(LoadCredit.TryRead(bytes, out LoadCredit read));
        Assert.Equal(new LoadCredit(frames, phase), read);
        bytes[8] = 3;
        Assert.False(LoadCredit.TryRead(bytes, out _));
        Assert.False(LoadCredit.TryRead(bytes.AsSpan(1), out _));
    }

    [Fact]
    public void Arguments_OfAPlan_AreTakenByBothVerbs()
    {
        var plan = new LoadPlan(Contenders.Libsodium, MacSuite.Blake3, 1024, IsObjects: true);
        foreach (System.CommandLine.Command verb in LoadVerbs.Create())
        {
            Assert.Empty(verb.Parse(LoadVerbs.Arguments(plan)).Errors);
        }
    }

    [Fact]
    public void Comparisons_NotInstalled_AreSkippedByNameWithTheRemedy()
    {
        Assert.Equal(["no-such-program"], Commands.Missing("sh", "no-such-program"));
        var run = new ComparisonRun([new Absent()]);
        Assert.Equal(["absent: not here; install it"], run.Skipped);
        Assert.Empty(run.Reached);
        Assert.Equal(["iperf3-udp", "wireguard-go"], ComparisonRun.Known.Select(static comparison => comparison.Name));
    }

    private sealed class Absent : IComparison
    {
        public string Name => "absent";

        public string About => "";

        public string? Missing() => "not here; install it";

        public Task<double> RunAsync(double seconds, CancellationToken cancellation) => throw new InvalidOperationException();
    }
}
