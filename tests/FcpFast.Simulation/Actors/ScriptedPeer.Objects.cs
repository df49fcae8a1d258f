using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Wire;
using FcpFast.Simulation.Nodes;

namespace FcpFast.Simulation.Actors;

/// <content>Objects: what it seals, and what it opens of others.</content>
public sealed partial class ScriptedPeer
{
    private readonly SealBatch<LibsodiumAead, PortableMac> _seal = new();

    /// <summary>Opens a zone-sealed body of the node that it greeted; null if the payload is none.</summary>
    public byte[]? OpenBody(string zone, byte[] payload)
    {
        if (SealedBody.Parse(payload, out SealedBody body) != FcpStatus.Accepted) return null;
        ZoneKey key = RingOf(zone).Find(body.ZoneKeyId)!;
        key.TryGet(body.Epoch, out SecretKey? parent, out EpochId epoch);
        var id = new SubkeyId(RingOf(zone).ZoneHash, key.Id, epoch, ((SimulatedNode)_to!).Id, body.Instance, SubkeyPurpose.Bodies);
        using SecretKey subkey = SubkeyCache.Derive(Crypto, id, parent!)!;
        using KeyLease lease = subkey.Lease();
        byte[] plaintext = new byte[body.PlaintextBytes];
        FcpStatus status = body.Open(Crypto.Aead, RingOf(zone).Zone, new BodyKey(key.Id, key.Algorithm, lease.Bytes), plaintext);
        return status == FcpStatus.Accepted ? plaintext : throw new InvalidOperationException($"a body of the node does not open: {status}");
    }

    /// <summary>Every zone-sealed body of one schema that came, opened.</summary>
    public byte[][] Bodies(string zone, SchemaHash schema)
    {
        byte[] prefix = new byte[SchemaHash.Length];
        schema.Value.Write(prefix);
        return [.. Payloads.Select(payload => OpenBody(zone, payload)).OfType<byte[]>().Where(body => body.AsSpan().StartsWith(prefix))];
    }

    /// <summary>Seals symbols of an object and sends each as a datagram of its own.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="id">The object.</param>
    /// <param name="k">How many symbols it has.</param>
    /// <param name="symbolBytes">Bytes of each.</param>
    /// <param name="content">Their content, whole symbols.</param>
    /// <param name="firstEsi">The number of the first.</param>
    public void SendSymbols(string zone, ObjectId id, ushort k, int symbolBytes, byte[] content, uint firstEsi = 0)
    {
        foreach (byte[] datagram in SealSymbols(zone, id, k, symbolBytes, content, firstEsi)) SendDatagram(_to!, datagram);
    }

    /// <summary>Seals symbols of an object, each as a datagram of its own; as <see cref="SendSymbols"/>.</summary>
    public IReadOnlyList<byte[]> SealSymbols(string zone, ObjectId id, ushort k, int symbolBytes, byte[] content, uint firstEsi = 0)
    {
        var datagrams = new List<byte[]>();
        ArgumentNullException.ThrowIfNull(content);
        byte[] slab = GC.AllocateArray<byte>(BatchLimits.SlabBytes, pinned: true), source = GC.AllocateArray<byte>(content.Length, pinned: true);
        content.CopyTo(source, 0);
        for (int offset = 0; offset < content.Length; offset += symbolBytes)
        {
            _seal.Begin(slab.Length, symbolBytes, 1);
            _seal.TryAdd(id, k, firstEsi++, offset);
            if (_seal.Finish(Session!, StreamOf(zone), source, slab, Now, out int bytes) == FcpStatus.Accepted) datagrams.Add(slab[..bytes]);
        }

        return datagrams;
    }

    /// <summary>The symbols of an object that came, by number, each time it came.</summary>
    public uint[] SymbolsOf(ObjectId id) => [.. Datagrams.SelectMany(packet =>
    {
        DatagramView.Parse(packet.Bytes, WireLimits.DatagramBytesMax, out DatagramView view);
        if (view.ParseFrame(out FrameView frame) != FcpStatus.Accepted || frame.ObjectId != id) return [];
        uint[] esis = new uint[frame.SymbolCount];
        for (int i = 0; i < esis.Length; i++) esis[i] = frame.Record(i).Esi;
        return esis;
    })];
}
