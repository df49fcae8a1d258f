using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>The lanes of one session, and the instances that are closed in it.</summary>
/// <remarks>
/// Shape:   at most <c>lanesMax</c> windows and 8 times as many tombstones; a window is never dropped while its session lives, it is retired.
/// Errors:  the sub-codes of FCP_ERR_REPLAY; never throws for what a peer sends.
/// Threads: the owner of the session.
/// Cost:    a comparison when the lane is the last one used, else a dictionary look-up; allocates when a lane opens, or when a full table is
///          searched for an idle one: once, until a lane may have become idle, whatever the peer sends.
/// Source:  [REPLAY §2.3], [REPLAY §2.5], [REPLAY §3].
/// </remarks>
public sealed partial class LaneTable
{
    private readonly int _lanesMax;
    private readonly int _windowFrames;
    private readonly Dictionary<SenderInstanceId, Lane> _lanes = [];
    private HashSet<SenderInstanceId>? _tombstones;
    private Lane? _last;
    private long _sweepDueTicks = long.MinValue;

    /// <summary>Makes an empty table.</summary>
    /// <param name="lanesMax">Lanes open at once: 32, or 4,096 on a session with a relay.</param>
    /// <param name="windowFrames">Width of every window.</param>
    public LaneTable(int lanesMax = ReplayRules.LanesMax, int windowFrames = ReplayWindow.WidthFramesDefault)
    {
        if (lanesMax < 1) ThrowHelper.BadArgument(nameof(lanesMax), "at least one lane");
        _lanesMax = lanesMax;
        _windowFrames = windowFrames;
    }

    /// <summary>Lanes open now.</summary>
    public int Count => _lanes.Count;

    /// <summary>The open lanes.</summary>
    public IReadOnlyCollection<Lane> Lanes => _lanes.Values;

    /// <summary>True once a lane found no room, or restarts have left so many that it soon will not: a session with fresh ones is wanted.</summary>
    public bool IsCrowded { get; private set; }

    /// <summary>Instances closed for good in this session.</summary>
    public int TombstoneCount => _tombstones?.Count ?? 0;

    /// <summary>The cheap filter before the MAC: read-only, and it passes where there is no lane yet.</summary>
    /// <param name="instance">The frame's instance.</param>
    /// <param name="seq">Its number.</param>
    /// <param name="lane">The lane, if there is one.</param>
    public FcpStatus Check(SenderInstanceId instance, FrameSeq seq, out Lane? lane)
    {
        lane = Find(instance);
        return lane is null ? FcpStatus.Accepted : ReplayRules.Refusal(lane.Window.Check(seq));
    }

    /// <summary>Records the number of a frame that has verified; opens its lane if it is the first.</summary>
    /// <param name="instance">The frame's instance.</param>
    /// <param name="seq">Its number.</param>
    /// <param name="zone">Its zone.</param>
    /// <param name="zoneKeyId">Its zone key.</param>
    /// <param name="now">The time.</param>
    /// <param name="lane">The lane, if accepted.</param>
    /// <returns><c>Accepted</c> exactly if the number is recorded now and was not before.</returns>
    public FcpStatus Commit(SenderInstanceId instance, FrameSeq seq, ZoneIdHash zone, ZoneKeyId zoneKeyId, Instant now, out Lane? lane)
    {
        lane = Find(instance);
        FcpStatus status = lane is null ? Open(instance, seq, zone, zoneKeyId, now, out lane) : FcpStatus.Accepted;
        if (status == FcpStatus.Accepted) status = CommitTo(lane!, seq, now);
        if (status != FcpStatus.Accepted)
        {
            lane = null;
            return status;
        }

        lane!.ZoneKeyId = zoneKeyId;
        lane.LastUsedTicks = now.Ticks;
        return FcpStatus.Accepted;
    }

    /// <summary>Records numbers in a row of frames that have verified, on a lane that is open, up to the first that is not fresh.</summary>
    /// <param name="instance">The frames' instance.</param>
    /// <param name="first">The lowest number.</param>
    /// <param name="count">How many.</param>
    /// <param name="zoneKeyId">Their zone key.</param>
    /// <param name="now">The time.</param>
    /// <param name="lane">The lane, if any was recorded.</param>
    /// <returns>How many were fresh and are recorded; of what is left, <see cref="Commit"/> says why.</returns>
    public int CommitRun(SenderInstanceId instance, FrameSeq first, int count, ZoneKeyId zoneKeyId, Instant now, out Lane? lane)
    {
        lane = Find(instance);
        int committed = lane is null || !AdmitsRun(lane, first, count) ? 0 : lane.Window.CommitRun(first, count);
        if (committed == 0)
        {
            lane = null;
            return 0;
        }

        lane!.ZoneKeyId = zoneKeyId;
        lane.LastUsedTicks = now.Ticks;
        return committed;
    }

    /// <summary>Retires the lanes whose zone key left its zone's ring.</summary>
    public void Retire(ZoneIdHash zone, ZoneKeyId zoneKeyId)
    {
        foreach (Lane lane in _lanes.Values)
        {
            if (lane.ZoneKeyId == zoneKeyId && lane.Zone == zone) Retire(lane); // removing while enumerating is allowed for Dictionary
        }
    }

    private Lane? Find(SenderInstanceId instance)
    {
        if (_last is not null && _last.Instance == instance) return _last;
        if (!_lanes.TryGetValue(instance, out Lane? lane)) return null;
        _last = lane;
        return lane;
    }

    private FcpStatus CommitTo(Lane lane, FrameSeq seq, Instant now)
    {
        FcpStatus status = _keptIn is null ? FcpStatus.Accepted : Admit(lane, seq, now);
        return status == FcpStatus.Accepted ? ReplayRules.Refusal(lane.Window.Commit(seq)) : status;
    }

    private FcpStatus Open(SenderInstanceId instance, FrameSeq seq, ZoneIdHash zone, ZoneKeyId zoneKeyId, Instant now, out Lane? lane)
    {
        lane = null;
        if (_tombstones is not null && _tombstones.Contains(instance)) return FcpStatus.ReplayRetired;
        if (seq.Value == 0) return FcpStatus.ReplayZero; // before anything makes room for it
        if (_lanes.Count == _lanesMax && !RetireIdle(now))
        {
            IsCrowded = true;
            return FcpStatus.ReplayLaneLimit;
        }

        lane = new Lane(instance, zone, new ReplayWindow(_windowFrames), now.Ticks) { ZoneKeyId = zoneKeyId, LastUsedTicks = now.Ticks };
        if (_keptIn is not null) lane.Ceiling = lane.Asked = 0; // nothing counts before its first ceiling is durable
        Add(lane);
        return FcpStatus.Accepted;
    }

    private void Add(Lane lane)
    {
        _lanes.Add(lane.Instance, lane);
        _last = lane;
        _sweepDueTicks = long.MinValue;
    }

    /// <summary>Makes room by the idle rule: ten minutes of silence, and a newer instance of the same zone is open.</summary>
    /// <remarks>Where it finds none, no lane can follow the rule before the next one falls silent for so long, or another one is opened.</remarks>
    private bool RetireIdle(Instant now)
    {
        if (now.Ticks < _sweepDueTicks) return false;
        var newestTicks = new Dictionary<ZoneIdHash, long>();
        foreach (Lane lane in _lanes.Values)
        {
            newestTicks[lane.Zone] = long.Max(lane.OpenedTicks, newestTicks.GetValueOrDefault(lane.Zone, long.MinValue));
        }

        _sweepDueTicks = long.MaxValue;
        foreach (Lane lane in _lanes.Values)
        {
            long idleFromTicks = lane.LastUsedTicks + ReplayRules.LaneIdleTicks;
            if (idleFromTicks > now.Ticks) _sweepDueTicks = long.Min(_sweepDueTicks, idleFromTicks);
            else if (newestTicks[lane.Zone] > lane.OpenedTicks) return Retire(lane);
        }

        return false;
    }

    private bool Retire(Lane lane)
    {
        _tombstones ??= [];
        if (_tombstones.Count >= _lanesMax * ReplayRules.TombstonesPerLane) return false; // then the lane stays: dropped it would reopen empty
        _tombstones.Add(lane.Instance);
        _keptIn?.TryPut(RecordOf(lane, LaneRecord.Retired)); // if it is lost, a restart opens the lane above its ceiling: it then had accepted nothing there
        _lanes.Remove(lane.Instance);
        if (_last == lane) _last = null;
        return true;
    }
}
