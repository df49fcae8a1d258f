using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>When the next status of a file is due.</summary>
/// <remarks>
/// Shape:  at once when asked for; after a part of the credit was completed; 10 ms after symbols came in or while some are missing; then after
///         pauses that double up to 30 s, the first of them 1 s where nothing is missing.
/// Source: [WIRE §16.9].
/// </remarks>
internal sealed class StatusSchedule
{
    private long _lastTicks = long.MinValue / 2;
    private long _pauseTicks = TransferRules.RepeatTicks;
    private long _missedPauseTicks;
    private long _notBeforeTicks = long.MinValue;
    private bool _hasNews;
    private ulong _completedBytes;

    /// <summary>True while a status is owed at once.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>A status is owed now.</summary>
    public void Want() => IsWanted = true;

    /// <summary>Bytes became complete.</summary>
    public void CountCompleted(ulong bytes)
    {
        _completedBytes += bytes;
        NoteArrival();
    }

    /// <summary>Symbols came in, so something may be missing.</summary>
    public void NoteArrival()
    {
        _hasNews = true;
        _pauseTicks = Math.Min(_pauseTicks, TransferRules.StatusTicks);
    }

    /// <summary>True if a status is to be sent now.</summary>
    public bool IsDue(Instant now, ulong creditBytes) => now.Ticks >= DueTicks(creditBytes);

    /// <summary>When the next status is due if nothing happens.</summary>
    public long DueTicks(ulong creditBytes)
    {
        bool atOnce = IsWanted || _completedBytes * TransferRules.StatusPerCredit >= creditBytes;
        return Math.Max(_notBeforeTicks, _lastTicks + (atOnce ? TransferRules.StatusTicksMin : _pauseTicks));
    }

    /// <summary>There was no way for a status: it is owed as before, and tried again after pauses that double to a second.</summary>
    public void Missed(Instant now)
    {
        _missedPauseTicks = Math.Clamp(2 * _missedPauseTicks, TransferRules.RetryTicks, TransferRules.RepeatTicks);
        _notBeforeTicks = now.Ticks + _missedPauseTicks;
    }

    /// <summary>A status was sent.</summary>
    /// <param name="now">The time.</param>
    /// <param name="waits">True if chunks were begun and are not complete.</param>
    public void Sent(Instant now, bool waits)
    {
        if (_hasNews || IsWanted) _pauseTicks = waits ? TransferRules.StatusTicks : TransferRules.RepeatTicks;
        else _pauseTicks = TransferRules.Doubled(_pauseTicks);
        _lastTicks = now.Ticks;
        (_missedPauseTicks, _notBeforeTicks) = (0, long.MinValue);
        IsWanted = false;
        _hasNews = false;
        _completedBytes = 0;
    }
}
