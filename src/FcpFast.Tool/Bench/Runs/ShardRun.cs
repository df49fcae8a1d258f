using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench.Frames;
using FcpFast.Tool.Demo;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>What a second shard brings: in memory, where two threads share the machine and nothing else; and one process that receives from two.</summary>
/// <remarks>
/// Shape:   one and two shards in turns, round by round; medians. In memory the ratio tells whether two shards hold each other up: 2 if nothing does.
///          Where the cores are not free (other work, or senders that share them) the processor time a frame tells it: equal if nothing does.
/// </remarks>
internal sealed class ShardRun(BenchPlan plan, Action<string> started)
{
    private const int PayloadBytes = 1024; // of the default datagram
    private const int WarmUpPasses = 512;
    private const int MemoryPasses = 2048; // some 80 ms, against which the start of a thread is nothing
    private const string Hub = "hub";

    private static readonly int[] Counts = [1, 2];
    private static readonly string[] Senders = ["sender-1", "sender-2"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs what the plan names.</summary>
    public async Task<List<BenchRow>> RunAsync(CancellationToken cancellation)
    {
        var rows = new List<BenchRow>();
        if (plan.Steps.Contains(Steps.ShardsMemory))
        {
            foreach (BenchEngine engine in Contenders.Engines.Where(engine => plan.Only.Count == 0 || plan.Only.Contains(engine.Name)))
            {
                foreach (MacSuite suite in plan.Suites) rows.AddRange(Measure(engine, suite, MemoryPasses, cancellation));
            }
        }

        if (plan.Steps.Contains(Steps.Shards)) rows.AddRange(await ReceiveAsync(cancellation));
        return rows;
    }

    /// <summary>Frames sealed and opened in memory, by one thread and by two.</summary>
    internal List<BenchRow> Measure(BenchEngine engine, MacSuite suite, int passes, CancellationToken cancellation)
    {
        var subject = new BenchCase(Steps.Memory, PayloadBytes, FrameLimits.FramesPerSlab(PayloadBytes), suite, Traffic.Valid);
        started(string.Create(CultureInfo.InvariantCulture, $"{Steps.ShardsMemory} {PayloadBytes} bytes, {engine.Name}, suite {(int)suite}"));
        ShardThreads[] contenders = [.. Counts.Select(threads => new ShardThreads(() => engine.Prepare(subject)!, threads))];
        try
        {
            foreach (ShardThreads contender in contenders)
            {
                contender.Check();
                contender.Sample(Math.Min(passes, WarmUpPasses));
            }

            List<double>[] rounds = [.. contenders.Select(static _ => new List<double>())], cpu = [.. contenders.Select(static _ => new List<double>())];
            for (int round = 0; round < plan.Rounds; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < contenders.Length; i++)
                {
                    (double nanoseconds, double cpuNanoseconds) = contenders[i].Sample(passes);
                    double frames = (double)passes * subject.Batch * contenders[i].Threads;
                    rounds[i].Add(nanoseconds / frames);
                    cpu[i].Add(cpuNanoseconds / frames);
                }
            }

            double[] medians = [.. rounds.Select(static round => BenchRunner.Quantile(round, 0.5))];
            return [.. Counts.Select((threads, i) => new BenchRow(
                subject with { Step = Steps.ShardsMemory }, NameOf(engine.Name, threads), medians[i], BenchRunner.Spread(rounds[i]), 0)
            {
                Details = new JsonObject { ["shards"] = threads, ["ratio_to_one_shard"] = Math.Round(medians[0] / medians[i], 3), ["cpu_ns_per_frame"] = Math.Round(BenchRunner.Quantile(cpu[i], 0.5), 1) },
            })];
        }
        finally
        {
            Array.ForEach(contenders, static contender => contender.Dispose());
        }
    }

    private static string NameOf(string engine, int shards) => string.Create(CultureInfo.InvariantCulture, $"{engine} x{shards}");

    /// <summary>One process that receives a file from each of two others, with one shard and with two.</summary>
    private async Task<List<BenchRow>> ReceiveAsync(CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("fcpfast-bench-").FullName;
        try
        {
            DemoFleet.Create(folder, [Hub, .. Senders], [], (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds()).Dispose();
            foreach (string sender in Senders) await DemoFile.WriteAsync(Path.Combine(folder, sender + ".bin"), plan.FileBytes / Senders.Length, cancellation);
            List<Received>[] rounds = [.. Counts.Select(static _ => new List<Received>())];
            for (int round = 0; round < plan.ProcessRounds; round++)
            {
                for (int i = 0; i < Counts.Length; i++)
                {
                    started(string.Create(CultureInfo.InvariantCulture, $"{Steps.Shards}, {plan.FileBytes} bytes, {Counts[i]} of a process, round {round + 1} of {plan.ProcessRounds}"));
                    rounds[i].Add(await ReceiveOnceAsync(folder, Counts[i], cancellation));
                }
            }

            double[] medians = [.. rounds.Select(static round => BenchRunner.Quantile([.. round.Select(static one => one.NanosecondsPerFrame)], 0.5))];
            return [.. Counts.Select((_, i) => Row(rounds[i], medians[i], medians[0]))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Received> ReceiveOnceAsync(string folder, int shards, CancellationToken cancellation)
    {
        string into = Directory.CreateDirectory(Path.Combine(folder, "received")).FullName;
        await using FcpEndpoint hub = FcpEndpoint.Open(FcpEndpointOptions.Gateway(Path.Combine(folder, Hub)) with
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0), ReceiveInto = into, Shards = shards,
        });
        TimeSpan before = Environment.CpuUsage.TotalTime;
        ToolProcess[] senders = [.. Senders.Select(sender => ToolProcess.Start(
            ["send", Path.Combine(folder, sender + ".bin"), "--state", Path.Combine(folder, sender), "--to", Hub, "--peer", hub.Address.ToString()]))];
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            long begun = 0;
            for (int received = 0; received < Senders.Length;)
            {
                FcpEndpointEvent happened = await hub.Events.ReadAsync(patience.Token);
                if (happened is FcpEndpointEvent.FileOpened && begun == 0) begun = TimeProvider.System.GetTimestamp();
                if (happened is FcpEndpointEvent.FileRefused refused) throw new ToolException($"a file of the step {Steps.Shards} was refused: {refused.File.FailureDetail}", "see the reason");
                if (happened is FcpEndpointEvent.FileReceived) received++;
            }

            TimeSpan taken = TimeProvider.System.GetElapsedTime(begun), spent = Environment.CpuUsage.TotalTime - before;
            FcpEndpointFigures figures = await hub.ReadFiguresAsync();
            return new Received(shards, hub.Engine, hub.Suite ?? 0, plan.FileBytes, taken, spent, figures);
        }
        finally
        {
            foreach (ToolProcess sender in senders) await sender.DisposeAsync();
            Directory.Delete(into, recursive: true);
        }
    }

    private static BenchRow Row(List<Received> rounds, double median, double ofOneShard)
    {
        Received typical = rounds.MinBy(one => Math.Abs(one.NanosecondsPerFrame - median))!;
        var subject = new BenchCase(Steps.Shards, PayloadBytes, FrameLimits.FramesPerSlab(PayloadBytes), (MacSuite)typical.Suite, Traffic.Valid);
        return new BenchRow(subject, NameOf(typical.Engine, typical.Shards), median, BenchRunner.Spread([.. rounds.Select(static one => one.NanosecondsPerFrame)]), 0)
        {
            Details = new JsonObject
            {
                ["shards"] = typical.Shards,
                ["ratio_to_one_shard"] = Math.Round(ofOneShard / median, 3),
                ["goodput_gbps"] = Math.Round(typical.GoodputGbps, 3),
                ["receiver_cpu_ns_per_frame"] = Math.Round(typical.CpuNanosecondsPerFrame, 1),
                ["frames_by_shard"] = new JsonArray([.. typical.Figures.Shards.Select(static shard => (JsonNode)shard.FramesReceived)]),
                ["system_drops"] = typical.Figures.SystemDrops,
                ["seconds"] = Math.Round(typical.Taken.TotalSeconds, 3),
            },
        };
    }

    private sealed record Received(int Shards, string Engine, int Suite, long Bytes, TimeSpan Taken, TimeSpan Spent, FcpEndpointFigures Figures)
    {
        public double NanosecondsPerFrame => Taken.TotalNanoseconds * PayloadBytes / Bytes;

        public double GoodputGbps => Bytes * 8 / Taken.TotalNanoseconds;

        public double CpuNanosecondsPerFrame => Spent.TotalNanoseconds / Figures.FramesOpened;
    }
}
