using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>Measures the cases of a plan: all contenders of a rung in turns, so that what disturbs the machine disturbs them alike.</summary>
/// <remarks>
/// Shape:   per rung: make the bodies, check each once, compare the digests of those that must agree, warm up, then rounds in which every body
///          is timed once, each round beginning with another one; medians and quartiles of the rounds.
/// Errors:  throws <see cref="InvalidOperationException"/> if a body does not do its work or two disagree.
/// Threads: one.
/// </remarks>
internal sealed class BenchRunner(BenchPlan plan, IReadOnlyList<Contender> contenders)
{
    /// <summary>The contender that ratios are to: the C baseline over libsodium.</summary>
    public const string RatioBase = "libsodium-c";

    private const int PassesPerSampleMax = 1 << 20;
    private static readonly TimeSpan WarmUpMax = TimeSpan.FromSeconds(10);
    private readonly HashSet<(string Engine, BenchCase Code)> _warm = [];

    /// <summary>Told before each rung.</summary>
    public Action<string>? RungStarted { get; set; }

    /// <summary>Ends the run between two rungs.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Measures everything.</summary>
    public List<BenchRow> Run()
    {
        var rows = new List<BenchRow>();
        foreach (IReadOnlyList<BenchCase> rung in plan.Rungs())
        {
            Cancellation.ThrowIfCancellationRequested();
            RungStarted?.Invoke($"{rung[0].Step} {rung[0].PayloadBytes} bytes, batches of {rung[0].Batch}, {rung[0].TrafficName}");
            rows.AddRange(Measure(rung));
        }

        return rows;
    }

    private List<BenchRow> Measure(IReadOnlyList<BenchCase> rung)
    {
        var entries = new List<Entry>();
        try
        {
            foreach (BenchCase subject in rung)
            {
                foreach (Contender contender in contenders)
                {
                    if (plan.Only.Count > 0 && !plan.Only.Contains(contender.Name)) continue;
                    if (contender.Prepare(subject) is { } body) entries.Add(new Entry(subject, contender.Name, body));
                }
            }

            foreach (Entry entry in entries) entry.Body.Check();
            RequireAgreement(entries);
            foreach (Entry entry in entries) WarmUp(entry);
            for (int round = 0; round < plan.Rounds; round++)
            {
                for (int i = 0; i < entries.Count; i++) Sample(entries[(i + round) % entries.Count]);
            }

            return WithRatios(entries.ConvertAll(Summarize));
        }
        finally
        {
            foreach (Entry entry in entries) entry.Body.Dispose();
        }
    }

    private static void RequireAgreement(List<Entry> entries)
    {
        foreach (IGrouping<BenchCase, Entry> same in entries.Where(static entry => entry.Body.Digest.Length > 0).GroupBy(static entry => entry.Case))
        {
            Entry first = same.First();
            foreach (Entry other in same.Skip(1))
            {
                if (other.Body.Digest == first.Body.Digest) continue;
                throw new InvalidOperationException(
                    $"{other.Engine} and {first.Engine} disagree about '{same.Key}': {other.Body.Digest} and {first.Body.Digest}");
            }
        }
    }

    /// <summary>Finds how many passes make a sample, and runs a body until its code is compiled in full.</summary>
    private void WarmUp(Entry entry)
    {
        var compiler = new JitWatch();
        bool isWarm = !_warm.Add((entry.Engine, entry.Case with { PayloadBytes = 0, Batch = 0 }));
        long start = Stopwatch.GetTimestamp();
        TimeSpan taken;
        do
        {
            double nanoseconds = Math.Max(1, entry.Body.Sample(entry.Passes).Nanoseconds);
            double wanted = plan.SampleMilliseconds * 1e6 / nanoseconds * entry.Passes;
            entry.Passes = (int)Math.Clamp(wanted, 1, Math.Min(PassesPerSampleMax, entry.Passes * 8.0));
            isWarm |= compiler.IsQuiet();
            taken = Stopwatch.GetElapsedTime(start);
        }
        while (taken.TotalMilliseconds < plan.WarmUpMilliseconds || (!isWarm && taken < WarmUpMax));
    }

    private static void Sample(Entry entry)
    {
        BenchSample sample = entry.Body.Sample(entry.Passes);
        double frames = (double)entry.Passes * entry.Case.Batch;
        entry.Nanoseconds.Add(sample.Nanoseconds / frames);
        entry.Allocated.Add(sample.AllocatedBytes / frames);
    }

    private static BenchRow Summarize(Entry entry)
    {
        return new BenchRow(entry.Case, entry.Engine, Quantile(entry.Nanoseconds, 0.5), Spread(entry.Nanoseconds), Quantile(entry.Allocated, 0.5)) { Details = entry.Body.Details };
    }

    /// <summary>Half the distance between the quartiles, in hundredths of the median.</summary>
    internal static double Spread(List<double> values) => (Quantile(values, 0.75) - Quantile(values, 0.25)) / 2 / Quantile(values, 0.5) * 100;

    /// <summary>The quantile of a list, between neighbours where it falls between them.</summary>
    internal static double Quantile(List<double> values, double quantile)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        double place = (sorted.Length - 1) * quantile;
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    /// <summary>Relates rows to the base: in the same suite, or else in the one that the base has.</summary>
    internal static List<BenchRow> WithRatios(List<BenchRow> rows) => rows.ConvertAll(row =>
    {
        BenchRow[] bases = [.. rows.Where(static other => other.Engine == RatioBase)];
        if (bases.Length == 0) bases = [.. rows.Where(static other => other.Engine == Contenders.Libsodium)];
        BenchRow? against = Array.Find(bases, other => other.Case.Suite == row.Case.Suite) ?? bases.FirstOrDefault();
        return against is null ? row : row with { Ratio = against.NanosecondsPerFrame / row.NanosecondsPerFrame, RatioTo = against.Engine };
    });

    private sealed class Entry(BenchCase subject, string engine, BenchBody body)
    {
        public BenchCase Case { get; } = subject;

        public string Engine { get; } = engine;

        public BenchBody Body { get; } = body;

        public int Passes { get; set; } = 1;

        public List<double> Nanoseconds { get; } = [];

        public List<double> Allocated { get; } = [];
    }
}
