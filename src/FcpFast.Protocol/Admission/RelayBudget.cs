using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Admission;

/// <summary>How much a relay passes on for one ingress peer: a bucket of one second's bytes.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Cost:    O(1), no allocation.
/// Source:  [WIRE §16.8] (bodies count against the ingress peer), [WIRE §19].
/// </remarks>
public sealed class RelayBudget
{
    private readonly long _bytesPerSecond;
    private double _tokens;
    private long _refilledTicks;

    /// <summary>Starts with a full bucket.</summary>
    /// <param name="bytesPerSecond">The limit; 0 for none.</param>
    /// <param name="now">The time.</param>
    public RelayBudget(long bytesPerSecond, Instant now)
    {
        if (bytesPerSecond < 0) ThrowHelper.BadArgument(nameof(bytesPerSecond), "0 for no limit, else positive");
        _bytesPerSecond = bytesPerSecond;
        _tokens = bytesPerSecond;
        _refilledTicks = now.Ticks;
    }

    /// <summary>Takes bytes from the bucket if it holds them.</summary>
    public bool TrySpend(int bytes, Instant now)
    {
        if (_bytesPerSecond == 0) return true;
        double seconds = Math.Max(0, now.Ticks - _refilledTicks) / (double)Instant.TicksPerSecond;
        _refilledTicks = Math.Max(_refilledTicks, now.Ticks);
        _tokens = Math.Min(_bytesPerSecond, _tokens + (seconds * _bytesPerSecond));
        if (_tokens < bytes) return false;
        _tokens -= bytes;
        return true;
    }
}
