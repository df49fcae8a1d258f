using System;
using System.Collections.Generic;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>A receiver with a store in memory, and files as its sources announce them.</summary>
internal sealed class ReceivingSide
{
    public const int ChunkBytes = 8 * 1024;
    public const int SymbolBytes = 1024;

    private readonly Blake3Hasher _hasher = new();

    public ReceivingSide(ZoneKeyRing ring, int arenaBytes = 1024 * 1024, int creditBytes = 256 * 1024, MemoryStore? store = null)
    {
        Ring = ring;
        Store = store ?? new MemoryStore();
        Table = new AssemblyTable(arenaBytes);
        Transfers = new IncomingTransfers(Table, Store, Outbox, Observer, Counters, creditBytes, _hasher);
    }

    public static NodeId Source { get; } = TestNodes.Node("alice");

    public ZoneKeyRing Ring { get; }

    public MemoryStore Store { get; }

    public AssemblyTable Table { get; }

    public MemoryOutbox Outbox { get; } = new();

    public CountingObserver Observer { get; } = new();

    public StatusCounters Counters { get; } = new();

    public IncomingTransfers Transfers { get; }

    public Instant Now { get; set; } = TestNodes.Start;

    public FcpStatus File(
        int sizeBytes, ulong id = 1, string name = "file", int segmentBytes = 64 * 1024, NodeId? from = null)
    {
        var writer = new CborWriter();
        new FileBody
        {
            TransferId = new TransferId(new Bytes16(id, 0)), Name = System.Text.Encoding.UTF8.GetBytes(name),
            Shape = new FileShape((ulong)sizeBytes, (ulong)segmentBytes),
        }.Write(writer);
        Assert.Equal(FcpStatus.Accepted, FileBody.Parse(writer.Written, out FileBody body));
        return Transfers.ReceiveFile(Ring, from ?? Source, body, Now);
    }

    public FcpStatus Segment(
        byte[] content, ulong index = 0, ulong id = 1, NodeId? from = null, int chunkBytes = ChunkBytes, ObjectIdKeyId? keyId = null, byte[]? manifest = null)
    {
        var writer = new CborWriter();
        Assert.Equal(FcpStatus.Accepted, ChunkedObjectManifest.Parse(manifest ?? Manifest(content, chunkBytes), out ChunkedObjectManifest parsed));
        new SegmentBody { TransferId = new TransferId(new Bytes16(id, 0)), Index = index, Manifest = parsed, ObjectIdKeyId = keyId }.Write(writer);
        Assert.Equal(FcpStatus.Accepted, SegmentBody.Parse(writer.Written, out SegmentBody body));
        return Transfers.ReceiveSegment(Ring, from ?? Source, body, Now);
    }

    public byte[] Manifest(byte[] content, int chunkBytes = ChunkBytes)
    {
        var writer = new CborWriter();
        using KeyLease key = Ring.ActiveObjectIdKey!.Key.Lease();
        ChunkedObjectManifest.Write(writer, _hasher, key.Bytes, Ring.Zone, 1, content, chunkBytes);
        return writer.ToArray();
    }

    public ObjectId IdOf(ReadOnlySpan<byte> chunk)
    {
        using KeyLease key = Ring.ActiveObjectIdKey!.Key.Lease();
        return ChunkIds.Compute(_hasher, key.Bytes, Ring.Zone, chunk);
    }

    /// <summary>Symbols of one chunk arrive; all of them unless told which.</summary>
    public FcpStatus Symbols(byte[] chunk, int[]? esis = null, ObjectId? claimedId = null, NodeId? from = null, int symbolBytes = SymbolBytes)
    {
        int k = (chunk.Length + symbolBytes - 1) / symbolBytes;
        FcpStatus status = FcpStatus.Accepted;
        Table.NowTicks = Now.Ticks;
        for (int i = 0; i < (esis?.Length ?? k); i++)
        {
            int esi = esis?[i] ?? i;
            byte[] data = new byte[symbolBytes];
            chunk.AsSpan(esi * symbolBytes, Math.Min(symbolBytes, chunk.Length - (esi * symbolBytes))).CopyTo(data);
            FcpStatus one = Symbol(claimedId ?? IdOf(chunk), (uint)esi, (ushort)k, data, from);
            if (one != FcpStatus.Accepted) status = one;
        }

        Transfers.AfterBatch();
        Transfers.NoteArrivals();
        return status;
    }

    public FcpStatus Symbol(ObjectId id, uint esi, ushort k, byte[] data, NodeId? from = null)
    {
        Table.Enter(Ring.ZoneHash, from ?? Source);
        FcpStatus status = Table.Reserve(id, data.Length, esi, k, out SymbolSlot slot);
        if (status != FcpStatus.Accepted) return status;
        data.CopyTo(Table.Memory[slot.Offset..]);
        Table.Fill(slot);
        return status;
    }

    public void Tick(double afterSeconds = 0)
    {
        Now = Now.After(afterSeconds);
        Transfers.Tick(Now);
    }

    /// <summary>The statuses sent since the last look, each read.</summary>
    public List<ReadStatus> TakeStatuses()
    {
        var statuses = new List<ReadStatus>();
        foreach ((NodeId _, byte[] payload) in Outbox.Bodies)
        {
            Assert.Equal(FcpStatus.Accepted, TransferStatusBody.Parse(payload, out TransferStatusBody body));
            statuses.Add(ReadStatus.Of(body));
        }

        Outbox.Bodies.Clear();
        return statuses;
    }

    public static byte[] Chunk(byte[] content, int number) => content.AsSpan(number * ChunkBytes, Math.Min(ChunkBytes, content.Length - (number * ChunkBytes))).ToArray();

    internal sealed record ReadStatus(ulong Id, List<SegmentRange> Done, ulong? Segment, byte[] Chunks, List<(ulong Chunk, byte[] Esis)> Missing, ulong Credit)
    {
        public static ReadStatus Of(scoped in TransferStatusBody body)
        {
            var done = new List<SegmentRange>();
            SegmentRangeReader ranges = body.Done;
            while (ranges.TryRead(out SegmentRange range)) done.Add(range);
            var missing = new List<(ulong, byte[])>();
            MissingSymbolsReader reader = body.Missing;
            byte[] esis = new byte[32];
            while (reader.TryRead(out MissingSymbols symbols)) missing.Add((symbols.Chunk, esis[..symbols.CopyTo(esis)]));
            return new ReadStatus(body.TransferId.Value.Word0, done, body.Segment, body.Chunks.ToArray(), missing, body.CreditBytes);
        }
    }
}
