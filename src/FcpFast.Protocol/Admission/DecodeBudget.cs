using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Admission;

/// <summary>What a source's objects may cost that do not prove to be what their ids say.</summary>
/// <remarks>
/// Shape:   right objects are verified traffic of a member, which other bounds govern, and cost nothing here. Of wrong ones, some may be put
///          together again at once, and the time that went into all of them is counted by the minute.
/// Threads: one user at a time.
/// Cost:    O(1), no allocation.
/// Source:  [WIRE §19] (decodes in flight, decode CPU).
/// </remarks>
public sealed class DecodeBudget
{
    private readonly AdmissionLimits _limits;
    private FixedWindow _cpu;

    /// <summary>Starts a budget.</summary>
    public DecodeBudget(AdmissionLimits limits) => _limits = limits;

    /// <summary>Objects that were wrong and are put together again.</summary>
    public int InFlight { get; private set; }

    /// <summary>Counts time that a wrong object took, whatever becomes of it.</summary>
    /// <returns><c>Accepted</c>, or <c>DecodeCpuBudgetExceeded</c> until the minute is over.</returns>
    public FcpStatus Charge(long ticks, Instant now)
    {
        _cpu.Add(ticks, now);
        return _cpu.Count > _limits.DecodeCpuMillisecondsPerMinute * Instant.TicksPerMillisecond ? FcpStatus.DecodeCpuBudgetExceeded : FcpStatus.Accepted;
    }

    /// <summary>A wrong object is to be put together again.</summary>
    /// <returns><c>Accepted</c>, to be followed by one <see cref="End"/>; or <c>DecodeCapacityExceeded</c>.</returns>
    public FcpStatus Begin()
    {
        if (InFlight >= _limits.DecodesInFlight) return FcpStatus.DecodeCapacityExceeded;
        InFlight++;
        return FcpStatus.Accepted;
    }

    /// <summary>It proved right, or nobody waits for it any more.</summary>
    public void End()
    {
        Invariant.Require(InFlight > 0, "a decode ends once");
        InFlight--;
    }
}
