using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>[DESIGN §1], [WIRE §6], [REPLAY §1]: what a relay passes on is the frame as it came, under the next hop's MAC.</summary>
public sealed class ForwardBatchTests
{
    private readonly RealCrypto _crypto = new();
    private readonly NodeId _alice = TestNodes.Node("alice"), _bob = TestNodes.Node("bob"), _carol = TestNodes.Node("carol"), _relay = TestNodes.Node("relay");
    private readonly ZoneEntry _zone;
    private readonly SessionTable _sessions = new();
    private readonly PeerSession _toRelay;
    private readonly VerifyBatch<PortableMac> _verify;
    private readonly ForwardBatch<PortableMac> _forward = new();
    private readonly FrameDraft _frame;

    public ForwardBatchTests()
    {
        _zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice, _bob, _carol]);
        (_toRelay, PeerSession atRelay) = TestNodes.Sessions(_crypto.Provider, _alice, _relay);
        _sessions.TryAdd(atRelay);
        _verify = new VerifyBatch<PortableMac>(_sessions, null, new StatusCounters(), 65_507);
        _frame = new FrameDraft { Session = _toRelay, Zone = _zone, Source = _alice };
    }

    [Theory]
    [InlineData(MacSuite.Blake3)]
    [InlineData(MacSuite.HmacSha256)]
    public void Write_VerifiedFrames_VerifyAndOpenAtTheNextHop(MacSuite suite)
    {
        (ReceivingNode receiver, PeerSession egress) = NextHop(_bob, suite);
        byte[] slab = Slab(10);
        Gather(slab);
        Assert.Equal(FcpStatus.Accepted, _forward.Write(egress, slab));
        List<(int Offset, int Bytes, int DatagramBytes)> runs = Runs();
        (int offset, int bytes, int datagramBytes) = Assert.Single(runs); // side by side, so one system call
        Assert.Equal((0, slab.Length, slab.Length / 10), (offset, bytes, datagramBytes));
        Assert.All(receiver.ReceiveSlab(slab, datagramBytes), static status => Assert.Equal(FcpStatus.Accepted, status));
        Assert.Equal(10, receiver.Open.OpenedCount);
    }

    [Fact]
    public void Write_ForSeveralEgressInTurn_GivesEachItsOwnEnvelope()
    {
        (ReceivingNode Receiver, PeerSession Egress)[] hops = [NextHop(_bob, MacSuite.Blake3), NextHop(_carol, MacSuite.HmacSha256), NextHop(_bob, MacSuite.Blake3)];
        byte[] slab = Slab(6);
        byte[] frames = [.. slab];
        Gather(slab);
        foreach ((ReceivingNode receiver, PeerSession egress) in hops)
        {
            Assert.Equal(FcpStatus.Accepted, _forward.Write(egress, slab));
            Assert.Single(Runs());
            Assert.All(receiver.ReceiveSlab([.. slab], slab.Length / 6), static status => Assert.Equal(FcpStatus.Accepted, status));
        }

        for (int i = 0; i < slab.Length; i++)
        {
            if (i % (slab.Length / 6) >= 40) Assert.Equal(frames[i], slab[i]); // a relay cannot change a frame
        }
    }

    [Fact]
    public void Write_WithGaps_SendsOnlyWhatWasGatheredInRuns()
    {
        (ReceivingNode receiver, PeerSession egress) = NextHop(_bob, MacSuite.Blake3);
        byte[] slab = Slab(9, forged: [2, 3, 8]);
        int datagramBytes = slab.Length / 9;
        Gather(slab, except: [6]);
        Assert.Equal(5, _forward.Count);
        Assert.Equal(FcpStatus.Accepted, _forward.Write(egress, slab));
        List<(int Offset, int Bytes, int DatagramBytes)> runs = Runs();
        Assert.Equal([(0, 2 * datagramBytes, datagramBytes), (4 * datagramBytes, 2 * datagramBytes, datagramBytes), (7 * datagramBytes, datagramBytes, datagramBytes)], runs);
        foreach ((int offset, int bytes, int size) in runs)
        {
            Assert.All(receiver.ReceiveSlab(slab[offset..(offset + bytes)], size), static status => Assert.Equal(FcpStatus.Accepted, status));
        }
    }

    [Fact]
    public void TryTakeRun_ShorterDatagramAtTheEnd_ClosesTheRun()
    {
        (ReceivingNode receiver, PeerSession egress) = NextHop(_bob, MacSuite.Blake3);
        byte[] longer = (_frame with { Esis = [0, 1], Seq = 1 }).Datagram();
        byte[] slab = [.. longer, .. (_frame with { Esis = [2], Seq = 2 }).Datagram()];
        Gather(slab, longer.Length);
        Assert.Equal(FcpStatus.Accepted, _forward.Write(egress, slab));
        Assert.Equal([(0, slab.Length, longer.Length)], Runs());
        Assert.All(receiver.ReceiveSlab(slab, longer.Length), static status => Assert.Equal(FcpStatus.Accepted, status));
        Assert.False(_forward.TryTakeRun(out int offset, out int bytes, out int size));
        Assert.Equal((0, 0, 0), (offset, bytes, size));
    }

    [Theory]
    [InlineData("unconfirmed", FcpStatus.MustRekey)]
    [InlineData("draining", FcpStatus.MustRekey)]
    [InlineData("closed", FcpStatus.MustRekey)]
    [InlineData("erased", FcpStatus.MustRekey)]
    [InlineData("narrow", FcpStatus.DatagramTooLarge)]
    public void Write_ForAHopThatCannotTakeIt_LeavesTheSlabAsItWas(string what, FcpStatus expected)
    {
        int limit = what == "narrow" ? 40 + 114 + 278 - 1 : 1200;
        (_, PeerSession egress) = TestNodes.Sessions(_crypto.Provider, _relay, _bob, datagramBytesMax: limit);
        if (what == "draining") egress.Drain(TestNodes.Start);
        if (what == "closed") egress.Dispose();
        if (what == "erased") egress.SendMacKey.Dispose();
        if (what == "unconfirmed") egress = new PeerSession(
            _crypto.Provider, egress.Parameters with { IsInitiator = false }, new byte[96], new LaneTable(), SequencerLimits.Default, TestNodes.Start);
        byte[] slab = Slab(3);
        Gather(slab);
        byte[] before = [.. slab];
        Assert.Equal(expected, _forward.Write(egress, slab));
        Assert.Equal(before, slab);
    }

    [Fact]
    public void Write_OneDatagramOfExactlyTheLimit_IsTaken()
    {
        (PeerSession egress, _) = TestNodes.Sessions(_crypto.Provider, _relay, _bob, datagramBytesMax: 40 + 114 + 278);
        byte[] slab = Slab(2);
        Gather(slab);
        Assert.Equal(FcpStatus.Accepted, _forward.Write(egress, slab));
    }

    [Fact]
    public void Write_CountsWhatItSealsOnTheEgressSession()
    {
        (PeerSession egress, _) = TestNodes.Sessions(_crypto.Provider, _relay, _bob, limits: new SequencerLimits(6, 1 << 30, long.MaxValue));
        byte[] slab = Slab(5);
        Gather(slab);
        _forward.Write(egress, slab);
        Assert.False(egress.WantsSuccessor(TestNodes.Start));
        _forward.Write(egress, slab);
        Assert.True(egress.WantsSuccessor(TestNodes.Start));
        Assert.True(egress.CanSend);
        _forward.Write(egress, slab); // 15 of at most 12
        Assert.Equal(FcpStatus.MustRekey, _forward.Write(egress, slab));
    }

    [Fact]
    public void Add_FrameThatDidNotVerify_IsTheCallersFault()
    {
        byte[] slab = Slab(2, forged: [1]);
        _verify.Verify(slab, slab.Length / 2, TestNodes.Start);
        FrameSlot refused = _verify.Frames[1];
        Assert.Throws<ArgumentException>(() => _forward.Add(refused));
        Assert.Equal(0, _forward.Count);
    }

    [Fact]
    public void Add_Probe_IsTheCallersFault()
    {
        byte[] probe = (_frame with { Esis = [], Flags = FrameFlags.ControlPlane, ClaimedSymbolBytes = 256 }).Datagram();
        _verify.Verify(probe, probe.Length, TestNodes.Start);
        FrameSlot slot = _verify.Frames[0];
        Assert.Equal((FcpStatus.Accepted, true), (slot.Status, slot.IsProbe));
        Assert.Throws<ArgumentException>(() => _forward.Add(slot)); // probes are never forwarded
    }

    private byte[] Slab(int datagrams, params int[] forged) => [.. Enumerable.Range(0, datagrams).SelectMany(i =>
        (_frame with { Seq = (ulong)i + 1, Object = new ObjectId(new Bytes32((ulong)i, 1, 1, 1)), IsForged = forged.Contains(i) }).Datagram())];

    private void Gather(byte[] slab, int? datagramBytes = null, params int[] except)
    {
        int size = datagramBytes ?? 40 + 114 + 278;
        _verify.Verify(slab, size, TestNodes.Start);
        _forward.Begin();
        for (int i = 0; i < _verify.Count; i++)
        {
            if (_verify.Frames[i].Status == FcpStatus.Accepted && !except.Contains(i)) _forward.Add(_verify.Frames[i]);
        }
    }

    private List<(int Offset, int Bytes, int DatagramBytes)> Runs()
    {
        var runs = new List<(int, int, int)>();
        while (_forward.TryTakeRun(out int offset, out int bytes, out int datagramBytes)) runs.Add((offset, bytes, datagramBytes));
        return runs;
    }

    private (ReceivingNode Receiver, PeerSession Egress) NextHop(NodeId node, MacSuite suite)
    {
        (PeerSession egress, PeerSession ingress) = TestNodes.Sessions(_crypto.Provider, _relay, node, suite);
        var receiver = new ReceivingNode(_crypto) { SourceOfRelayed = _ => _alice };
        receiver.Relays.Add(_relay);
        receiver.Zones.Set(_zone);
        receiver.Sessions.TryAdd(ingress);
        for (ulong i = 0; i < 10; i++) receiver.Sink.Announce(_zone.Ring.ZoneHash, _alice, new ObjectId(new Bytes32(i, 1, 1, 1)));
        return (receiver, egress);
    }
}
