using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>The disk of a node that keeps one session: what was put lies in a cache until a flush; a crash keeps any part of it, each piece whole or not at all.</summary>
/// <remarks>Source: [REPLAY §5.3], [REPLAY §6.2], [REPLAY §8].</remarks>
internal sealed class KeptStore(StoreFault fault) : ILaneStore
{
    private const int CacheMax = 64;

    private readonly Dictionary<SenderInstanceId, LaneRecord> _lanes = [];
    private readonly List<IReadOnlyList<LaneRecord>> _cache = []; // a piece of one lane, or the session with its first ceilings
    private readonly Queue<LaneRecord> _durable = new();
    private IReadOnlyList<LaneRecord>? _session;

    /// <summary>True if a process that starts now goes on with the session.</summary>
    public bool HasSession { get; private set; }

    public int Unflushed => _cache.Count;

    /// <summary>What a process that starts now reads.</summary>
    public IReadOnlyList<LaneRecord> Lanes => [.. _lanes.Values];

    /// <summary>Everything that a later step can depend on.</summary>
    public string State =>
        $"{HasSession} {string.Join(' ', _lanes.Values)} cache {string.Join(' ', _cache.Select(piece => $"{piece == _session} {string.Join(' ', piece)}"))} told {string.Join(' ', _durable)}";

    /// <summary>The durable ceiling of a lane; 0 for none.</summary>
    public ulong CeilingOf(SenderInstanceId instance) => _lanes.TryGetValue(instance, out LaneRecord lane) ? lane.Ceiling : 0;

    public void PutSession(IReadOnlyList<LaneRecord> first)
    {
        bool isApart = fault == StoreFault.StoresTheSessionFirst;
        _cache.Add(_session = isApart ? [] : first);
        if (isApart) _cache.AddRange(first.Select(static lane => (IReadOnlyList<LaneRecord>)[lane]));
    }

    public bool TryPut(in LaneRecord record)
    {
        if (_cache.Count >= CacheMax) return false;
        _cache.Add([record]);
        if (fault == StoreFault.AnswersBeforeTheFlush) _durable.Enqueue(record);
        return true;
    }

    public bool TryTake(out LaneRecord record) => _durable.TryDequeue(out record);

    public void Flush(bool fails)
    {
        if (fails && fault != StoreFault.BelievesAFailedFlush) return; // nothing is durable, and everything is put again with the next flush
        foreach (IReadOnlyList<LaneRecord> piece in _cache)
        {
            if (!fails) Write(piece);
            if (piece == _session) continue;
            foreach (LaneRecord lane in piece) _durable.Enqueue(lane);
        }

        _cache.Clear();
    }

    /// <summary>The process ends; what follows starts from what the disk kept.</summary>
    public void Crash(Func<bool> keeps)
    {
        foreach (IReadOnlyList<LaneRecord> piece in _cache)
        {
            if (keeps()) Write(piece);
        }

        _cache.Clear();
        _durable.Clear();
    }

    private void Write(IReadOnlyList<LaneRecord> piece)
    {
        HasSession |= piece == _session;
        foreach (LaneRecord lane in piece)
        {
            if (lane.Ceiling == LaneRecord.Retired && fault == StoreFault.ForgetsRetiredLanes) _lanes.Remove(lane.Instance);
            else if (lane.Ceiling >= CeilingOf(lane.Instance)) _lanes[lane.Instance] = lane;
        }
    }
}
