using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Node;

/// <summary>How long zone keys that were replaced go on sealing, towards receivers that are not ready for the next one.</summary>
/// <remarks>
/// Shape:   from the moment in which the next key becomes active, at most <see cref="SecondsMax"/>, and at most half of the time in which the key
///          is still to open; by a clock that never steps. Not at all where a member was removed: then nobody may hold up the next key.
/// Threads: the shard's thread.
/// Cost:    an entry a key in a ring, so at most 16 a zone.
/// Source:  [WIRE §12.3], [WIRE §12.4].
/// </remarks>
internal sealed class KeyHandOver
{
    /// <summary>The longest that a replaced key goes on sealing: some flushes of a disk that is very slow.</summary>
    public const ulong SecondsMax = 10;

    private readonly Dictionary<(ZoneIdHash Zone, ZoneKeyId Key), long> _untilTicks = [];
    private readonly HashSet<(ZoneIdHash Zone, ZoneKeyId Key)> _endsOnTime = [];

    /// <summary>True while a key that was replaced may still seal.</summary>
    public bool MaySeal(ZoneIdHash zone, ZoneKeyId key, Instant now) => _untilTicks.TryGetValue((zone, key), out long until) && now.Ticks < until;

    /// <summary>Somebody is a member no more: none of the keys that he may hold goes on sealing once the next one is active.</summary>
    /// <param name="ring">The zone's keys as they were before.</param>
    public void NoteRemoval(ZoneKeyRing ring)
    {
        foreach (ZoneKey key in ring.ZoneKeys)
        {
            _endsOnTime.Add((ring.ZoneHash, key.Id));
            if (_untilTicks.ContainsKey((ring.ZoneHash, key.Id))) _untilTicks[(ring.ZoneHash, key.Id)] = long.MinValue;
        }
    }

    /// <summary>Sees which keys have been replaced since the last look.</summary>
    public void NoteReplaced(ZoneKeyRing ring, Instant now)
    {
        if (ring.Active is not { } active) return;
        bool isReplaced = true;
        for (int i = 0; i < ring.ZoneKeys.Count; i++)
        {
            ZoneKey key = ring.ZoneKeys[i];
            isReplaced &= key != active;
            if (isReplaced) _untilTicks.TryAdd((ring.ZoneHash, key.Id), now.Ticks + (SecondsOf(ring, i) * Instant.TicksPerSecond));
            else _untilTicks.Remove((ring.ZoneHash, key.Id));
        }
    }

    /// <summary>A key left its ring.</summary>
    public void Forget(ZoneIdHash zone, ZoneKeyId key)
    {
        _untilTicks.Remove((zone, key));
        _endsOnTime.Remove((zone, key));
    }

    private long SecondsOf(ZoneKeyRing ring, int index)
    {
        ZoneKey key = ring.ZoneKeys[index];
        ulong replacedAt = ring.ZoneKeys[index + 1].SealsFromUnixSeconds;
        if (_endsOnTime.Contains((ring.ZoneHash, key.Id)) || key.ErasedAtUnixSeconds is not { } erasedAt || erasedAt <= replacedAt) return 0;
        return (long)Math.Min((erasedAt - replacedAt) / 2, SecondsMax);
    }
}
