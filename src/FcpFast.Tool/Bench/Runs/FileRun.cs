using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Wire;
using FcpFast.Tool.Bench.Frames;
using FcpFast.Tool.Demo;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>The last rungs: the demo, file to file between nodes with everything that nodes do, alone and with a relay in the middle.</summary>
/// <remarks>Shape: all cases in turns, round by round; a row is the round with the median goodput.</remarks>
internal sealed class FileRun(BenchPlan plan, Action<string> started)
{
    private const int PayloadBytes = 1024; // of the default datagram

    private static readonly string[] Fields = ["goodput_gbps", "gc_collections", "offload", "hash_ok", "replays_accepted", "seconds", "processes"];

    /// <summary>Runs everything.</summary>
    public async Task<List<BenchRow>> RunAsync(CancellationToken cancellation)
    {
        BenchCase[] cases =
        [
            .. from step in (string[])[Steps.File, Steps.Relay]
               where plan.Steps.Contains(step)
               from suite in plan.Suites
               select new BenchCase(step, PayloadBytes, FrameLimits.FramesPerSlab(PayloadBytes), suite, Traffic.Valid),
        ];
        var results = cases.ToDictionary(static subject => subject, static _ => new List<JsonObject>());
        for (int round = 0; round < plan.ProcessRounds; round++)
        {
            foreach (BenchCase subject in cases)
            {
                started(string.Create(CultureInfo.InvariantCulture, $"{subject.Step}, {plan.FileBytes} bytes, suite {(int)subject.Suite}, round {round + 1} of {plan.ProcessRounds}"));
                results[subject].Add(await RunOneAsync(subject, cancellation));
            }
        }

        return [.. cases.Select(subject => Row(subject, results[subject]))];
    }

    private async Task<JsonObject> RunOneAsync(BenchCase subject, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using var words = new StringWriter();
        var demo = new DemoPlan(plan.FileBytes, null, true, (int)subject.Suite, WireLimits.DatagramBytesDefault, null, null) { HasRelay = subject.Step == Steps.Relay };
        var streams = new ToolStreams(new InvocationConfiguration { Output = output, Error = words });
        int exit = await new DemoRun(demo, streams).RunAsync(isJson: true, cancellation);
        string? last = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        if (exit == ExitCodes.Done && last is not null && JsonNode.Parse(last) is JsonObject report) return report;
        throw new ToolException($"the demo of the step {subject.Step} failed: {words}", "run 'fcpfast demo' alone");
    }

    private static BenchRow Row(BenchCase subject, List<JsonObject> results)
    {
        JsonObject[] byGoodput = [.. results.OrderBy(static result => (double)result["goodput_gbps"]!)];
        JsonObject median = byGoodput[byGoodput.Length / 2];
        double gbps = (double)median["goodput_gbps"]!;
        double spread = ((double)byGoodput[^1]["goodput_gbps"]! - (double)byGoodput[0]["goodput_gbps"]!) / 2 / gbps * 100;
        var details = new JsonObject();
        foreach (string field in Fields) details[field] = median[field]?.DeepClone();
        double allocated = (double)median["allocated_bytes_per_frame"]!;
        return new BenchRow(subject, (string)median["engine"]!, PayloadBytes * 8 / gbps, spread, allocated) { Details = details };
    }
}
