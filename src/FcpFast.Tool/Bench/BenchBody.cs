using System;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Bench;

/// <summary>One case ready to run: its memory is made, its keys are set. Every harness runs these bodies.</summary>
/// <remarks>Threads: one.</remarks>
internal abstract class BenchBody : IDisposable
{
    /// <summary>How many passes may follow one <see cref="Restore"/>.</summary>
    public virtual int PassesMax => int.MaxValue;

    /// <summary>The result as 32 hex digits, to be compared with that of other implementations; empty where results differ by nature.</summary>
    public virtual string Digest => "";

    /// <summary>Further fields of its row; null for none.</summary>
    public virtual JsonObject? Details => null;

    /// <summary>Runs a pass and proves that it did its work.</summary>
    /// <remarks>Errors: throws <see cref="InvalidOperationException"/> that says what is wrong.</remarks>
    public abstract void Check();

    /// <summary>Makes <see cref="PassesMax"/> passes possible again; not timed.</summary>
    public virtual void Restore()
    {
        // most bodies can go on for ever
    }

    /// <summary>The work: one batch.</summary>
    public abstract void Pass();

    /// <summary>Times passes.</summary>
    public virtual BenchSample Sample(int passes)
    {
        long ticks = 0, allocated = 0;
        while (passes > 0)
        {
            int now = Math.Min(passes, PassesMax);
            Restore();
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < now; i++) Pass();
            ticks += Stopwatch.GetTimestamp() - start;
            allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
            passes -= now;
        }

        return new BenchSample(ticks * (1e9 / Stopwatch.Frequency), allocated);
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    /// <summary>Lets go of what the body holds besides memory.</summary>
    protected virtual void Release()
    {
        // most bodies hold nothing else
    }

    /// <summary>Stops a bench whose result is wrong.</summary>
    protected static void Require(bool holds, string expected)
    {
        if (!holds) throw new InvalidOperationException($"a bench body does not do its work: {expected}");
    }
}
