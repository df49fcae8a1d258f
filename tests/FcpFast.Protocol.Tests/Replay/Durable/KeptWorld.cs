using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>
/// A receiver that keeps one session over its crashes, its store, and a network that brings any frame of the session at any time. It watches over
/// S1, S3, S8 and L1: what it finds wrong stands in <see cref="Fault"/>.
/// </summary>
/// <remarks>Source: [REPLAY §6.2], [REPLAY §3], [REPLAY §8].</remarks>
internal sealed class KeptWorld
{
    public const int WidthFrames = 3;
    public const ulong Step = 4;
    private const int LanesMax = 4;

    private static readonly SessionId Session = new(new Bytes16(1, 2));
    private static readonly ZoneIdHash Zone = new(new Bytes32(1, 0, 0, 0));

    private readonly StoreFault _fault;
    private readonly HashSet<(ulong Instance, ulong N)> _accepted = [];
    private readonly Dictionary<ulong, (ulong Highest, ulong Fence, HashSet<ulong> Here)> _model = [];
    private readonly HashSet<ulong> _retired = [];
    private LaneTable _lanes = new(LanesMax, WidthFrames);

    public KeptWorld(StoreFault fault)
    {
        _fault = fault;
        Store = new KeptStore(fault);
    }

    public KeptStore Store { get; }

    /// <summary>The first thing that was wrong; null if nothing was.</summary>
    public string? Fault { get; private set; }

    /// <summary>True once the session's record was put.</summary>
    public bool IsKept { get; private set; }

    /// <summary>True once a crash has ended the session: no frame of it verifies any more.</summary>
    public bool IsOver { get; private set; }

    public IEnumerable<ulong> Instances => _model.Keys;

    public ulong Highest(ulong instance) => _accepted.Where(frame => frame.Instance == instance).Select(static frame => frame.N).DefaultIfEmpty().Max();

    /// <summary>Everything of a lane that a later step can depend on.</summary>
    public string StateOf(ulong instance, IEnumerable<ulong> numbers)
    {
        (ulong highest, ulong fence, _) = _model.GetValueOrDefault(instance);
        string judged = string.Join(' ', numbers.Select(n => $"{_accepted.Contains((instance, n))} {_lanes.Check(new SenderInstanceId(instance), new FrameSeq(n), out _)}"));
        Lane? lane = _lanes.Lanes.FirstOrDefault(lane => lane.Instance.Value == instance);
        return $"{judged} {highest} {fence} {lane?.Ceiling} {_retired.Contains(instance)} {IsKept} {IsOver} {Store.State}";
    }

    /// <summary>A frame of the session verifies.</summary>
    public FcpStatus Deliver(ulong instance, ulong n)
    {
        if (IsOver) return FcpStatus.UnknownSession;
        bool isFresh = IsFresh(instance, n);
        FcpStatus status = Commit(new SenderInstanceId(instance), new FrameSeq(n));
        bool isWaiting = status == FcpStatus.ReplayNotDurable && Store.Unflushed > 0;
        if (isFresh && status is not (FcpStatus.Accepted or FcpStatus.ReplayLaneLimit) && !isWaiting) Fault ??= $"{instance} {n} is fresh and refused: {status} (L1)";
        if (!isFresh && (status is FcpStatus.Accepted or FcpStatus.ReplayNotDurable)) Fault ??= $"{instance} {n} is not fresh: {status} (S3)";
        if (status != FcpStatus.Accepted) return status;
        if (!_accepted.Add((instance, n))) Fault ??= $"{instance} {n} was accepted twice (S1)";
        if (Store.HasSession && n > Store.CeilingOf(new SenderInstanceId(instance))) Fault ??= $"{instance} {n} counts, and a crash would forget it (S8)";
        (ulong highest, ulong fence, HashSet<ulong> here) = _model.TryGetValue(instance, out (ulong, ulong, HashSet<ulong>) lane) ? lane : (0, 0, []);
        here.Add(n);
        _model[instance] = (Math.Max(highest, n), fence, here);
        return status;
    }

    /// <summary>The session's record is put, with the first ceilings.</summary>
    public bool Keep()
    {
        if (IsKept || IsOver) return false;
        IsKept = true;
        List<LaneRecord> first = [];
        if (_fault == StoreFault.HasNoCeilings)
        {
            first.AddRange(_lanes.Lanes.Select(static lane => new LaneRecord(Session, lane.Instance, Zone, default, lane.Window.Highest.Value + Step)));
        }
        else
        {
            _lanes.Keep(Session, Store, first, Step);
        }

        Store.PutSession(first);
        return true;
    }

    /// <summary>A zone key left its ring: every lane is retired.</summary>
    public void Retire()
    {
        foreach (Lane lane in _lanes.Lanes) _retired.Add(lane.Instance.Value);
        _lanes.Retire(Zone, default);
    }

    /// <summary>Something is expected of a stream.</summary>
    public void Expect(ulong instance) => _lanes.Expect(new SenderInstanceId(instance), Zone, default, default);

    public void Flush(bool fails)
    {
        Store.Flush(fails);
        TakeDurable();
    }

    public void TakeDurable()
    {
        while (Store.TryTake(out LaneRecord record)) _lanes.Take(record);
    }

    /// <summary>The receiver ends and starts again.</summary>
    /// <param name="keeps">Of each unflushed piece, in order: whether it was written all the same.</param>
    public void Crash(Func<bool> keeps)
    {
        Store.Crash(keeps);
        IsOver |= !Store.HasSession;
        if (IsOver) return;
        _model.Clear();
        _retired.Clear();
        _lanes = new LaneTable(LanesMax, WidthFrames);
        IEnumerable<LaneRecord> left = _fault == StoreFault.RestartsEmpty ? Store.Lanes.Select(static lane => lane with { Ceiling = 0 }) : Store.Lanes;
        if (!_lanes.Restore(Session, Store, left, default, Step)) Fault ??= "what was left of the lanes is more than there is room for";
        foreach (LaneRecord lane in Store.Lanes)
        {
            if (lane.Ceiling == LaneRecord.Retired) _retired.Add(lane.Instance.Value);
            else _model[lane.Instance.Value] = (lane.Ceiling, lane.Ceiling, []);
        }
    }

    private bool IsFresh(ulong instance, ulong n)
    {
        if (n < 1 || _retired.Contains(instance)) return false;
        if (!_model.TryGetValue(instance, out (ulong Highest, ulong Fence, HashSet<ulong> Here) lane)) return true;
        return n > lane.Fence && (n > lane.Highest || (lane.Highest - n < WidthFrames && !lane.Here.Contains(n)));
    }

    /// <summary>As the receive path does: numbers in a row at once where that is possible, else one by one.</summary>
    private FcpStatus Commit(SenderInstanceId instance, FrameSeq seq) => _lanes.CommitRun(instance, seq, 1, default, default, out _) == 1
        ? FcpStatus.Accepted
        : _lanes.Commit(instance, seq, Zone, default, default, out _);
}
