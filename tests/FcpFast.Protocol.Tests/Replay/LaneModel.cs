using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Oracles;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>The lanes of a session as REPLAY §2.5 and the table of REPLAY §3 have them, with sets and nothing clever.</summary>
/// <remarks>Source: [REPLAY §2.3], [REPLAY §2.5], [REPLAY §3].</remarks>
internal sealed class LaneModel(int lanesMax, int width)
{
    private const long TenMinutes = 600 * Instant.TicksPerSecond;

    private readonly Dictionary<ulong, Lane> _open = [];
    private readonly HashSet<ulong> _tombstones = [];

    public int Count => _open.Count;

    public int TombstoneCount => _tombstones.Count;

    /// <summary>A lane that is open, with a number that it accepted: how a test sees from outside which one was retired.</summary>
    public IEnumerable<(ulong Instance, ulong Accepted)> Open => _open.Select(static pair => (pair.Key, pair.Value.Numbers.Highest));

    public FcpStatus Check(ulong instance, ulong n) =>
        _open.TryGetValue(instance, out Lane? lane) ? ReplayRules.Refusal(lane.Numbers.Judge(n)) : FcpStatus.Accepted;

    /// <summary>What a commit must answer, and, if a lane has to make room for it, which ones may.</summary>
    public FcpStatus Judge(ulong instance, ulong n, long now, out ulong[] mayRetire)
    {
        mayRetire = [];
        if (_open.TryGetValue(instance, out Lane? lane)) return ReplayRules.Refusal(lane.Numbers.Judge(n));
        if (_tombstones.Contains(instance)) return FcpStatus.ReplayRetired;
        if (n == 0) return FcpStatus.ReplayZero;
        if (_open.Count < lanesMax) return FcpStatus.Accepted;
        if (_tombstones.Count < 8 * lanesMax)
        {
            mayRetire = _open.Where(pair => now - pair.Value.UsedTicks >= TenMinutes && HasNewer(pair.Value)).Select(static pair => pair.Key).ToArray();
        }

        return mayRetire.Length > 0 ? FcpStatus.Accepted : FcpStatus.ReplayLaneLimit;
    }

    public void Accept(ulong instance, ulong n, int zone, int key, long now)
    {
        if (!_open.TryGetValue(instance, out Lane? lane)) _open[instance] = lane = new Lane(width, zone, now);
        lane.Numbers.Commit(n);
        lane.Key = key;
        lane.UsedTicks = now;
    }

    public void Retire(ulong instance)
    {
        _open.Remove(instance);
        _tombstones.Add(instance);
    }

    /// <summary>A zone key left its ring: its lanes are retired while tombstones last; which ones, where they do not, is left open.</summary>
    public IEnumerable<ulong> OfKey(int zone, int key) => _open.Where(pair => pair.Value.Zone == zone && pair.Value.Key == key).Select(static pair => pair.Key);

    public int TombstonesLeft => (8 * lanesMax) - _tombstones.Count;

    private bool HasNewer(Lane lane) => _open.Values.Any(other => other.Zone == lane.Zone && other.OpenedTicks > lane.OpenedTicks);

    private sealed class Lane(int width, int zone, long openedTicks)
    {
        public ReplayModel Numbers { get; } = new(width);

        public int Zone { get; } = zone;

        public long OpenedTicks { get; } = openedTicks;

        public int Key { get; set; }

        public long UsedTicks { get; set; }
    }
}
