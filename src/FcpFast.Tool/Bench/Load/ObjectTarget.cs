using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Tool.Bench.Frames;

namespace FcpFast.Tool.Bench.Load;

/// <summary>Puts objects together, verifies the id of each and delivers it to memory.</summary>
/// <remarks>Shape: the objects are announced when it starts, and each again as soon as it is delivered, as the sender sends them in a ring.</remarks>
internal sealed class ObjectTarget<TAead, TMac> : LoadTarget
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private const int ArenaBytes = 4 * LoadPlan.Objects * FrameSecrets.ObjectBytes;

    private readonly AssemblyTable _table = new(ArenaBytes);
    private readonly Blake3Hasher _hasher;
    private readonly byte[] _delivered = new byte[LoadPlan.Objects * FrameSecrets.ObjectBytes];
    private readonly FrameSecrets _secrets;
    private readonly ZoneIdHash _zone;
    private readonly FrameReceiver<TAead, TMac, AssemblyTable> _receiver;
    private long _objects;

    public ObjectTarget(LoadPlan plan, Blake3Hasher hasher)
    {
        _hasher = hasher;
        _secrets = new FrameSecrets(plan.Suite, default(TMac));
        _zone = _secrets.Zone.ComputeHash();
        _receiver = new FrameReceiver<TAead, TMac, AssemblyTable>(_secrets, _table);
        ObjectId[] ids = FrameSender<TAead, TMac>.ObjectIds(
            _secrets, BenchData.Make(BenchData.PlaintextSeed, LoadPlan.Objects * FrameSecrets.ObjectBytes));
        for (int i = 0; i < ids.Length; i++) Announce(ids[i], i);
    }

    public override long Frames => _receiver.Opened;

    public override long PayloadBytes => _objects * FrameSecrets.ObjectBytes;

    public override void Take(Span<byte> slab, int datagramBytes)
    {
        _receiver.Open(slab, datagramBytes);
        while (_table.TryTakeComplete(out ChunkAssembly? chunk)) Deliver(chunk!);
    }

    protected override void Release() => _receiver.Dispose();

    private void Deliver(ChunkAssembly chunk)
    {
        ObjectId id = chunk.Id;
        int number = chunk.Places[0].ChunkNumber;
        ReadOnlySpan<byte> bytes = _table.BytesOf(chunk);
        Invariant.Require(ChunkIds.Compute(_hasher, _secrets.ObjectIdKey, _secrets.Zone, bytes) == id, "an object has the bytes that its id says");
        bytes.CopyTo(_delivered.AsSpan(number * FrameSecrets.ObjectBytes));
        _table.Withdraw(chunk);
        Announce(id, number);
        _objects++;
    }

    /// <summary>The place's segment is for the transfers of a node, which a bench has none of.</summary>
    private void Announce(ObjectId id, int number)
    {
        ChunkAssembly? chunk = _table.Announce(_zone, _secrets.Sender, id, FrameSecrets.ObjectBytes, null!, number);
        Invariant.Require(chunk is not null, "the objects of a bench differ");
    }
}
