using System;
using FcpFast.Node;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Actors;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Nodes;

namespace FcpFast.Simulation.Tests.Support;

/// <summary>One node, bob, and a peer with real keys that does what the test says.</summary>
internal sealed class Solo : IDisposable
{
    private readonly CborWriter _writer = new(4096);
    private readonly CborWriter _scratch = new(4096);

    public Solo(ulong seed, Func<NodePlan, NodePlan>? plan = null, bool carolIsRelay = false)
    {
        World = new World(seed);
        Random = World.NewRandom("test");
        Fleet = new Fleet(World);
        Member carol = Fleet.Enrol("carol", isRelay: carolIsRelay), bob = Fleet.Enrol("bob"), alice = Fleet.Enrol("alice");
        Dave = carolIsRelay ? Fleet.Enrol("dave") : null;
        Fleet.Found(Duo.Zone, AeadAlgorithm.ChaCha20Poly1305, Dave is null ? [carol, bob, alice] : [carol, bob, alice, Dave]);
        Bob = new SimulatedNode(Fleet, bob, plan?.Invoke(new NodePlan()) ?? new NodePlan());
        Alice = new SimulatedNode(Fleet, alice, new NodePlan { ConnectsTo = [Bob] });
        Carol = new ScriptedPeer(Fleet, carol);
        Bob.Start();
        Carol.Greet(Bob);
        WaitFor(() => Bob.Core.StateOf(carol.Id) == LinkState.Established && Carol.Session is not null, "carol has a session");
        Carol.SendProbe(ObjectId.Read(Random.Bytes(ObjectId.Length)), isEcho: false);
        WaitFor(() => Bob.Core.StateOf(carol.Id) == LinkState.Ready, "data may pass to carol");
    }

    public World World { get; }

    public WorldRandom Random { get; }

    public Fleet Fleet { get; }

    public SimulatedNode Bob { get; }

    /// <summary>A well-behaved node that is not started yet.</summary>
    public SimulatedNode Alice { get; }

    public ScriptedPeer Carol { get; }

    /// <summary>A member without a node, where carol is a relay and alice is behind it.</summary>
    public Member? Dave { get; }

    public void WaitFor(Func<bool> isReached, string what, TimeSpan? limit = null)
    {
        if (World.RunUntil(isReached, limit ?? TimeSpan.FromMinutes(1))) return;
        Assert.Fail($"seed {World.Seed}: after {TimeSpan.FromTicks(World.NowTicks)} still not: {what}\n{World.Trace.Tail()}");
    }

    public void Run(double seconds = 0.5) => World.RunFor(TimeSpan.FromSeconds(seconds));

    /// <summary>How often bob has counted a name since the last look at it was taken.</summary>
    public long Counted(FcpStatus status, Action act)
    {
        long before = Bob.CountOf(status);
        act();
        Run();
        return Bob.CountOf(status) - before;
    }

    public ObjectAddress Address(ObjectId id, ZoneKeyId? zoneKey = null) =>
        new(id, "z:work"u8, zoneKey ?? Carol.RingOf(Duo.Zone).ZoneKeys[0].Id, Carol.StreamOf(Duo.Zone).Epoch);

    public void Request(ObjectId id, uint max, uint[]? hint = null, ZoneKeyId? zoneKey = null, bool isForged = false)
    {
        var message = new SymbolRequest { CreatedAtUnixSeconds = Carol.Now.UnixSeconds, Address = Address(id, zoneKey), MaxSymbols = max };
        if (hint is not null) message.MissingHint = new MissingHint(hint);
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        using (KeyLease seed = Carol.Member.Keys.Signing.Lease()) message.Sign(Carol.Crypto.Signatures, seed.Bytes, _scratch, signature);
        if (isForged) signature[0] ^= 1;
        message.Signature = signature;
        message.Write(_writer.Reset());
        Carol.SendControl(_writer.Written);
    }

    public void Tell(ObjectId id, SymbolAckReason reason)
    {
        var message = new SymbolAck { CreatedAtUnixSeconds = Carol.Now.UnixSeconds, Address = Address(id), Reason = reason };
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        using (KeyLease seed = Carol.Member.Keys.Signing.Lease()) message.Sign(Carol.Crypto.Signatures, seed.Bytes, _scratch, signature);
        message.Signature = signature;
        message.Write(_writer.Reset());
        Carol.SendControl(_writer.Written);
    }

    public void TellDecoded(ObjectId id, bool isComplete)
    {
        var message = new DecodeStatus { CreatedAtUnixSeconds = Carol.Now.UnixSeconds, Address = Address(id), IsComplete = isComplete, Needed = 1 };
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        using (KeyLease seed = Carol.Member.Keys.Signing.Lease()) message.Sign(Carol.Crypto.Signatures, seed.Bytes, _scratch, signature);
        message.Signature = signature;
        message.Write(_writer.Reset());
        Carol.SendControl(_writer.Written);
    }

    /// <summary>Announces a file of carol's.</summary>
    public void Announce(TransferId id, string name, ulong bytes, ulong segmentBytes = 64 * 1024)
    {
        var body = new FileBody { TransferId = id, Name = System.Text.Encoding.UTF8.GetBytes(name), Shape = new FileShape(bytes, segmentBytes) };
        body.Write(_writer.Reset());
        Carol.SendBody(Duo.Zone, _writer.Written);
    }

    /// <summary>Announces a segment of carol's.</summary>
    public ObjectId[] Announce(TransferId id, ulong index, byte[] content, int chunkBytes)
    {
        var hasher = new Blake3Hasher();
        using KeyLease key = Carol.RingOf(Duo.Zone).ActiveObjectIdKey!.Key.Lease();
        var ids = new ObjectId[(content.Length + chunkBytes - 1) / chunkBytes];
        for (int i = 0; i < ids.Length; i++)
        {
            ReadOnlySpan<byte> chunk = content.AsSpan(i * chunkBytes, Math.Min(chunkBytes, content.Length - (i * chunkBytes)));
            ids[i] = ChunkIds.Compute(hasher, key.Bytes, Fleet.ZoneOf(Duo.Zone), chunk);
        }

        Announce(id, index, content.Length, chunkBytes, ids);
        return ids;
    }

    /// <summary>Announces a segment of carol's with these ids, whatever they are of.</summary>
    public void Announce(TransferId id, ulong index, int bytes, int chunkBytes, ObjectId[] ids)
    {
        var manifest = new CborWriter(4096);
        ChunkedObjectManifest.WriteHashed(manifest, Fleet.ZoneOf(Duo.Zone), Carol.Now.UnixSeconds, (ulong)bytes, chunkBytes, ids, default);
        Assert.Equal(FcpStatus.Accepted, ChunkedObjectManifest.Parse(manifest.Written, out ChunkedObjectManifest parsed));
        var body = new SegmentBody { TransferId = id, Index = index, Manifest = parsed, ObjectIdKeyId = Carol.RingOf(Duo.Zone).ActiveObjectIdKey!.Id };
        body.Write(_writer.Reset());
        Carol.SendBody(Duo.Zone, _writer.Written);
    }

    public void Dispose()
    {
        Carol.Dispose();
        Alice.Dispose();
        Bob.Dispose();
        Fleet.Dispose();
    }
}
