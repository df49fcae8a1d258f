using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using FcpFast.Tool.Bench.Runs;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>Times a subject with inputs of both classes in random order and tells whether the times differ.</summary>
/// <remarks>
/// Shape:   a round is a number of single runs; if |t| stays below the threshold, the subject is clean. Else further rounds decide: a leak is
///          found again and again in the same direction, what the machine does is not.
/// Threads: one.
/// Source:  the method of "dude, is my code constant time?" (Reparaz, Balasch, Verbauwhede 2017).
/// </remarks>
internal sealed class LeakRun(int measurements, int seed)
{
    private const int Rounds = 4;
    private const int WarmUpRuns = 2_000;
    private static readonly TimeSpan WarmUpMax = TimeSpan.FromSeconds(5);

    private readonly Random _random = new(seed);
    private readonly double[] _times = new double[measurements];
    private readonly byte[] _classes = new byte[measurements];

    /// <summary>Judges a subject.</summary>
    public LeakFinding Judge(LeakSubject subject, CancellationToken cancellation)
    {
        subject.FillPools(_random);
        WarmUp(subject);
        var statistics = new List<double>();
        bool isLeak = true;
        while (isLeak && statistics.Count < Rounds)
        {
            cancellation.ThrowIfCancellationRequested();
            Measure(subject);
            double t = WelchTest.Largest(_times, _classes);
            isLeak = Math.Abs(t) >= WelchTest.Threshold && (statistics.Count == 0 || Math.Sign(t) == Math.Sign(statistics[0]));
            statistics.Add(t);
        }

        return new LeakFinding(subject.Name, subject.IsPlanted, statistics, isLeak);
    }

    private static void WarmUp(LeakSubject subject)
    {
        var compiler = new JitWatch();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUpRuns || (!compiler.IsQuiet() && Stopwatch.GetElapsedTime(start) < WarmUpMax); i++)
        {
            subject.Load(i & 1);
            subject.Run();
        }
    }

    private void Measure(LeakSubject subject)
    {
        _random.NextBytes(_classes);
        for (int i = 0; i < _times.Length; i++)
        {
            _classes[i] &= 1;
            subject.Load(_classes[i]);
            long start = Stopwatch.GetTimestamp();
            subject.Run();
            _times[i] = Stopwatch.GetTimestamp() - start;
        }
    }
}
