using System;
using System.Collections.Generic;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>Keeps what a node hands out to be sent.</summary>
internal sealed class MemoryOutbox : IControlOutbox
{
    public List<(NodeId To, byte[] Payload)> Bodies { get; } = [];

    public List<(NodeId To, ObjectId Object, SymbolAckReason Reason)> Acks { get; } = [];

    /// <summary>True while there is no way to anyone.</summary>
    public bool IsDown { get; set; }

    public bool SendBody(ZoneKeyRing zone, NodeId to, ReadOnlySpan<byte> payload)
    {
        if (!IsDown) Bodies.Add((to, payload.ToArray()));
        return !IsDown;
    }

    /// <summary>Zones in which nothing can be sealed now.</summary>
    public HashSet<ZoneId> Paused { get; } = [];

    public bool MaySeal(ZoneKeyRing zone, NodeId to) => !IsDown && !Paused.Contains(zone.Zone);

    public List<NodeId> Silent { get; } = [];

    public void NoteSilence(NodeId to) => Silent.Add(to);

    public void SendSymbolAck(ZoneKeyRing zone, NodeId to, ObjectId objectId, SymbolAckReason reason) => Acks.Add((to, objectId, reason));
}

/// <summary>Counts what becomes of files.</summary>
internal sealed class CountingObserver : ITransferObserver
{
    public List<IncomingFile> OpenedFiles { get; } = [];

    public List<IncomingFile> Received { get; } = [];

    public List<IncomingFile> ReceiveFailures { get; } = [];

    public List<OutgoingFile> Sent { get; } = [];

    public List<OutgoingFile> SendFailures { get; } = [];

    public void Opened(IncomingFile file) => OpenedFiles.Add(file);

    public void Completed(IncomingFile file) => Received.Add(file);

    public void Failed(IncomingFile file) => ReceiveFailures.Add(file);

    public void Completed(OutgoingFile file) => Sent.Add(file);

    public void Failed(OutgoingFile file) => SendFailures.Add(file);
}

/// <summary>Takes planned symbols up to a number, as a slab would.</summary>
internal sealed class ListPlanner(int most = 54) : ISymbolPlanner
{
    public List<(ObjectId Object, ushort K, uint Esi, int Offset)> Symbols { get; } = [];

    public bool TryAdd(ObjectId objectId, ushort k, uint esi, int sourceOffset)
    {
        if (Symbols.Count == most) return false;
        Symbols.Add((objectId, k, esi, sourceOffset));
        return true;
    }
}
