using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Objects;

/// <summary>Keeps what comes in in memory, and hands each object over when it is whole.</summary>
/// <remarks>
/// Shape:   an object's whole size is set aside before its first chunk is taken, so that objects that came halfway never wait for each other;
///          what does not fit waits at its source, in order. One source may hold half of the memory.
/// Errors:  an object that is too large is refused; one that stood still for a minute is given up where another waits for its memory.
/// Threads: the shard's, but that memory may be given back by any.
/// Cost:    one copy of each chunk.
/// Source:  [WIRE §16.9].
/// </remarks>
internal sealed class ObjectStore : ITransferStore, IDisposable
{
    private static readonly TimeSpan StandstillMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Queue<StoreEvent> _answers = new();
    private readonly Dictionary<long, ObjectMemory> _open = [];
    private readonly List<IncomingFile> _waiting = [];
    private readonly Dictionary<NodeId, long> _heldBy = [];
    private readonly ConcurrentQueue<(NodeId Source, long Bytes)> _freed = new();
    private readonly FcpObjectOptions _options;
    private readonly TimeProvider _time;
    private readonly Action _wake;
    private readonly Action<FcpObject> _deliver;
    private long _heldBytes;
    private long _sweptTimestamp;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">How much memory there is.</param>
    /// <param name="time">The clock by which an object stands still.</param>
    /// <param name="wake">Called on any thread when memory was given back.</param>
    /// <param name="deliver">Takes an object that is whole; on the shard's thread.</param>
    public ObjectStore(FcpObjectOptions options, TimeProvider time, Action wake, Action<FcpObject> deliver)
    {
        _options = options;
        _time = time;
        _wake = wake;
        _deliver = deliver;
    }

    public void Open(IncomingFile file)
    {
        if (file.Shape.SizeBytes > (ulong)_options.ObjectBytesMax)
        {
            Refuse(file, StoreEventKind.Opened, $"it has {file.Shape.SizeBytes} bytes, {_options.ObjectBytesMax} are allowed");
            return;
        }

        _waiting.Add(file);
        Admit();
    }

    public void Inspect(IncomingSegment segment) => Invariant.Require(false, "no object is resumed");

    public void Write(IncomingFile file, ulong fileOffset, ReadOnlyMemory<byte> bytes, ulong token)
    {
        FcpStatus status = FcpStatus.StorageFailed; // given up meanwhile
        if (_open.TryGetValue(file.Handle, out ObjectMemory? memory))
        {
            memory.Write(bytes.Span, (int)fileOffset);
            memory.TouchedTimestamp = _time.GetTimestamp();
            status = FcpStatus.Accepted;
        }

        _answers.Enqueue(new StoreEvent(StoreEventKind.Written, file.Handle, status, token));
    }

    public void CloseSegment(IncomingSegment segment)
    {
        // nothing outlives the process
    }

    public void Finish(IncomingFile file)
    {
        if (!_open.Remove(file.Handle, out ObjectMemory? memory)) return; // given up: its failure is among the answers
        _answers.Enqueue(new StoreEvent(StoreEventKind.Finished, file.Handle, FcpStatus.Accepted));
        _deliver(new FcpObject(memory));
    }

    public void Abandon(IncomingFile file)
    {
        _waiting.Remove(file);
        if (_open.Remove(file.Handle, out ObjectMemory? memory)) memory.Dispose();
    }

    public bool TryTake(out StoreEvent answer)
    {
        if (_answers.TryDequeue(out answer)) return true;
        if (_waiting.Count == 0 && _freed.IsEmpty) return false;
        Admit();
        return _answers.TryDequeue(out answer);
    }

    /// <summary>Gives back the memory of what is not whole.</summary>
    public void Dispose()
    {
        foreach (ObjectMemory memory in _open.Values) memory.Dispose();
        _open.Clear();
    }

    /// <summary>Opens what fits. What waits longest goes first: a small one overtakes only what its own source's share holds up.</summary>
    private void Admit()
    {
        Settle();
        for (int i = 0; i < _waiting.Count;)
        {
            IncomingFile file = _waiting[i];
            long bytes = ObjectMemory.CountOf(file);
            if (!Fits(file.Source, bytes)) GiveUpStandstills();
            if (!Fits(file.Source, bytes))
            {
                if (HasShare(file.Source, bytes)) return;
                i++;
                continue;
            }

            _waiting.RemoveAt(i);
            Count(file.Source, bytes);
            _open.Add(file.Handle, new ObjectMemory(file, Free) { TouchedTimestamp = _time.GetTimestamp() });
            _answers.Enqueue(new StoreEvent(StoreEventKind.Opened, file.Handle, FcpStatus.Accepted));
        }
    }

    private bool Fits(NodeId source, long bytes) => HasShare(source, bytes) && _heldBytes + bytes <= _options.MemoryBytesMax;

    private bool HasShare(NodeId source, long bytes) => _heldBy.GetValueOrDefault(source) + bytes <= _options.MemoryBytesMax / 2;

    private void GiveUpStandstills()
    {
        if (_sweptTimestamp != 0 && _time.GetElapsedTime(_sweptTimestamp) < SweepInterval) return;
        _sweptTimestamp = _time.GetTimestamp();
        foreach ((long handle, ObjectMemory memory) in _open)
        {
            if (_time.GetElapsedTime(memory.TouchedTimestamp) < StandstillMax) continue;
            _open.Remove(handle); // allowed for Dictionary
            memory.Dispose();
            Refuse(memory.File, StoreEventKind.Finished, "it stood still for a minute, and its memory was needed");
        }

        Settle();
    }

    private void Refuse(IncomingFile file, StoreEventKind kind, string why) =>
        _answers.Enqueue(new StoreEvent(kind, file.Handle, FcpStatus.StorageFailed, Detail: $"cannot take '{file.Name}' into memory: {why}"));

    private void Free(ObjectMemory memory)
    {
        _freed.Enqueue((memory.Source, memory.CountedBytes));
        _wake();
    }

    private void Settle()
    {
        while (_freed.TryDequeue(out (NodeId Source, long Bytes) freed)) Count(freed.Source, -freed.Bytes);
    }

    private void Count(NodeId source, long bytes)
    {
        _heldBytes += bytes;
        long held = _heldBy.GetValueOrDefault(source) + bytes;
        if (held == 0) _heldBy.Remove(source);
        else _heldBy[source] = held;
    }
}
