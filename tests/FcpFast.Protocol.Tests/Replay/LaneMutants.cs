using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>The rules of lanes a second time, in pieces that can each be got wrong, and the ways of getting them wrong.</summary>
/// <remarks>Source: [REPLAY §2.5], [REPLAY §8].</remarks>
internal static class LaneMutants
{
    /// <summary>Every mutant with the name of its fault; the first two are named by REPLAY §8.</summary>
    public static IReadOnlyList<(string Name, LaneTableModelTests.MakeLanes Make)> All { get; } =
    [
        ("lane evicted without tombstone", static (max, w) => new NoTombstone(max, w)),
        ("no second check in commit", static (max, w) => new NoSecondCheck(max, w)),
        ("the longest idle lane is evicted at the limit", static (max, w) => new EvictsAnyway(max, w)),
        ("an idle lane is retired without a newer one", static (max, w) => new NoNewerNeeded(max, w)),
        ("a newer lane of any zone will do", static (max, w) => new AnyZone(max, w)),
        ("idle since it was opened", static (max, w) => new IdleSinceOpened(max, w)),
        ("idle a little too soon", static (max, w) => new TooSoon(max, w)),
        ("one lane too many", static (max, w) => new Plain(max + 1, w)),
        ("tombstones are forgotten by count", static (max, w) => new ShortMemory(max, w)),
        ("tombstones have no bound", static (max, w) => new Unbounded(max, w)),
        ("a lane is dropped when tombstones are full", static (max, w) => new DropsWhenFull(max, w)),
        ("check opens the lane", static (max, w) => new OpeningCheck(max, w)),
        ("a key id of another zone retires lanes", static (max, w) => new AnyZonesKey(max, w)),
        ("a search that found nothing is never repeated", static (max, w) => new SearchesOnce(max, w)),
        ("a refused number makes room", static (max, w) => new RoomForZero(max, w)),
    ];

    /// <summary>The rules as they should be.</summary>
    internal class Plain(int lanesMax, int width) : LaneTableModelTests.ILanes
    {
        protected const long IdleTicks = 600 * Instant.TicksPerSecond;

        protected Dictionary<ulong, Open> Lanes { get; } = [];

        protected List<ulong> Tombstones { get; } = [];

        protected int LanesMax { get; } = lanesMax;

        public int Count => Lanes.Count;

        public int TombstoneCount => Tombstones.Count;

        public virtual FcpStatus Check(ulong instance, ulong n) =>
            Lanes.TryGetValue(instance, out Open? lane) ? ReplayRules.Refusal(lane.Window.Check(new FrameSeq(n))) : FcpStatus.Accepted;

        public FcpStatus Commit(ulong instance, ulong n, int zone, int key, long now)
        {
            if (!Lanes.TryGetValue(instance, out Open? lane))
            {
                if (Tombstones.Contains(instance)) return FcpStatus.ReplayRetired;
                if (n == 0 && !MakesRoomForZero) return FcpStatus.ReplayZero;
                if (Lanes.Count >= LanesMax && !MakeRoom(now)) return FcpStatus.ReplayLaneLimit;
                if (n == 0) return FcpStatus.ReplayZero;
                lane = Lanes[instance] = new Open(new ReplayWindow(width), zone, now);
                Opened();
            }

            FcpStatus status = Record(lane, new FrameSeq(n));
            if (status != FcpStatus.Accepted) return status;
            lane.UsedTicks = now;
            lane.Key = key;
            return status;
        }

        public void Retire(int zone, int key)
        {
            foreach ((ulong instance, Open lane) in Lanes.ToArray())
            {
                if (lane.Key == key && IsOfZone(lane, zone)) Retire(instance);
            }
        }

        protected virtual bool MakesRoomForZero => false;

        protected virtual FcpStatus Record(Open lane, FrameSeq seq) => ReplayRules.Refusal(lane.Window.Commit(seq));

        protected virtual bool MakeRoom(long now)
        {
            foreach ((ulong instance, Open lane) in Lanes)
            {
                if (IsIdle(lane, now) && HasNewer(lane)) return Retire(instance);
            }

            return false;
        }

        protected virtual void Opened()
        {
            // nothing to remember
        }

        protected virtual bool IsIdle(Open lane, long now) => now - lane.UsedTicks >= IdleTicks;

        protected virtual bool HasNewer(Open lane) => Lanes.Values.Any(other => other.Zone == lane.Zone && other.OpenedTicks > lane.OpenedTicks);

        protected virtual bool IsOfZone(Open lane, int zone) => lane.Zone == zone;

        protected virtual bool Retire(ulong instance)
        {
            if (Tombstones.Count >= 8 * LanesMax) return false;
            Tombstones.Add(instance);
            return Lanes.Remove(instance);
        }

        internal sealed class Open(ReplayWindow window, int zone, long openedTicks)
        {
            public ReplayWindow Window { get; } = window;

            public int Zone { get; } = zone;

            public long OpenedTicks { get; } = openedTicks;

            public long UsedTicks { get; set; } = openedTicks;

            public int Key { get; set; }
        }
    }

    private sealed class NoTombstone(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool Retire(ulong instance) => Lanes.Remove(instance);
    }

    private sealed class NoSecondCheck(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override FcpStatus Record(Open lane, FrameSeq seq)
        {
            lane.Window.Commit(seq); // "it was checked before"
            return FcpStatus.Accepted;
        }
    }

    private sealed class EvictsAnyway(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool MakeRoom(long now) => Retire(Lanes.MinBy(static pair => pair.Value.UsedTicks).Key);
    }

    private sealed class NoNewerNeeded(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool HasNewer(Open lane) => true;
    }

    private sealed class AnyZone(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool HasNewer(Open lane) => Lanes.Values.Any(other => other.OpenedTicks > lane.OpenedTicks);
    }

    private sealed class IdleSinceOpened(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool IsIdle(Open lane, long now) => now - lane.OpenedTicks >= IdleTicks;
    }

    private sealed class TooSoon(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool IsIdle(Open lane, long now) => now - lane.UsedTicks >= IdleTicks - Instant.TicksPerSecond;
    }

    private sealed class ShortMemory(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool Retire(ulong instance)
        {
            if (Tombstones.Count >= 8 * LanesMax) Tombstones.RemoveAt(0);
            return base.Retire(instance);
        }
    }

    private sealed class Unbounded(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool Retire(ulong instance)
        {
            Tombstones.Add(instance);
            return Lanes.Remove(instance);
        }
    }

    private sealed class DropsWhenFull(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool Retire(ulong instance) => base.Retire(instance) || Lanes.Remove(instance);
    }

    private sealed class OpeningCheck(int lanesMax, int width) : Plain(lanesMax, width)
    {
        private readonly int _width = width;

        public override FcpStatus Check(ulong instance, ulong n)
        {
            if (Lanes.Count < LanesMax && !Tombstones.Contains(instance)) Lanes.TryAdd(instance, new Open(new ReplayWindow(_width), 0, 0));
            return base.Check(instance, n);
        }
    }

    private sealed class AnyZonesKey(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool IsOfZone(Open lane, int zone) => true;
    }

    private sealed class SearchesOnce(int lanesMax, int width) : Plain(lanesMax, width)
    {
        private bool _foundNothing;

        protected override bool MakeRoom(long now)
        {
            if (_foundNothing) return false;
            _foundNothing = !base.MakeRoom(now);
            return !_foundNothing;
        }

        protected override void Opened() => _foundNothing = false;
    }

    private sealed class RoomForZero(int lanesMax, int width) : Plain(lanesMax, width)
    {
        protected override bool MakesRoomForZero => true;
    }
}
