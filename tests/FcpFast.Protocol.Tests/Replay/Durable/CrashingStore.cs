using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>A disk with a cache: what was put lies in the cache until a flush; a crash keeps any part of what was not flushed, torn records none.</summary>
/// <remarks>Source: [REPLAY §5.3], [REPLAY §8].</remarks>
internal sealed class CrashingStore(StoreFault fault = StoreFault.None) : IReplayStore
{
    private const int QueueMax = 64;

    private readonly Dictionary<ContentStreamId, ContentRecord> _streams = [];
    private readonly Dictionary<ZoneIdHash, EpochId> _epochs = [];
    private readonly List<object> _cache = [];
    private readonly Queue<ContentRecord> _durableStreams = new();
    private readonly Queue<EpochRecord> _durableEpochs = new();

    /// <summary>Records that would be lost by a crash now.</summary>
    public int Unflushed => _cache.Count;

    /// <summary>Records that were written, ever.</summary>
    public int Writes { get; private set; }

    /// <summary>Everything that a later step can depend on.</summary>
    public string State => string.Join(' ', (object[])[.. _streams.Values, "cache", .. _cache, "told", .. _durableStreams]);

    /// <summary>What a process that starts now reads.</summary>
    public IReadOnlyList<ContentRecord> Streams => [.. _streams.Values];

    /// <summary>What a process that starts now reads of epochs.</summary>
    public IReadOnlyList<EpochRecord> Epochs => [.. _epochs.Select(static pair => new EpochRecord(pair.Key, pair.Value))];

    public bool TryPut(in ContentRecord record)
    {
        if (!Cache(record)) return false;
        if (fault == StoreFault.AnswersBeforeTheFlush) _durableStreams.Enqueue(record);
        return true;
    }

    public bool TryPut(in EpochRecord record)
    {
        if (!Cache(record)) return false;
        if (fault == StoreFault.AnswersBeforeTheFlush) _durableEpochs.Enqueue(record);
        return true;
    }

    public bool TryTake(out ContentRecord record) => _durableStreams.TryDequeue(out record);

    public bool TryTake(out EpochRecord record) => _durableEpochs.TryDequeue(out record);

    public void Forget(ZoneIdHash zone, ZoneKeyId zoneKeyId)
    {
        foreach (ContentStreamId id in _streams.Keys.Where(id => id.Zone == zone && id.ZoneKeyId == zoneKeyId).ToArray()) _streams.Remove(id);
        _cache.RemoveAll(put => put is ContentRecord record && record.Stream.Zone == zone && record.Stream.ZoneKeyId == zoneKeyId);
    }

    /// <summary>True if a crash now cannot take back that the stream may have been opened up to these ceilings.</summary>
    public bool Covers(ContentStreamId stream, bool isDirect, bool isBody, ulong n) =>
        _streams.TryGetValue(stream, out ContentRecord record)
        && (record.IsDirect || (!isDirect && n <= (isBody ? record.BodiesCeiling : record.SymbolsCeiling)));

    /// <summary>The highest durable epoch of a zone.</summary>
    public EpochId? EpochHigh(ZoneIdHash zone) => _epochs.TryGetValue(zone, out EpochId high) ? high : null;

    /// <summary>One flush of everything in the cache; it may fail, and then the cache may have dropped its pages.</summary>
    public void Flush(bool fails = false)
    {
        if (fails && fault != StoreFault.BelievesAFailedFlush) return; // nothing is durable, and everything is put again with the next flush
        foreach (object put in _cache)
        {
            if (!fails) Write(put);
            if (put is ContentRecord record) _durableStreams.Enqueue(record);
            else _durableEpochs.Enqueue((EpochRecord)put);
        }

        _cache.Clear();
    }

    /// <summary>The process ends, and what follows starts from what the disk kept.</summary>
    /// <param name="keeps">Of each unflushed record, in order: whether it was written all the same; null for none.</param>
    public void Crash(Func<bool>? keeps)
    {
        foreach (object put in _cache)
        {
            if (keeps is not null && keeps()) Write(put);
        }

        _cache.Clear();
        _durableStreams.Clear();
        _durableEpochs.Clear();
    }

    private bool Cache(object put)
    {
        if (_cache.Count >= QueueMax) return false;
        _cache.Add(put);
        Writes++;
        return true;
    }

    private void Write(object put)
    {
        if (put is EpochRecord epoch)
        {
            if (!_epochs.TryGetValue(epoch.Zone, out EpochId high) || high.Value < epoch.EpochHigh.Value) _epochs[epoch.Zone] = epoch.EpochHigh;
            return;
        }

        var record = (ContentRecord)put;
        ContentRecord known = _streams.GetValueOrDefault(record.Stream, record);
        _streams[record.Stream] = new ContentRecord(
            record.Stream, known.IsDirect || record.IsDirect,
            Math.Max(known.SymbolsCeiling, record.SymbolsCeiling), Math.Max(known.BodiesCeiling, record.BodiesCeiling));
    }
}
