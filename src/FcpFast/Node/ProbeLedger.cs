using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>The probes of one path that were sent lately, so that an echo is known and measured however many were sent after it.</summary>
/// <remarks>Shape: the last eight; at the pace of their repetition that is longer than any path takes. Threads: the shard's thread.</remarks>
internal sealed class ProbeLedger
{
    private const int ProbesMax = 8;

    private readonly (ObjectId Id, long SentTicks)[] _probes = new (ObjectId, long)[ProbesMax];
    private int _next;

    /// <summary>A probe was sent.</summary>
    public void Add(ObjectId id, long sentTicks)
    {
        _probes[_next] = (id, sentTicks);
        _next = (_next + 1) % ProbesMax;
    }

    /// <summary>Finds the probe that an echo answers, and forgets it; false if none of these was sent lately.</summary>
    public bool TryTake(ObjectId id, out long sentTicks)
    {
        sentTicks = 0;
        if (id == default) return false;
        foreach (ref (ObjectId Id, long SentTicks) probe in _probes.AsSpan())
        {
            if (probe.Id != id) continue;
            sentTicks = probe.SentTicks;
            probe = default;
            return true;
        }

        return false;
    }

    /// <summary>The path is another one: echoes of older probes say nothing of it.</summary>
    public void Clear() => Array.Clear(_probes);
}
