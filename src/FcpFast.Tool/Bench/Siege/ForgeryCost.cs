using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;
using System.Threading;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench.Frames;
using FcpFast.Tool.Bench.Runs;

namespace FcpFast.Tool.Bench.Siege;

/// <summary>What a forged frame of a live session costs its receiver in memory, beside the cost of its MAC alone, by one engine in one run.</summary>
internal static class ForgeryCost
{
    private const int PayloadBytes = 1024;
    private const double SampleNanoseconds = 5e6;
    private const int PassesMax = 4096;

    /// <summary>Measures both in turns.</summary>
    public static JsonObject Measure(BenchEngine engine, MacSuite suite, int rounds, CancellationToken cancellation)
    {
        using BenchBody forged = engine.NewForgery(suite, PayloadBytes, isMacAlone: false), mac = engine.NewForgery(suite, PayloadBytes, isMacAlone: true);
        forged.Check();
        mac.Check();
        int forgedPasses = Passes(forged), macPasses = Passes(mac);
        var forgedCosts = new List<double>();
        var macCosts = new List<double>();
        var ratios = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            forgedCosts.Add(PerFrame(forged, forgedPasses));
            macCosts.Add(PerFrame(mac, macPasses));
            ratios.Add(forgedCosts[^1] / macCosts[^1]);
        }

        double ratio = BenchRunner.Quantile(ratios, 0.5);
        return new JsonObject
        {
            ["engine"] = engine.Name,
            ["suite"] = (int)suite,
            ["ns_per_forged_frame"] = Math.Round(BenchRunner.Quantile(forgedCosts, 0.5), 1),
            ["ns_per_mac"] = Math.Round(BenchRunner.Quantile(macCosts, 0.5), 1),
            ["ratio"] = Math.Round(ratio, 3),
            ["ratio_max"] = SiegeBounds.ForgedToMacMax,
            ["ok"] = ratio <= SiegeBounds.ForgedToMacMax,
        };
    }

    private static double PerFrame(BenchBody body, int passes) => body.Sample(passes).Nanoseconds / ((double)passes * FrameLimits.FramesPerSlab(PayloadBytes));

    /// <summary>Warms a body up, and finds how many passes make a sample.</summary>
    private static int Passes(BenchBody body)
    {
        var compiler = new JitWatch();
        int passes = 1;
        for (int tries = 0; tries < 10_000 && !compiler.IsQuiet(); tries++)
        {
            double nanoseconds = Math.Max(1, body.Sample(passes).Nanoseconds);
            passes = (int)Math.Clamp(SampleNanoseconds / nanoseconds * passes, 1, PassesMax);
        }

        return passes;
    }
}
