using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>Lanes of a session that outlives the process (mode M1): each has a ceiling that is durable before anything counts under it.</summary>
/// <remarks>
/// Shape:   invariant (CEIL): once the session's record may be on the disk, every number that was accepted is at most the durable ceiling of its
///          lane. Until then nothing of the session outlives a crash, so there is nothing to hold; the record and the first ceilings are put
///          together and become durable together. A new ceiling is asked for at half of a step, and at most one a lane is under way.
/// Errors:  <c>ReplayNotDurable</c>, with nothing changed, for what would have to wait; its sender repairs it.
/// Source:  [REPLAY §6.2], [REPLAY §3] (Recovering), [REPLAY §8] (S8, L3).
/// </remarks>
public sealed partial class LaneTable
{
    /// <summary>Numbers that a record reserves.</summary>
    public const ulong CeilingStep = 1 << 16;

    private ILaneStore? _keptIn;
    private SessionId _session;
    private ulong _step = CeilingStep;

    /// <summary>Since when nothing was accepted because the store lags behind; null while it keeps up.</summary>
    public long? WaitsSinceTicks { get; private set; }

    /// <summary>Keeps the lanes over restarts from now on.</summary>
    /// <param name="session">The session.</param>
    /// <param name="store">Where further ceilings are made durable.</param>
    /// <param name="records">The first ceilings are added here; they become durable together with the session's own record, or it does not.</param>
    /// <param name="step">Numbers that a record reserves; at least 2.</param>
    public void Keep(SessionId session, ILaneStore store, ICollection<LaneRecord> records, ulong step = CeilingStep)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(records);
        BeginKeeping(session, store, step);
        foreach (Lane lane in _lanes.Values)
        {
            lane.Ceiling = lane.Asked = ReplayRules.Above(lane.Window.Highest.Value, _step);
            records.Add(RecordOf(lane, lane.Ceiling));
        }

        foreach (SenderInstanceId instance in _tombstones ?? [])
        {
            records.Add(new LaneRecord(session, instance, default, default, LaneRecord.Retired));
        }
    }

    /// <summary>Takes the lanes up that a process before this one has left: each begins at its ceiling, which is its fence.</summary>
    /// <returns>False if they are more than a session may have; then the session must not go on.</returns>
    public bool Restore(SessionId session, ILaneStore store, IEnumerable<LaneRecord> records, Instant now, ulong step = CeilingStep)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(records);
        Invariant.Require(_lanes.Count == 0 && _tombstones is null, "lanes are restored before any other is opened");
        BeginKeeping(session, store, step);
        foreach (LaneRecord record in records)
        {
            if (record.Ceiling == LaneRecord.Retired || _lanes.Count == _lanesMax)
            {
                _tombstones ??= [];
                if (_tombstones.Count >= _lanesMax * ReplayRules.TombstonesPerLane) return false;
                _tombstones.Add(record.Instance);
                continue;
            }

            var window = new ReplayWindow(_windowFrames, new FrameSeq(record.Ceiling));
            Add(new Lane(record.Instance, record.Zone, window, long.MinValue)
            {
                ZoneKeyId = record.ZoneKeyId, LastUsedTicks = now.Ticks, Ceiling = record.Ceiling, Asked = record.Ceiling,
            });
        }

        IsCrowded = _lanes.Count > _lanesMax / 2;
        return true;
    }

    /// <summary>Opens a lane whose first frames are about to come, so that they need not wait for its ceiling. Nothing is accepted by it.</summary>
    public void Expect(SenderInstanceId instance, ZoneIdHash zone, ZoneKeyId zoneKeyId, Instant now)
    {
        if (_keptIn is null || Find(instance) is not null) return;
        if (Open(instance, new FrameSeq(1), zone, zoneKeyId, now, out Lane? lane) == FcpStatus.Accepted) Ask(lane!, 1);
    }

    /// <summary>A ceiling has become durable.</summary>
    public void Take(in LaneRecord record)
    {
        WaitsSinceTicks = null;
        if (Find(record.Instance) is { } lane) lane.Ceiling = Math.Max(lane.Ceiling, record.Ceiling);
    }

    private void BeginKeeping(SessionId session, ILaneStore store, ulong step)
    {
        if (step < 2) ThrowHelper.BadArgument(nameof(step), "a step has two halves");
        Invariant.Require(_keptIn is null, "lanes are kept from one moment on");
        _session = session;
        _keptIn = store;
        _step = step;
    }

    /// <summary>Whether a number may be accepted; asks for the next ceiling if it may not, and ahead of that.</summary>
    private FcpStatus Admit(Lane lane, FrameSeq seq, Instant now)
    {
        FcpStatus status = ReplayRules.Refusal(lane.Window.Check(seq));
        if (status != FcpStatus.Accepted) return status; // a repeat makes nobody write
        ulong n = seq.Value;
        bool isCovered = n <= lane.Ceiling;
        if (lane.Asked == lane.Ceiling && (!isCovered || IsNear(lane.Ceiling, n))) Ask(lane, n);
        if (isCovered) return FcpStatus.Accepted;
        WaitsSinceTicks ??= now.Ticks;
        return FcpStatus.ReplayNotDurable;
    }

    /// <summary>True if all of these numbers may be accepted and no ceiling is to be asked for: the usual case, decided at once.</summary>
    private bool AdmitsRun(Lane lane, FrameSeq first, int count)
    {
        if (_keptIn is null) return true;
        if (first.Value > lane.Ceiling || lane.Ceiling - first.Value < (ulong)count) return false;
        return lane.Asked > lane.Ceiling || !IsNear(lane.Ceiling, first.Value + (ulong)count);
    }

    /// <summary>The next ceiling is to be asked for; there is none above the last number of all.</summary>
    private bool IsNear(ulong ceiling, ulong n) => ceiling != ulong.MaxValue && ceiling - n < _step / 2;

    private void Ask(Lane lane, ulong n)
    {
        ulong ceiling = ReplayRules.Above(n, _step);
        if (_keptIn!.TryPut(RecordOf(lane, ceiling))) lane.Asked = ceiling;
    }

    private LaneRecord RecordOf(Lane lane, ulong ceiling) => new(_session, lane.Instance, lane.Zone, lane.ZoneKeyId, ceiling);
}
