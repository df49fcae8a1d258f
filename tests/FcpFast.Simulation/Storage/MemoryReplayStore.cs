using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Simulation.Storage;

/// <summary>One process's replay records over a <see cref="MemoryDisk"/>: a group of them is durable a flush after it was put.</summary>
/// <remarks>Shape: one flush at a time; what was put meanwhile goes into the next. What was not flushed when the process ends is lost.</remarks>
internal sealed partial class MemoryReplayStore(World world, MemoryDisk disk, TimeSpan flush, Action wake) : IReplayStore
{
    private const int WaitingMax = 4096;
    private static readonly long RetryTicks = TimeSpan.FromMilliseconds(200).Ticks;

    private readonly List<ContentRecord> _streams = [];
    private readonly List<EpochRecord> _epochs = [];
    private readonly Queue<ContentRecord> _durableStreams = new();
    private readonly Queue<EpochRecord> _durableEpochs = new();
    private bool _isFlushing;

    /// <summary>True once the process has ended.</summary>
    public bool IsOver { get; set; }

    public bool TryPut(in ContentRecord record)
    {
        if (_streams.Count >= WaitingMax) return false;
        _streams.Add(record);
        Flush();
        return true;
    }

    public bool TryPut(in EpochRecord record)
    {
        if (_epochs.Count >= WaitingMax) return false;
        _epochs.Add(record);
        Flush();
        return true;
    }

    public bool TryTake(out ContentRecord record) => _durableStreams.TryDequeue(out record);

    public bool TryTake(out EpochRecord record) => _durableEpochs.TryDequeue(out record);

    public void Forget(ZoneIdHash zone, ZoneKeyId zoneKeyId)
    {
        foreach (ContentStreamId id in disk.ReplayStreams.Keys.Where(id => id.Zone == zone && id.ZoneKeyId == zoneKeyId).ToArray())
        {
            disk.ReplayStreams.Remove(id);
        }
    }

    private void Flush()
    {
        if (_isFlushing) return;
        _isFlushing = true;
        world.At(world.NowTicks + 1, Begin); // what is put in the same turn goes along
    }

    private void Begin()
    {
        ContentRecord[] streams = [.. _streams];
        EpochRecord[] epochs = [.. _epochs];
        Action[] kept = [.. _kept];
        _streams.Clear();
        _epochs.Clear();
        _kept.Clear();
        world.At(world.NowTicks + (disk.ReplayFlush ?? flush).Ticks, () => End(streams, epochs, kept));
    }

    private void End(ContentRecord[] streams, EpochRecord[] epochs, Action[] kept)
    {
        if (IsOver) return;
        if (!disk.TakesReplayRecords)
        {
            world.At(world.NowTicks + RetryTicks, () => End(streams, epochs, kept));
            return;
        }

        _isFlushing = false;
        foreach (ContentRecord record in streams)
        {
            disk.ReplayStreams[record.Stream] = record;
            _durableStreams.Enqueue(record);
        }

        foreach (EpochRecord record in epochs)
        {
            disk.ReplayEpochs[record.Zone] = record.EpochHigh;
            _durableEpochs.Enqueue(record);
        }

        foreach (Action write in kept) write();
        world.Trace.Add(world.NowTicks, "replay records", streams.Length > 0 ? streams[0].Stream.Source.ToString() : "", streams.Length);
        if (_streams.Count + _epochs.Count + _kept.Count > 0) Flush();
        wake();
    }
}
