using System;
using System.Diagnostics;

namespace FcpFast.Tool.Bench.Load;

/// <summary>Spreads slabs over time at a steady rate. Time that was lost is not made up for beyond a few slabs.</summary>
/// <param name="slabsPerSecond">The rate; 0 for none.</param>
internal sealed class LoadPace(double slabsPerSecond)
{
    private const double BurstSlabs = 8;

    private double _tokens;
    private long _refilled = Stopwatch.GetTimestamp();

    /// <summary>True if the next slab may go.</summary>
    public bool IsDue
    {
        get
        {
            if (slabsPerSecond == 0) return true;
            long now = Stopwatch.GetTimestamp();
            _tokens = Math.Min(BurstSlabs, _tokens + (Stopwatch.GetElapsedTime(_refilled, now).TotalSeconds * slabsPerSecond));
            _refilled = now;
            return _tokens >= 1;
        }
    }

    /// <summary>A slab went.</summary>
    public void Count() => _tokens -= slabsPerSecond == 0 ? 0 : 1;
}
