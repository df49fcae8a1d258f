using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Reports;

/// <summary>The status of a node in words and figures.</summary>
internal static class NodeWords
{
    /// <summary>Who it is and how it does.</summary>
    public static string Head(JsonObject status) => string.Create(CultureInfo.InvariantCulture,
        $"{status["node"]} at {status["address"]}, up {TimeSpan.FromSeconds((long)(double)status["uptime_seconds"]!)}, engine {status["engine"]}, MAC {status["mac_engine"]}, "
        + $"offload {status["offload"]}, {status["sessions"]} sessions, {(long)status["resident_bytes"]! / 1048576.0:F1} MiB resident");

    /// <summary>What it refused, both paths together, most first.</summary>
    public static IReadOnlyList<(string Name, long Count)> Refusals(JsonObject status) =>
        [.. ((JsonObject)status["frames_dropped"]!).Concat((JsonObject)status["control_refused"]!)
            .GroupBy(static pair => pair.Key, static pair => (long)pair.Value!)
            .Select(static group => (group.Key, group.Sum()))
            .OrderByDescending(static pair => pair.Item2).ThenBy(static pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>A rate of bytes as bits.</summary>
    public static string Bits(double bytesPerSecond) => (bytesPerSecond * 8) switch
    {
        >= 1e9 and var bits => string.Create(CultureInfo.InvariantCulture, $"{bits / 1e9:F2} Gbit/s"),
        >= 1e6 and var bits => string.Create(CultureInfo.InvariantCulture, $"{bits / 1e6:F1} Mbit/s"),
        >= 1e3 and var bits => string.Create(CultureInfo.InvariantCulture, $"{bits / 1e3:F0} kbit/s"),
        var bits => string.Create(CultureInfo.InvariantCulture, $"{bits:F0} bit/s"),
    };
}
