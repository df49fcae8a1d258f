using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using HdrHistogram;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>What one interval of a soak was like.</summary>
internal static class SoakRow
{
    private const double MicrosecondsPerMillisecond = 1000;

    /// <summary>Everything of an interval.</summary>
    public static JsonObject Of(
        TimeSpan at, JsonObject before, JsonObject now, JsonObject relay, int relayLife, IReadOnlyList<SoakGroup> groups, LongHistogram all, long hellos)
    {
        LongHistogram interval = SoakLoad.NewHistogram();
        foreach (SoakGroup group in groups) group.Collect(interval, all);
        double seconds = (double)now["uptime_seconds"]! - (double)before["uptime_seconds"]!;
        long frames = Of(now, "frames_received") - Of(before, "frames_received"), allocated = Of(now, "allocated_bytes") - Of(before, "allocated_bytes");
        return new JsonObject
        {
            ["seconds"] = Math.Round(at.TotalSeconds, 1),
            ["objects"] = interval.TotalCount,
            ["frames_per_s"] = Math.Round(frames / Math.Max(0.001, seconds)),
            ["latency_ms"] = Latency(interval),
            ["gateway_mib"] = Mebibytes(now),
            ["relay_mib"] = Mebibytes(relay),
            ["gateway_collections"] = new JsonArray([.. Enumerable.Range(0, 3).Select(i => (JsonNode)((int)now["collections"]![i]! - (int)before["collections"]![i]!))]),
            ["relay_collections"] = relay["collections"]!.DeepClone(),
            ["relay_life"] = relayLife,
            ["gc_pause_ms"] = Math.Round(((double)now["gc_pause_seconds"]! - (double)before["gc_pause_seconds"]!) * 1000, 1),
            ["allocated_bytes_per_frame"] = Math.Round((double)allocated / Math.Max(1, frames), 2),
            ["system_drops"] = Of(now, "system_drops") - Of(before, "system_drops"),
            ["sessions"] = now["sessions"]!.DeepClone(),
            ["adds_up"] = SoakSums.AddUp(now, hellos),
        };
    }

    /// <summary>The quantiles of a histogram in milliseconds.</summary>
    public static JsonObject Latency(LongHistogram histogram) => new()
    {
        ["p50"] = Quantile(histogram, 50), ["p99"] = Quantile(histogram, 99), ["p99.9"] = Quantile(histogram, 99.9), ["max"] = Quantile(histogram, 100), ["count"] = histogram.TotalCount,
    };

    /// <summary>A row in words.</summary>
    public static string Words(JsonObject row) => string.Create(CultureInfo.InvariantCulture,
        $"{row["seconds"],7} s  {row["objects"],6} objects  {row["frames_per_s"],7} frames/s  p50 {row["latency_ms"]!["p50"]} p99 {row["latency_ms"]!["p99"]} p99.9 {row["latency_ms"]!["p99.9"]} ms  "
        + $"gateway {row["gateway_mib"]} MiB, gc {row["gateway_collections"]!.ToJsonString()}, {row["allocated_bytes_per_frame"]} B/frame  relay {row["relay_mib"]} MiB, gc {row["relay_collections"]!.ToJsonString()}  "
        + $"drops {row["system_drops"]}  {((bool)row["adds_up"]! ? "adds up" : "DOES NOT ADD UP")}");

    private static double Quantile(LongHistogram histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : Math.Round(histogram.GetValueAtPercentile(percentile) / MicrosecondsPerMillisecond, 2);

    private static double Mebibytes(JsonObject status) => Math.Round(Of(status, "resident_bytes") / 1048576.0, 1);

    private static long Of(JsonObject status, string name) => (long)status[name]!;
}
