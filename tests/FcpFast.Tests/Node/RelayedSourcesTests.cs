using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Tests.Node;

/// <summary>[WIRE §16.8]: whose an instance is behind a relay, and the frames that wait until that is proven: at most 1 MiB and 1 s.</summary>
public sealed class RelayedSourcesTests : ISourceDirectory
{
    private static readonly CryptoProvider Crypto = LibsodiumGate.Open();
    private static readonly ZoneIdHash Zone = new(new Bytes32(1, 0, 0, 0));
    private static readonly ZoneKeyId Key = new(new Bytes8(1));
    private static readonly NodeId Alice = Links.Node("alice"), Mallory = Links.Node("mallory");

    private readonly RelayedSources _sources = new();

    [Fact]
    public void Bind_FirstBodyOfAnInstance_NamesItsSourceForGood()
    {
        Assert.True(_sources.Find(Zone, Key, new SenderInstanceId(7)).IsEmpty);
        Assert.True(Bind(7, Alice));
        Assert.False(Bind(7, Mallory));
        Assert.Equal(Alice, _sources.Find(Zone, Key, new SenderInstanceId(7)));
        Assert.True(_sources.Find(new ZoneIdHash(new Bytes32(2, 0, 0, 0)), Key, new SenderInstanceId(7)).IsEmpty); // a zone that chose the same key id
    }

    [Fact]
    public void Bind_OneSourceWithoutEnd_LeavesTheBindingsOfOthers()
    {
        Assert.True(Bind(1ul << 40, Alice));
        for (ulong i = 0; i < 10_000; i++) Assert.True(Bind(i, Mallory));
        Assert.Equal(Alice, _sources.Find(Zone, Key, new SenderInstanceId(1ul << 40)));
        Assert.Equal(256, Enumerable.Range(0, 10_000).Count(i => _sources.Find(Zone, Key, new SenderInstanceId((ulong)i)) == Mallory));
        Assert.Equal(Mallory, _sources.Find(Zone, Key, new SenderInstanceId(9_999))); // its newest
    }

    [Fact]
    public void Bind_OfAllTheBindingsThereAre_StopsAtTheBound()
    {
        for (int source = 0; source < 16; source++)
        {
            for (ulong i = 0; i < 256; i++) Assert.True(Bind((ulong)source << 32 | i, Links.Node($"source-{source}")));
        }

        Assert.False(Bind(1ul << 50, Links.Node("late"))); // none of its own makes room
        Assert.True(Bind(1ul << 51, Links.Node("source-3")));
        Assert.True(_sources.Find(Zone, Key, new SenderInstanceId(3ul << 32)).IsEmpty);
    }

    [Fact]
    public void Forget_AKey_FreesItsBindingsOnly()
    {
        var other = new ZoneKeyId(new Bytes8(2));
        for (ulong i = 0; i < 200; i++) Bind(i, Alice);
        Assert.True(_sources.Bind(Zone, other, new SenderInstanceId(1), Alice));
        _sources.Forget(Zone, Key);
        Assert.True(_sources.Find(Zone, Key, new SenderInstanceId(1)).IsEmpty);
        Assert.Equal(Alice, _sources.Find(Zone, other, new SenderInstanceId(1)));
        for (ulong i = 0; i < 255; i++) Assert.True(Bind(i, Alice)); // none of them has to make room
        Assert.Equal(Alice, _sources.Find(Zone, other, new SenderInstanceId(1)));
    }

    [Fact]
    public void TryHold_Frames_AreKeptInOrderAndResumedForTheirInstanceOnly()
    {
        var random = new Random(1);
        var frames = new List<byte[]>();
        for (int i = 0; i < 20; i++)
        {
            (byte[] slab, FrameSlot slot) = Unproven((ulong)(i % 3));
            frames.Add(slab[slot.FrameOffset..(slot.FrameOffset + slot.FrameBytes)]);
            Assert.True(_sources.Frames.TryHold(slab, slot, new Instant(random.Next(10), 0)));
        }

        _sources.Frames.Resume(new SenderInstanceId(1));
        FrameSlot[] held = _sources.Frames.Held.ToArray();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(i % 3 == 1 ? FcpStatus.Accepted : FcpStatus.UnknownSource, held[i].Status);
            Assert.Equal(frames[i], _sources.Frames.Bytes.Slice(held[i].FrameOffset, held[i].FrameBytes).ToArray());
        }

        Assert.Equal(0, _sources.Frames.Release(new Instant(11, 0))); // those that were judged are let go of
        Assert.Equal(13, _sources.Frames.Held.Length);
        Assert.Equal(frames[0], _sources.Frames.Bytes.Slice(_sources.Frames.Held[0].FrameOffset, _sources.Frames.Held[0].FrameBytes).ToArray());
    }

    [Fact]
    public void TryHold_MoreThanItsRoom_IsRefusedUntilAllIsGone()
    {
        (byte[] slab, FrameSlot slot) = Unproven(1, symbols: 50);
        int held = 0;
        while (_sources.Frames.TryHold(slab, slot, new Instant(held, 0))) held++;
        Assert.InRange(held * slot.FrameBytes, RelayedSources.HeldBytesMax - slot.FrameBytes, RelayedSources.HeldBytesMax);
        Assert.Equal(Instant.TicksPerSecond, _sources.Frames.DueTicks);
        Assert.Equal(0, _sources.Frames.Release(new Instant(Instant.TicksPerSecond - 1, 0)));
        Assert.Equal(1, _sources.Frames.Release(new Instant(Instant.TicksPerSecond, 0)));
        Assert.Equal(held - 1, _sources.Frames.Release(new Instant(2 * Instant.TicksPerSecond, 0)));
        Assert.Equal(long.MaxValue, _sources.Frames.DueTicks);
        Assert.True(_sources.Frames.TryHold(slab, slot, default));
    }

    [Fact]
    public void TryHold_ManySmallFrames_AreBoundedInNumber()
    {
        (byte[] slab, FrameSlot slot) = Unproven(1, symbolBytes: 256);
        int held = 0;
        while (_sources.Frames.TryHold(slab, slot, default)) held++;
        Assert.Equal(RelayedSources.HeldBytesMax / slot.FrameBytes, held); // fewer than there are slots for
        Assert.Equal(held, _sources.Frames.Held.Length);
    }

    NodeId ISourceDirectory.SourceOf(PeerSession session, SenderInstanceId instance, ZoneEntry zone, ZoneKeyId zoneKeyId) => default;

    private bool Bind(ulong instance, NodeId source) => _sources.Bind(Zone, Key, new SenderInstanceId(instance), source);

    /// <summary>A frame that verified on a relay's session and whose source nobody knows.</summary>
    private (byte[] Slab, FrameSlot Slot) Unproven(ulong instance, int symbols = 1, int symbolBytes = 256)
    {
        ZoneId.Parse("z:work", out ZoneId zone);
        var now = new Instant(1, 1_700_000_000);
        var ring = new ZoneKeyRing(zone);
        ring.Install(
            new ZoneKey(Key, AeadAlgorithm.ChaCha20Poly1305, Crypto.Vault.Import(new byte[32]), 0),
            new ObjectIdKey(new ObjectIdKeyId(new Bytes8(1)), Crypto.Vault.Import(new byte[32])), 300, 2, now.UnixSeconds);
        ring.Tick(now.UnixSeconds, []);
        var zones = new ZoneTable();
        zones.Set(new ZoneEntry(ring, MacSuite.HmacSha256, new HashSet<NodeId> { Alice }));
        var id = new SessionId(new Bytes16(1, 1));
        var sender = new PeerSession(
            Crypto, new SessionParameters(id, Alice, true, MacSuite.Blake3, 65_507), new byte[96], new LaneTable(), SequencerLimits.Default, now);
        var receiver = new PeerSession(
            Crypto, new SessionParameters(id, Mallory, false, MacSuite.Blake3, 65_507), new byte[96], new LaneTable(), SequencerLimits.Default, now);
        var sessions = new SessionTable();
        sessions.TryAdd(receiver);
        using var stream = new SealingStream(Crypto, ring, ring.Active!, Alice, new SenderInstanceId(instance), SequencerLimits.Default, now);
        var seal = new SealBatch<LibsodiumAead, PortableMac>();
        seal.Begin(BatchLimits.SlabBytes, symbolBytes, symbols);
        for (uint esi = 0; esi < symbols; esi++) seal.TryAdd(default, (ushort)symbols, esi, 0);
        byte[] slab = new byte[BatchLimits.SlabBytes];
        Assert.Equal(FcpStatus.Accepted, seal.Finish(sender, stream, new byte[symbolBytes], slab, now, out int bytes));
        var counters = new StatusCounters();
        var verify = new VerifyBatch<PortableMac>(sessions, zones, counters, 65_507);
        var open = new OpenBatch<LibsodiumAead, AssemblyTable>(
            zones, new ContentWindows(), new SubkeyCache(Crypto, 4), this, counters, new AssemblyTable(4096));
        verify.Verify(slab.AsSpan(0, bytes), bytes, now);
        open.Open(slab, verify.Frames, now);
        Assert.Equal(FcpStatus.UnknownSource, verify.Frames[0].Status);
        return (slab, verify.Frames[0]);
    }
}
