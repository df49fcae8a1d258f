using System;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>What was measured of one case by one contender.</summary>
/// <param name="Case">The case.</param>
/// <param name="Engine">The contender.</param>
/// <param name="NanosecondsPerFrame">The median.</param>
/// <param name="SpreadPercent">Half the distance between the quartiles, in percent of the median.</param>
/// <param name="AllocatedBytesPerFrame">The median.</param>
/// <remarks>Source: DESIGN §4 (the fields of <c>fcpfast bench --json</c>).</remarks>
internal sealed record BenchRow(
    BenchCase Case, string Engine, double NanosecondsPerFrame, double SpreadPercent, double AllocatedBytesPerFrame)
{
    /// <summary>Payload per time.</summary>
    public double GigabytesPerSecond => Case.PayloadBytes / NanosecondsPerFrame;

    /// <summary>How many times faster than the base of its rung; null if there is none.</summary>
    public double? Ratio { get; init; }

    /// <summary>The contender that <see cref="Ratio"/> is to: libsodium from C, or from C# where the C baseline was not built.</summary>
    public string? RatioTo { get; init; }

    /// <summary>Further fields of the row; null for none.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>The row as JSON.</summary>
    public JsonObject ToJson()
    {
        var row = new JsonObject
        {
            ["step"] = Case.Step,
            ["payload_bytes"] = Case.PayloadBytes,
            ["batch"] = Case.Batch,
            ["engine"] = Engine,
            ["suite"] = (int)Case.Suite is > 0 and int suite ? suite : null,
            ["traffic"] = Case.TrafficName,
            ["ns_per_frame"] = Math.Round(NanosecondsPerFrame, 2),
            ["spread_percent"] = Math.Round(SpreadPercent, 1),
            ["gb_per_s"] = Math.Round(GigabytesPerSecond, 4),
            ["allocated_bytes_per_frame"] = Math.Round(AllocatedBytesPerFrame, 3),
            ["ratio_to_c_libsodium"] = Ratio is { } ratio ? Math.Round(ratio, 3) : null,
        };
        if (Ratio is not null && RatioTo != BenchRunner.RatioBase) row["ratio_is_to"] = RatioTo;
        foreach ((string name, JsonNode? value) in Details ?? []) row[name] = value?.DeepClone();
        return row;
    }
}
