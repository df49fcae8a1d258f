using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>A sender with files in memory.</summary>
internal sealed class SendingSide
{
    public const int SymbolBytes = 1024;

    private ulong _started;

    public SendingSide(ZoneKeyRing ring, int slots = 4, int chunkBytes = 8 * 1024)
    {
        Ring = ring;
        Source = new MemorySource(slots, chunkBytes);
        Transfers = new OutgoingTransfers(Source, Outbox, Observer);
    }

    public static NodeId Receiver { get; } = TestNodes.Node("bob");

    public ZoneKeyRing Ring { get; }

    public MemorySource Source { get; }

    public MemoryOutbox Outbox { get; } = new();

    public CountingObserver Observer { get; } = new();

    public OutgoingTransfers Transfers { get; }

    public Instant Now { get; set; } = TestNodes.Start;

    /// <summary>The symbol size towards everyone; 0 while there is no way.</summary>
    public int SymbolBytesNow { get; set; } = SymbolBytes;

    public OutgoingFile Start(byte[] content, int segmentBytes = 64 * 1024, string name = "file", NodeId? to = null, ZoneKeyRing? ring = null)
    {
        var file = new OutgoingFile(
            ring ?? Ring, to ?? Receiver, new TransferId(new Bytes16(++_started, 0)), name,
            new FileShape((ulong)content.Length, (ulong)segmentBytes), mode: null);
        Source.Contents[file] = content;
        Transfers.Start(file);
        return file;
    }

    public void Tick(double afterSeconds = 0)
    {
        Now = Now.After(afterSeconds);
        Transfers.Tick(_ => SymbolBytesNow, Now);
    }

    public List<(ObjectId Object, ushort K, uint Esi, int Offset)> Plan(long bytesMax = long.MaxValue / 2, int most = 54, NodeId? to = null)
    {
        var planner = new ListPlanner(most);
        Transfers.Plan(to ?? Receiver, planner, bytesMax, SymbolBytes, Now, out _);
        return planner.Symbols;
    }

    /// <summary>The bodies sent since the last look, of one kind.</summary>
    public int TakeBodies(SchemaHash schema)
    {
        int count = Outbox.Bodies.Count(body => SchemaHash(body.Payload) == schema);
        Outbox.Bodies.RemoveAll(body => SchemaHash(body.Payload) == schema);
        return count;
    }

    public FcpStatus Status(
        OutgoingFile file, SegmentRange[]? done = null, ulong credit = 1 << 30, ulong? segment = null, byte[]? chunks = null, MissingSymbols[]? missing = null,
        ulong instance = 1, NodeId? from = null)
    {
        var writer = new CborWriter();
        TransferStatusBody.Write(
            writer, file.Id, done ?? [], credit, segment is { } index ? new SegmentProgress(index, chunks ?? [], missing ?? []) : default);
        Assert.Equal(FcpStatus.Accepted, TransferStatusBody.Parse(writer.Written, out TransferStatusBody body));
        return Transfers.ReceiveStatus(file.Zone, from ?? file.To, new SenderInstanceId(instance), body, Now, out _);
    }

    public static byte[] All(int chunks)
    {
        byte[] bitmap = new byte[Bitmap.BytesFor(chunks)];
        for (int i = 0; i < chunks; i++) Bitmap.Add(bitmap, i);
        return bitmap;
    }

    private static SchemaHash SchemaHash(byte[] payload) => new(Bytes32.Read(payload));
}
