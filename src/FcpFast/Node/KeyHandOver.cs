using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Node;

/// <summary>What is sealed towards receivers that are not ready for a zone's next key: under the key before, for a while; where a member was removed, nothing.</summary>
/// <remarks>
/// Shape:   from the moment in which the next key becomes active, the key before seals for at most <see cref="SecondsMax"/>, and at most half of the
///          time in which it is still to open; by a clock that never steps. A key that somebody may hold who is no member any more ends on time: then a
///          receiver that is not ready gets nothing for <see cref="LinkRules.PauseTicks"/>, and after that what is sealed under the next key whether
///          it is or not. Of keys from before this process nobody knows that here, so they count as such.
/// Threads: the shard's thread.
/// Cost:    an entry a key in a ring, so at most 16 a zone, and two a zone.
/// Source:  [WIRE §12.3], [WIRE §12.4].
/// </remarks>
internal sealed class KeyHandOver
{
    /// <summary>The longest that a replaced key goes on sealing: some flushes of a disk that is very slow.</summary>
    public const ulong SecondsMax = 10;

    private readonly Dictionary<(ZoneIdHash Zone, ZoneKeyId Key), long> _untilTicks = [];
    private readonly HashSet<(ZoneIdHash Zone, ZoneKeyId Key)> _endsOnTime = [];
    private readonly Dictionary<ZoneIdHash, (ZoneKeyId Key, bool EndsOnTime)> _active = [];
    private readonly Dictionary<ZoneIdHash, long> _pausedUntilTicks = [];

    /// <summary>True while a key that was replaced may still seal.</summary>
    public bool MaySeal(ZoneIdHash zone, ZoneKeyId key, Instant now) => _untilTicks.TryGetValue((zone, key), out long until) && now.Ticks < until;

    /// <summary>True while only what is ready for the active key is sealed for.</summary>
    public bool IsPaused(ZoneIdHash zone, Instant now) => _pausedUntilTicks.TryGetValue(zone, out long until) && now.Ticks < until;

    /// <summary>Somebody is a member no more, or may have ceased to be one before this process: no key that he may hold goes on sealing once the next one is active.</summary>
    /// <param name="ring">The zone's keys as they were before.</param>
    /// <param name="now">The time.</param>
    public void NoteRemoval(ZoneKeyRing ring, Instant now)
    {
        foreach (ZoneKey key in ring.ZoneKeys)
        {
            _endsOnTime.Add((ring.ZoneHash, key.Id));
            if (!MaySeal(ring.ZoneHash, key.Id, now)) continue;
            _untilTicks[(ring.ZoneHash, key.Id)] = long.MinValue;
            Pause(ring.ZoneHash, now); // of those for whom it still sealed
        }

        if (_active.TryGetValue(ring.ZoneHash, out (ZoneKeyId Key, bool EndsOnTime) active)) _active[ring.ZoneHash] = (active.Key, true);
    }

    /// <summary>Sees which keys have been replaced since the last look.</summary>
    public void NoteReplaced(ZoneKeyRing ring, Instant now)
    {
        if (ring.Active is not { } active) return;
        bool isKnown = _active.TryGetValue(ring.ZoneHash, out (ZoneKeyId Key, bool EndsOnTime) before);
        if (!isKnown || before.Key != active.Id)
        {
            if (before.EndsOnTime) Pause(ring.ZoneHash, now);
            _active[ring.ZoneHash] = (active.Id, _endsOnTime.Contains((ring.ZoneHash, active.Id)));
        }

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

    private void Pause(ZoneIdHash zone, Instant now) => _pausedUntilTicks[zone] = now.Ticks + LinkRules.PauseTicks;

    private long SecondsOf(ZoneKeyRing ring, int index)
    {
        ZoneKey key = ring.ZoneKeys[index];
        ulong replacedAt = ring.ZoneKeys[index + 1].SealsFromUnixSeconds;
        if (_endsOnTime.Contains((ring.ZoneHash, key.Id)) || key.ErasedAtUnixSeconds is not { } erasedAt || erasedAt <= replacedAt) return 0;
        return (long)Math.Min((erasedAt - replacedAt) / 2, SecondsMax);
    }
}
