using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool.Bench.Runs;
using FcpFast.Tool.Demo;

namespace FcpFast.Tool.Bench.Load;

/// <summary>Runs loads, each as two processes of this program, and makes rows of them.</summary>
/// <remarks>Shape: all plans in turns, round by round; a row is the round with the median goodput.</remarks>
internal sealed class LoadRun(IReadOnlyList<LoadPlan> plans, int rounds)
{
    /// <summary>Told before each load.</summary>
    public Action<string>? Started { get; set; }

    /// <summary>Called after each round, for what is to be run in turns with the loads.</summary>
    public Func<Task>? RoundEnded { get; set; }

    /// <summary>Runs everything.</summary>
    public async Task<List<BenchRow>> RunAsync(CancellationToken cancellation)
    {
        var results = plans.ToDictionary(static plan => plan, static _ => new List<JsonObject>());
        for (int round = 0; round < rounds; round++)
        {
            foreach (LoadPlan plan in plans)
            {
                Started?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{plan.Step}, {plan.Engine}, suite {(int)plan.Suite}, offload {(plan.Offload ? "on" : "off")}, round {round + 1} of {rounds}"));
                results[plan].Add(await RunOneAsync(plan, cancellation));
            }

            if (RoundEnded is not null) await RoundEnded();
        }

        return [.. plans.Select(plan => Row(plan, results[plan]))];
    }

    /// <summary>Runs one load; the receiver's report, with the sender's in it.</summary>
    public static async Task<JsonObject> RunOneAsync(LoadPlan plan, CancellationToken cancellation)
    {
        await using ToolProcess receiver = ToolProcess.Start(["bench", LoadVerbs.Receive, .. LoadVerbs.Arguments(plan)]);
        JsonObject? listening = await receiver.FirstEventAsync(cancellation);
        if (listening is null) throw Failed("receiver", receiver);
        string[] arguments = [.. LoadVerbs.Arguments(plan), "--to", (string)listening["address"]!];
        await using ToolProcess? forger = plan.ForgedPerSecond == 0 ? null : ToolProcess.Start(["bench", LoadVerbs.Forge, .. arguments]);
        await using ToolProcess sender = ToolProcess.Start(["bench", LoadVerbs.Send, .. arguments]);
        await Task.WhenAll(receiver.Ended, sender.Ended).WaitAsync(cancellation);
        if (receiver.Report is not { } received || receiver.ExitCode != ExitCodes.Done) throw Failed("receiver", receiver);
        if (sender.Report is not { } sent || sender.ExitCode != ExitCodes.Done) throw Failed("sender", sender);
        received["sender"] = sent;
        return received;
    }

    private static BenchRow Row(LoadPlan plan, List<JsonObject> results)
    {
        JsonObject[] byGoodput = [.. results.OrderBy(static result => (double)result["goodput_gbps"]!)];
        JsonObject median = byGoodput[byGoodput.Length / 2];
        double nanoseconds = (double)median["ns_per_frame"]!, gbps = (double)median["goodput_gbps"]!;
        double spread = ((double)byGoodput[^1]["goodput_gbps"]! - (double)byGoodput[0]["goodput_gbps"]!) / 2 / gbps * 100;
        var sent = (JsonObject)median["sender"]!;
        var details = new JsonObject
        {
            ["goodput_gbps"] = gbps,
            ["frames_per_s"] = Math.Round(1e9 / nanoseconds),
            ["offload"] = median["offload"]!.DeepClone(),
            ["gc_collections"] = (int)median["gc_collections"]! + (int)sent["gc_collections"]!,
            ["latency_us"] = median["latency_us"]?.DeepClone(),
            ["frames_lost"] = sent["frames_lost"]!.DeepClone(),
            ["sender_cpu_ns_per_frame"] = CpuPerFrame(sent),
            ["receiver_cpu_ns_per_frame"] = CpuPerFrame(median),
            ["seconds"] = median["seconds"]!.DeepClone(),
            ["rounds_gbps"] = new JsonArray([.. results.Select(static result => result["goodput_gbps"]!.DeepClone())]),
        };
        double allocated = Math.Max((double)median["allocated_bytes_per_frame"]!, (double)sent["allocated_bytes_per_frame"]!);
        var subject = new BenchCase(plan.Step, plan.PayloadBytes, Frames.FrameLimits.FramesPerSlab(plan.PayloadBytes), plan.Suite, Traffic.Valid);
        return new BenchRow(subject, plan.Engine, nanoseconds, spread, allocated) { Details = details };
    }

    private static double CpuPerFrame(JsonObject end) => Math.Round((double)end["cpu_seconds"]! * 1e9 / Math.Max(1, (long)end["frames"]!), 1);

    private static ToolException Failed(string who, ToolProcess process) =>
        new($"the load's {who} failed: {string.Join(Environment.NewLine, process.Words)}", "see its message above");
}
