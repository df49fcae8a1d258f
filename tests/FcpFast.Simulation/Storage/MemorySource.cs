using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Wire;

namespace FcpFast.Simulation.Storage;

/// <summary>Reads files that go out from memory, a while after it was asked to.</summary>
internal sealed class MemorySource : ISegmentSource
{
    private static readonly long ReadTicks = TimeSpan.FromMilliseconds(1).Ticks;

    private readonly World _world;
    private readonly Action _wake;
    private readonly Func<ulong> _unixSeconds;
    private readonly SourceOptions _options;
    private readonly Dictionary<OutgoingFile, byte[]> _files = [];
    private readonly Queue<PreparedSegment> _prepared = new();
    private readonly Stack<int> _freeSlots = new();
    private readonly Blake3Hasher _hasher = new();
    private readonly byte[] _memory;
    private readonly int _slotBytes;

    public MemorySource(World world, SourceOptions options, Action wake, Func<ulong> unixSeconds)
    {
        _world = world;
        _options = options;
        _wake = wake;
        _unixSeconds = unixSeconds;
        _slotBytes = options.SegmentBytes / options.ChunkBytes * (options.ChunkBytes + DatagramSizing.SymbolBytesBound);
        _memory = GC.AllocateArray<byte>(options.Slots * _slotBytes, pinned: true);
        for (int slot = options.Slots - 1; slot >= 0; slot--) _freeSlots.Push(slot);
    }

    /// <summary>True once the process has ended.</summary>
    public bool IsOver { get; set; }

    public ReadOnlySpan<byte> Memory => _memory;

    public OutgoingFile Open(string name, byte[] content, ulong modifiedUnixNanoseconds, ZoneKeyRing zone, NodeId self, NodeId to)
    {
        var shape = new FileShape((ulong)content.Length, (ulong)_options.SegmentBytes);
        using KeyLease key = zone.ActiveObjectIdKey!.Key.Lease();
        TransferId id = FileBody.DeriveTransferId(_hasher, key.Bytes, self, Encoding.UTF8.GetBytes(name), shape.SizeBytes, modifiedUnixNanoseconds);
        var file = new OutgoingFile(zone, to, id, name, shape, mode: null);
        _files.Add(file, content);
        return file;
    }

    public void Close(OutgoingFile file) => _files.Remove(file);

    public bool TryPrepare(OutgoingFile file, ulong index, int symbolBytes)
    {
        if (file.Zone.ActiveObjectIdKey is not { } key || !_files.TryGetValue(file, out byte[]? content) || !_freeSlots.TryPop(out int slot)) return false;
        _world.At(_world.NowTicks + ReadTicks, () =>
        {
            if (IsOver) return;
            _prepared.Enqueue(Prepare(file, content, index, symbolBytes, slot, key));
            _wake();
        });
        return true;
    }

    public bool TryTake(out PreparedSegment prepared) => _prepared.TryDequeue(out prepared);

    public void Return(int slot) => _freeSlots.Push(slot);

    private PreparedSegment Prepare(OutgoingFile file, byte[] content, ulong index, int symbolBytes, int slot, ObjectIdKey key)
    {
        ReadOnlySpan<byte> segment = content.AsSpan((int)file.Shape.OffsetOf(index), file.Shape.BytesOf(index));
        int chunkBytes = _options.ChunkBytes, start = slot * _slotBytes;
        int strideBytes = (chunkBytes + symbolBytes - 1) / symbolBytes * symbolBytes;
        for (int offset = 0, at = start; offset < segment.Length; offset += chunkBytes, at += strideBytes)
        {
            ReadOnlySpan<byte> chunk = segment.Slice(offset, Math.Min(chunkBytes, segment.Length - offset));
            Span<byte> place = _memory.AsSpan(at, strideBytes);
            chunk.CopyTo(place);
            place[chunk.Length..].Clear();
        }

        var manifest = new CborWriter(1024);
        using KeyLease lease = key.Key.Lease();
        ChunkedObjectManifest.Write(manifest, _hasher, lease.Bytes, file.Zone.Zone, _unixSeconds(), segment, chunkBytes);
        return new PreparedSegment(file, index, symbolBytes, slot, start, key.Id, manifest.ToArray());
    }
}
