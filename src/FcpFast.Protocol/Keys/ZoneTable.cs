using System;
using System.Collections.Generic;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>The zones of a node, found by the hash that frames carry.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Cost:    a comparison when the zone is the last one asked for, else a dictionary look-up.
/// </remarks>
public sealed class ZoneTable
{
    private readonly Dictionary<ZoneIdHash, ZoneEntry> _zones = [];
    private ZoneEntry? _last;

    /// <summary>Every zone.</summary>
    public IReadOnlyCollection<ZoneEntry> Zones => _zones.Values;

    /// <summary>Adds a zone, or replaces what was known of it.</summary>
    public void Set(ZoneEntry zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        _zones[zone.Ring.ZoneHash] = zone;
        _last = null;
    }

    /// <summary>The zone of a hash; null if this node does not know it.</summary>
    public ZoneEntry? Find(ZoneIdHash hash)
    {
        if (_last is not null && _last.Ring.ZoneHash == hash) return _last;
        if (!_zones.TryGetValue(hash, out ZoneEntry? zone)) return null;
        _last = zone;
        return zone;
    }

    /// <summary>The zone of an id as text; null if this node does not know it. For a body or a request; frames carry the hash.</summary>
    public ZoneEntry? FindNamed(ReadOnlySpan<byte> id)
    {
        foreach (ZoneEntry zone in _zones.Values)
        {
            if (zone.Ring.Zone.Matches(id)) return zone;
        }

        return null;
    }
}
