using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench.Load;
using FcpFast.Tool.Bench.Runs;

namespace FcpFast.Tool.Bench.Siege;

/// <summary>A real peer that sends at a steady rate over UDP on loopback, alone and beside a process that forges frames of its session, in turns.</summary>
internal static class ForgeryFlood
{
    private const int PayloadBytes = 1024;

    /// <summary>Runs both, a few times.</summary>
    public static async Task<JsonObject> MeasureAsync(BenchEngine engine, MacSuite suite, double seconds, int rounds, CancellationToken cancellation)
    {
        LoadPlan alone = new(engine.Name, suite, PayloadBytes, IsObjects: false) { Seconds = seconds, PacedGbps = SiegeBounds.PacedGbps };
        LoadPlan beside = alone with { ForgedPerSecond = SiegeBounds.HostilePerSecond };
        var goodputAlone = new List<double>();
        var goodputBeside = new List<double>();
        var forged = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            goodputAlone.Add((double)(await LoadRun.RunOneAsync(alone, cancellation))["goodput_gbps"]!);
            JsonObject report = await LoadRun.RunOneAsync(beside, cancellation);
            goodputBeside.Add((double)report["goodput_gbps"]!);
            forged.Add((double)report["forged_per_s"]!);
        }

        double quiet = BenchRunner.Quantile(goodputAlone, 0.5), besieged = BenchRunner.Quantile(goodputBeside, 0.5);
        double loss = Math.Max(0, 1 - (besieged / quiet));
        return new JsonObject
        {
            ["engine"] = engine.Name,
            ["suite"] = (int)suite,
            ["paced_gbps"] = SiegeBounds.PacedGbps,
            ["goodput_gbps_alone"] = Math.Round(quiet, 3),
            ["goodput_gbps_beside"] = Math.Round(besieged, 3),
            ["forged_per_s"] = Math.Round(BenchRunner.Quantile(forged, 0.5)),
            ["goodput_loss"] = Math.Round(loss, 4),
            ["goodput_loss_max"] = SiegeBounds.GoodputLossMax,
            ["rounds_gbps"] = new JsonArray([.. goodputAlone.Zip(goodputBeside, static (a, b) => (JsonNode)new JsonArray(a, b))]),
            ["ok"] = loss < SiegeBounds.GoodputLossMax,
        };
    }
}
