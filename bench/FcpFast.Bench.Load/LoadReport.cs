using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Bench.Load.Comparisons;
using FcpFast.Tool.Bench.Runs;

namespace FcpFast.Bench.Load;

/// <summary>Loads and comparisons side by side.</summary>
internal sealed record LoadReport(JsonObject Machine, IReadOnlyList<BenchRow> Rows, ComparisonRun Comparisons)
{
    /// <summary>The report as JSON.</summary>
    public JsonObject ToJson()
    {
        var comparisons = new JsonArray();
        foreach ((IComparison comparison, List<double> reached) in Comparisons.Reached)
        {
            comparisons.Add((JsonNode)new JsonObject
            {
                ["name"] = comparison.Name,
                ["about"] = comparison.About,
                ["goodput_gbps"] = Math.Round(ComparisonRun.Median(reached), 3),
                ["rounds_gbps"] = new JsonArray([.. reached.Select(static gbps => (JsonNode)Math.Round(gbps, 3))]),
            });
        }

        return new JsonObject
        {
            ["machine"] = Machine.DeepClone(),
            ["rows"] = new JsonArray([.. Rows.Select(static row => (JsonNode)row.ToJson())]),
            ["comparisons"] = comparisons,
            ["skipped"] = new JsonArray([.. Comparisons.Skipped.Select(static words => (JsonNode)words)]),
        };
    }

    /// <summary>Writes the report in words.</summary>
    public void Write(TextWriter output)
    {
        foreach (BenchRow row in Rows)
        {
            JsonObject details = row.Details!;
            output.WriteLine(Text(
                $"{row.Case.Step,-12} {row.Engine,-12} suite {(int)row.Case.Suite}, offload {(((bool)details["offload"]!) ? "on " : "off")} {(double)details["goodput_gbps"]!,8:F3} Gbit/s ±{row.SpreadPercent:F0}%, "));
            output.WriteLine(Text(
                $"{"",-13}{row.NanosecondsPerFrame:F0} ns a frame (cpu: sender {details["sender_cpu_ns_per_frame"]}, receiver {details["receiver_cpu_ns_per_frame"]}), {row.AllocatedBytesPerFrame:F1} bytes allocated a frame, {details["gc_collections"]} collections, lost {details["frames_lost"]}"));
            if (details["latency_us"] is { } latency) output.WriteLine(Text($"{"",-13}from sealed to opened: p50 {latency["p50"]} us, p99 {latency["p99"]} us, p99.9 {latency["p99.9"]} us"));
        }

        foreach ((IComparison comparison, List<double> reached) in Comparisons.Reached)
        {
            double gbps = ComparisonRun.Median(reached);
            output.WriteLine(Text($"{comparison.Name,-12} {gbps,46:F3} Gbit/s: {comparison.About}"));
        }

        foreach (string words in Comparisons.Skipped) output.WriteLine($"skipped: {words}");
        output.WriteLine($"{Machine["cpu"]}, {Machine["cores"]} cores, {Machine["os"]}, {Machine["runtime"]}; load before: {Machine["load_before"]}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
