using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>Files in memory that are read into a few slots, as a real source reads them; a slot that is lost or given back twice is a fault.</summary>
internal sealed class MemorySource(int slots = 4, int chunkBytes = 8 * 1024) : ISegmentSource
{
    private const int SlotBytes = 512 * 1024;

    private readonly byte[] _memory = new byte[slots * SlotBytes];
    private readonly Queue<PreparedSegment> _prepared = new();
    private readonly HashSet<int> _taken = [];
    private readonly Blake3Hasher _hasher = new();

    public Dictionary<OutgoingFile, byte[]> Contents { get; } = [];

    public ReadOnlySpan<byte> Memory => _memory;

    public int TakenSlots => _taken.Count;

    /// <summary>Segments that were read, repeats included.</summary>
    public int Reads { get; private set; }

    /// <summary>Why the next reads fail; null if they do not.</summary>
    public string? Failure { get; set; }

    /// <summary>True while nothing that was read is handed over.</summary>
    public bool IsHeld { get; set; }

    public bool TryPrepare(OutgoingFile file, ulong index, int symbolBytes)
    {
        int slot = Enumerable.Range(0, slots).FirstOrDefault(slot => !_taken.Contains(slot), -1);
        if (slot < 0) return false;
        Reads++;
        if (Failure is { } failure)
        {
            _prepared.Enqueue(new PreparedSegment(file, index, symbolBytes, slot, 0, default, default, failure)); // its slot is the source's again
            return true;
        }

        _taken.Add(slot);
        int totalBytes = file.Shape.BytesOf(index), stride = (chunkBytes + symbolBytes - 1) / symbolBytes * symbolBytes, start = slot * SlotBytes;
        byte[] segment = Contents[file].AsSpan((int)file.Shape.OffsetOf(index), totalBytes).ToArray();
        _memory.AsSpan(start, SlotBytes).Clear();
        for (int i = 0; i * chunkBytes < totalBytes; i++)
        {
            segment.AsSpan(i * chunkBytes, Math.Min(chunkBytes, totalBytes - (i * chunkBytes))).CopyTo(_memory.AsSpan(start + (i * stride)));
        }

        _prepared.Enqueue(new PreparedSegment(
            file, index, symbolBytes, slot, start, file.Zone.ActiveObjectIdKey!.Id, Manifest(file, segment, chunkBytes, _hasher)));
        return true;
    }

    public bool TryTake(out PreparedSegment prepared)
    {
        prepared = default;
        return !IsHeld && _prepared.TryDequeue(out prepared);
    }

    public void Return(int slot)
    {
        if (!_taken.Remove(slot)) throw new InvalidOperationException($"slot {slot} is given back twice");
    }

    public static byte[] Manifest(OutgoingFile file, byte[] segment, int chunkBytes, Blake3Hasher hasher)
    {
        var writer = new CborWriter();
        using KeyLease key = file.Zone.ActiveObjectIdKey!.Key.Lease();
        ChunkedObjectManifest.Write(writer, hasher, key.Bytes, file.Zone.Zone, 1, segment, chunkBytes);
        return writer.ToArray();
    }
}
