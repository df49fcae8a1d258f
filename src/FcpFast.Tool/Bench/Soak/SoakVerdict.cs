using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>Whether a soak was as it should be, with the bounds that it was held to.</summary>
internal static class SoakVerdict
{
    /// <summary>Growth of resident memory in the second half: a share of what there is, and a floor that allocators move about in.</summary>
    public const double GrowthShareMax = 0.05, GrowthMebibytesMax = 4;

    /// <summary>What a gateway allocates for objects, files, control messages and questions, over the frames of the same time; sealing, verifying and opening allocate nothing.</summary>
    public const double AllocatedBytesPerFrameMax = 40;

    /// <summary>Time that the collector may hold a gateway up, and full collections a minute: sessions and files in transit live long enough for the oldest generation, frames are never there.</summary>
    public const double PauseShareMax = 0.001, FullCollectionsPerMinuteMax = 1;

    /// <summary>A relay with fifty peers.</summary>
    public const double RelayMebibytesMax = 40;

    private const int PeersOfTheBound = 50;

    /// <summary>Shorter runs are warming up all the time.</summary>
    private static readonly TimeSpan JudgedFrom = TimeSpan.FromMinutes(3);

    /// <summary>All checks, and <c>ok</c>.</summary>
    public static JsonObject Of(JsonObject report, IReadOnlyList<SoakSample> samples, SoakPlan plan)
    {
        bool isLong = plan.Duration >= JudgedFrom;
        SoakSample[] half = [.. samples.Where(one => one.At >= plan.Duration / 2)];
        SoakSample[] ofOneLife = [.. half.Where(one => one.RelayLife == samples[^1].RelayLife)];
        JsonObject gateway = Flat(half, static one => one.GatewayMebibytes), relay = Flat(ofOneLife, static one => one.RelayMebibytes);
        JsonNode?[] later = [.. ((JsonArray)report["rows"]!).Skip(1)];
        int full = later.Sum(static row => (int)row!["gateway_collections"]![2]!) + FullOfRelay([.. (JsonArray)report["rows"]!]);
        double paused = later.Length == 0 ? 0 : later.Average(row => (double)row!["gc_pause_ms"]!) / plan.Interval.TotalMilliseconds, fullMax = FullCollectionsPerMinuteMax * plan.Duration.TotalMinutes;
        double allocated = later.Length == 0 ? 0 : later.Average(static row => (double)row!["allocated_bytes_per_frame"]!);
        var sums = (JsonObject)report["sums"]!;
        bool addUp = sums.Where(static pair => pair.Key.EndsWith("_ok", StringComparison.Ordinal)).All(static pair => (bool)pair.Value!) && ((JsonArray)report["rows"]!).All(static row => (bool)row!["adds_up"]!);
        bool ended = ((JsonObject)report["exit_codes"]!).All(static one => (int)one.Value! == ExitCodes.Done);
        double relayMax = (double?)report["relay"]!["peak_rss_mib"] ?? 0;
        bool isOther = !((bool)report["native_relay"]! && plan.Peers == PeersOfTheBound);
        var verdict = new JsonObject
        {
            ["memory_judged"] = isLong, ["gateway_memory"] = gateway, ["relay_memory"] = relay,
            ["relay_peak_mib"] = relayMax, ["relay_peak_mib_max"] = isOther ? null : RelayMebibytesMax,
            ["full_collections"] = full, ["full_collections_max"] = fullMax, ["gc_pause_share"] = Math.Round(paused, 6), ["gc_pause_share_max"] = PauseShareMax,
            ["allocated_bytes_per_frame"] = Math.Round(allocated, 2), ["allocated_bytes_per_frame_max"] = AllocatedBytesPerFrameMax,
            ["add_up"] = addUp, ["ended_in_order"] = ended,
        };
        bool isFlat = !isLong || ((bool)gateway["flat"]! && (bool)relay["flat"]!);
        verdict["ok"] = isFlat && addUp && ended && (!isLong || (full <= fullMax && paused <= PauseShareMax && allocated <= AllocatedBytesPerFrameMax)) && (isOther || relayMax <= RelayMebibytesMax);
        return verdict;
    }

    /// <summary>Full collections of the relay's last life since that life's first row: before it, peers came.</summary>
    private static int FullOfRelay(JsonNode?[] rows)
    {
        JsonNode?[] life = [.. rows.Where(row => (int)row!["relay_life"]! == (int)rows[^1]!["relay_life"]!)];
        return life.Length == 0 ? 0 : (int)life[^1]!["relay_collections"]![2]! - (int)life[0]!["relay_collections"]![2]!;
    }

    /// <summary>A straight line through the samples: what it rises over their time.</summary>
    internal static JsonObject Flat(IReadOnlyList<SoakSample> samples, Func<SoakSample, double> of)
    {
        if (samples.Count < 2) return new JsonObject { ["growth_mib"] = 0, ["flat"] = true };
        double meanAt = samples.Average(static one => one.At.TotalSeconds), mean = samples.Average(of), over = 0, under = 0;
        foreach (SoakSample one in samples)
        {
            over += (one.At.TotalSeconds - meanAt) * (of(one) - mean);
            under += (one.At.TotalSeconds - meanAt) * (one.At.TotalSeconds - meanAt);
        }

        double growth = under == 0 ? 0 : over / under * (samples[^1].At - samples[0].At).TotalSeconds, bound = Math.Max(GrowthMebibytesMax, mean * GrowthShareMax);
        return new JsonObject { ["mean_mib"] = Math.Round(mean, 1), ["growth_mib"] = Math.Round(growth, 2), ["growth_mib_max"] = Math.Round(bound, 2), ["flat"] = growth <= bound };
    }
}
