using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>[WIRE §6], [DESIGN §1]: slabs of coalesced datagrams, whatever lies side by side in them.</summary>
public sealed class SlabTests
{
    private readonly RealCrypto _crypto = new();
    private readonly NodeId _alice = TestNodes.Node("alice"), _bob = TestNodes.Node("bob");

    [Fact]
    public void Receive_SeveralSessionsZonesKeysAndSizes_EachFrameUnderItsOwn()
    {
        var receiver = new ReceivingNode(_crypto, subkeysMax: 3, sinkBytes: 1024 * 1024);
        NodeId[] members = [_alice, _bob, TestNodes.Node("carol")];
        ZoneEntry[] zones =
        [
            TestNodes.Zone(_crypto.Provider, "z:one", 1, members),
            TestNodes.Zone(_crypto.Provider, "z:two", 2, members, AeadAlgorithm.XChaCha20Poly1305),
            TestNodes.Zone(_crypto.Provider, "z:three", 1, members, isRatcheting: true),
        ];
        Array.ForEach(zones, receiver.Zones.Set);
        (NodeId Peer, PeerSession Session)[] peers = members.Where(peer => peer != _bob).SelectMany(
            peer => new[] { MacSuite.Blake3, MacSuite.HmacSha256 }.Select(suite => (peer, Connect(receiver, peer, suite)))).ToArray();
        ulong seq = 0;
        Seeded.Run(20, random =>
        {
            var drafts = new List<FrameDraft>();
            var objects = new List<(TestSink.TestObject Object, int[] Esis)>();
            seq += 100;
            for (int i = 0; i < 40; i++)
            {
                (NodeId peer, PeerSession session) = peers[random.Next(peers.Length)];
                ZoneEntry zone = zones[random.Next(zones.Length)];
                bool isBig = random.Next(2) == 0; // five symbols of 256 bytes take exactly the room of one of 1,368
                var draft = new FrameDraft
                {
                    Session = session,
                    Zone = zone,
                    Source = peer,
                    Instance = (ulong)random.Next(3) + (session.Suite == MacSuite.Blake3 ? 100ul : 0),
                    Seq = seq + (ulong)i,
                    Object = ObjectId.Read(random.Bytes(32)),
                    Esis = isBig ? [(uint)random.Next(5)] : [0, 1, 2, 3, 4],
                    K = 5,
                    SymbolBytes = isBig ? 1_368 : 256,
                };
                if (random.Next(5) == 0) draft = draft with { IsForged = true };
                else if (random.Next(5) == 0) draft = draft with { Spoiled = [draft.Esis.Count - 1] };
                bool isRight = !draft.IsForged && draft.Spoiled.Count == 0;
                TestSink.TestObject added = receiver.Sink.Announce(zone.Ring.ZoneHash, peer, draft.Object, 5, draft.SymbolBytes);
                objects.Add((added, isRight ? draft.Esis.Select(static esi => (int)esi).ToArray() : []));
                drafts.Add(draft);
            }

            FcpStatus[] expected = drafts.Select(static draft =>
                draft.IsForged ? FcpStatus.InvalidSignature : draft.Spoiled.Count > 0 ? FcpStatus.DecryptFailed : FcpStatus.Accepted).ToArray();
            Assert.Equal(expected, receiver.Receive([.. drafts]));
            Assert.All(objects, static pair => Assert.True(pair.Object.Holds(pair.Esis)));
            receiver.Sink.Forget();
        });
    }

    [Fact]
    public void Receive_MoreDatagramsThanABatchTakes_TakesThemInSeveralPasses()
    {
        var receiver = new ReceivingNode(_crypto, sinkBytes: 256 * 1024);
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice, _bob]);
        receiver.Zones.Set(zone);
        PeerSession session = Connect(receiver, _alice, MacSuite.Blake3);
        var frame = new FrameDraft { Session = session, Zone = zone, Source = _alice };
        TestSink.TestObject[] objects = new TestSink.TestObject[75];
        for (int i = 0; i < objects.Length; i++) objects[i] = receiver.Sink.Announce(zone.Ring.ZoneHash, _alice, Named(i));
        byte[][] datagrams = Enumerable.Range(0, 600)
            .Select(i => (frame with { Seq = (ulong)i + 1, Object = Named(i / 8), Esis = [(uint)i % 8] }).Datagram()).ToArray();
        byte[] slab = [.. datagrams.SelectMany(static datagram => datagram), 1, 2, 3];
        Assert.Equal([256, 256, 89], Passes(slab, datagrams[0].Length, receiver));
        Assert.All(objects, static known => Assert.True(known.Holds(0, 1, 2, 3, 4, 5, 6, 7)));
        Assert.Equal(1, receiver.Counters[FcpStatus.DatagramTooShort]); // the three bytes at the end
    }

    [Fact]
    public void Receive_MoreSymbolsThanOneCallOfTheEngine_OpensThemAll()
    {
        var receiver = new ReceivingNode(_crypto, sinkBytes: 1024 * 1024);
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice, _bob]);
        receiver.Zones.Set(zone);
        var frame = new FrameDraft { Session = Connect(receiver, _alice, MacSuite.Blake3), Zone = zone, Source = _alice, K = 200 };
        TestSink.TestObject[] objects = Enumerable.Range(0, 5).Select(i => receiver.Sink.Announce(zone.Ring.ZoneHash, _alice, Named(i), 200)).ToArray();
        uint[] esis = [.. Enumerable.Range(0, 200).Select(static esi => (uint)esi)];
        FrameDraft[] drafts = Enumerable.Range(0, 5).Select(i => frame with { Seq = (ulong)i + 1, Object = Named(i), Esis = esis }).ToArray();
        drafts[3] = drafts[3] with { Spoiled = [150] };
        FcpStatus[] statuses = receiver.Receive(drafts); // 1,000 symbols: frames are never cut by the 512 of a call
        Assert.Equal([FcpStatus.Accepted, FcpStatus.Accepted, FcpStatus.Accepted, FcpStatus.DecryptFailed, FcpStatus.Accepted], statuses);
        for (int i = 0; i < 5; i++) Assert.Equal(i == 3 ? 0 : 200, objects[i].FilledCount);
    }

    [Fact]
    public void Receive_AnyBytesCutAnyhow_RefusesThemAndStaysWhole() => Seeded.Run(200, random =>
    {
        var receiver = new ReceivingNode(_crypto);
        byte[] slab = random.Bytes(random.Next(1, 20_000));
        FcpStatus[] statuses = receiver.ReceiveSlab(slab, random.Next(1, 2_000));
        Assert.DoesNotContain(FcpStatus.Accepted, statuses);
        Assert.DoesNotContain(FcpStatus.Undecided, statuses);
        Assert.Equal(statuses.Length, receiver.Counters.Snapshot().Values.Sum());
    });

    [Fact]
    public void Receive_SlabOfSingleBytes_TerminatesAndCountsEach()
    {
        var receiver = new ReceivingNode(_crypto);
        FcpStatus[] statuses = receiver.ReceiveSlab(new byte[BatchLimits.SlabBytes], 1);
        Assert.Equal(BatchLimits.SlabBytes, statuses.Length);
        Assert.Equal(BatchLimits.SlabBytes, receiver.Counters[FcpStatus.DatagramTooShort]);
    }

    private static ObjectId Named(int number) => new(new Bytes32((ulong)number, 5, 5, 5));

    private static List<int> Passes(byte[] slab, int datagramBytes, ReceivingNode receiver)
    {
        var passes = new List<int>();
        receiver.BetweenHalves = slots => passes.Add(slots.Length);
        receiver.ReceiveSlab(slab, datagramBytes);
        return passes;
    }

    private PeerSession Connect(ReceivingNode receiver, NodeId peer, MacSuite suite)
    {
        (PeerSession theirs, PeerSession ours) = TestNodes.Sessions(_crypto.Provider, peer, _bob, suite);
        receiver.Sessions.TryAdd(ours);
        return theirs;
    }
}
