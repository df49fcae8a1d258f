using System;
using System.Diagnostics;
using System.Threading;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>The same work on several threads at once, each with a body of its own, as shards have: what they share shows as time.</summary>
/// <remarks>Threads: one user; the work is done on threads of its own.</remarks>
internal sealed class ShardThreads(Func<BenchBody> newBody, int threads) : IDisposable
{
    private readonly BenchBody[] _bodies = NewBodies(newBody, threads);

    /// <summary>How many threads work.</summary>
    public int Threads => _bodies.Length;

    /// <summary>Proves that each body does its work.</summary>
    public void Check() => Array.ForEach(_bodies, static body => body.Check());

    /// <summary>The time from the moment at which all begin to that at which the last has done so many passes, and the processor time of all.</summary>
    public (double Nanoseconds, double CpuNanoseconds) Sample(int passes)
    {
        using var start = new Barrier(_bodies.Length + 1);
        using var done = new CountdownEvent(_bodies.Length);
        foreach (BenchBody body in _bodies)
        {
            new Thread(() =>
            {
                start.SignalAndWait();
                body.Sample(passes);
                done.Signal();
            }) { Name = "bench shard", IsBackground = true }.Start();
        }

        start.SignalAndWait();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long begun = Stopwatch.GetTimestamp();
        done.Wait();
        return (Stopwatch.GetElapsedTime(begun).TotalNanoseconds, (Environment.CpuUsage.TotalTime - before).TotalNanoseconds);
    }

    public void Dispose() => Array.ForEach(_bodies, static body => body.Dispose());

    private static BenchBody[] NewBodies(Func<BenchBody> newBody, int threads)
    {
        var bodies = new BenchBody[threads];
        for (int i = 0; i < threads; i++) bodies[i] = newBody();
        return bodies;
    }
}
