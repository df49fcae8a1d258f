using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>The probes of one path that were sent lately, so that an echo is known and measured however many were sent after it.</summary>
/// <remarks>Shape: the last eight; at the pace of their repetition that is longer than any path takes. Threads: the shard's thread.</remarks>
internal sealed class ProbeLedger
{
    private const int ProbesMax = 8;

    private (Bytes16 Id, long SentTicks)[]? _probes; // half of an id tells them apart: all of it is random
    private int _next;

    /// <summary>A probe was sent.</summary>
    public void Add(ObjectId id, long sentTicks)
    {
        _probes ??= new (Bytes16, long)[ProbesMax];
        _probes[_next] = (Half(id), sentTicks);
        _next = (_next + 1) % ProbesMax;
    }

    /// <summary>Finds the probe that an echo answers, and forgets it; false if none of these was sent lately.</summary>
    public bool TryTake(ObjectId id, out long sentTicks)
    {
        sentTicks = 0;
        Bytes16 half = Half(id);
        if (half == default) return false; // what no probe has: it would be that of an empty place
        foreach (ref (Bytes16 Id, long SentTicks) probe in _probes.AsSpan())
        {
            if (probe.Id != half) continue;
            sentTicks = probe.SentTicks;
            probe = default;
            return true;
        }

        return false;
    }

    /// <summary>The path is another one: echoes of older probes say nothing of it.</summary>
    public void Clear() => Array.Clear(_probes ?? []);

    private static Bytes16 Half(ObjectId id) => new(id.Value.Word0, id.Value.Word1);
}
