using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Admission;

/// <summary>A counter that starts anew when its minute is over.</summary>
/// <remarks>Threads: one user at a time. Source: [WIRE §19].</remarks>
public struct FixedWindow
{
    private long _startedTicks;
    private bool _isStarted;

    /// <summary>What was counted in the present window.</summary>
    public long Count { get; private set; }

    /// <summary>True if <paramref name="amount"/> more would stay within the limit.</summary>
    public bool Allows(long amount, long limit, Instant now)
    {
        Roll(now);
        return amount <= limit - Count;
    }

    /// <summary>Counts, within the limit or not.</summary>
    public void Add(long amount, Instant now)
    {
        Roll(now);
        Count = long.MaxValue - Count < amount ? long.MaxValue : Count + amount;
    }

    /// <summary>How long until the window is over; 0 if none is running.</summary>
    public readonly long TicksToEnd(Instant now) => _isStarted ? long.Max(0, _startedTicks + AdmissionLimits.WindowTicks - now.Ticks) : 0;

    private void Roll(Instant now)
    {
        if (_isStarted && now.Ticks - _startedTicks < AdmissionLimits.WindowTicks) return;
        _isStarted = true;
        _startedTicks = now.Ticks;
        Count = 0;
    }
}
