using System;
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

/// <summary>[WIRE §6], [REPLAY §2.3], [REPLAY §2.8]: the half of the receive path that a relay has, too.</summary>
public sealed class VerifyBatchTests
{
    private readonly RealCrypto _crypto = new();
    private readonly NodeId _alice = TestNodes.Node("alice"), _bob = TestNodes.Node("bob");
    private readonly ZoneEntry _zone;
    private readonly SessionTable _sessions = new();
    private readonly StatusCounters _counters = new();
    private readonly PeerSession _sender;
    private readonly PeerSession _receiving;
    private readonly FrameDraft _frame;

    public VerifyBatchTests()
    {
        _zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice, _bob]);
        (_sender, _receiving) = TestNodes.Sessions(_crypto.Provider, _alice, _bob);
        _sessions.TryAdd(_receiving);
        _frame = new FrameDraft { Session = _sender, Zone = _zone, Source = _alice };
    }

    [Fact]
    public void Verify_RightFrame_TellsWhatItIsAndLeavesTheFrameAsItCame()
    {
        VerifyBatch<PortableMac> batch = Relay();
        byte[] slab = _frame.Datagram();
        byte[] frame = slab[40..];
        Assert.Equal(slab.Length, batch.Verify(slab, slab.Length, TestNodes.Start));
        FrameSlot slot = batch.Frames[0];
        Assert.Equal((FcpStatus.Accepted, 1ul, 1ul, 40, frame.Length), (slot.Status, slot.Seq.Value, slot.Instance.Value, slot.FrameOffset, slot.FrameBytes));
        Assert.Same(_receiving, slot.Session);
        Assert.Equal((_zone.Ring.ZoneHash, _zone.Ring.Active!.Id), (slot.Lane!.Zone, slot.Lane.ZoneKeyId));
        Assert.Equal((1, 1, 0), (batch.Count, batch.AcceptedCount, batch.FailedCount));
        Assert.Equal(frame, slab[40..]); // only the header's bytes are spent
        Assert.False(slot.IsProbe || slot.IsOpened || slot.IsPassedOn);
    }

    [Theory]
    [InlineData(MacSuite.Blake3)]
    [InlineData(MacSuite.HmacSha256)]
    public void Verify_EveryBitFlip_IsRefusedAndOpensNoLane(MacSuite suite)
    {
        (PeerSession sender, PeerSession receiving) = TestNodes.Sessions(_crypto.Provider, _alice, _bob, suite);
        _sessions.TryAdd(receiving);
        VerifyBatch<PortableMac> batch = Relay();
        byte[] datagram = (_frame with { Session = sender }).Datagram();
        for (int bit = 0; bit < 8 * datagram.Length; bit++)
        {
            byte[] changed = (byte[])datagram.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            batch.Verify(changed, changed.Length, TestNodes.Start);
            Assert.True(batch.Frames[0].Status is not (FcpStatus.Accepted or FcpStatus.Undecided), $"bit {bit}");
        }

        Assert.Equal(0, receiving.Lanes.Count);
        batch.Verify(datagram, datagram.Length, TestNodes.Start);
        Assert.Equal(FcpStatus.Accepted, batch.Frames[0].Status);
    }

    [Fact]
    public void Verify_TwoEqualNumbersOfOneBatch_AcceptsOne()
    {
        Assert.Equal([FcpStatus.Accepted, FcpStatus.ReplayDuplicate], Verify(_frame, _frame with { Esis = [1] }));
        Assert.Equal([FcpStatus.ReplayDuplicate], Verify(_frame with { Esis = [2] }));
    }

    [Fact]
    public void Verify_ForgedCopyBeforeTheRightFrame_DoesNotSpendItsNumber()
    {
        Assert.Equal([FcpStatus.InvalidSignature, FcpStatus.Accepted], Verify(_frame with { IsForged = true }, _frame));
        Assert.Equal(1ul, _receiving.FailedVerifications);
    }

    [Fact]
    public void Verify_ForgedNumbersFarAhead_DoNotMoveTheWindow()
    {
        Verify(_frame with { Seq = 100 });
        FrameDraft[] forged = [.. Enumerable.Range(1, 50).Select(i => _frame with { Seq = ulong.MaxValue - (ulong)i, IsForged = true })];
        Assert.All(Verify(forged), static status => Assert.Equal(FcpStatus.InvalidSignature, status));
        Assert.Equal([FcpStatus.Accepted], Verify(_frame with { Seq = 1 }));
        Assert.Equal((1, 50ul), (_receiving.Lanes.Count, _receiving.FailedVerifications));
    }

    [Fact]
    public void Verify_ForgedInstances_TakeNoLane()
    {
        FrameDraft[] forged = [.. Enumerable.Range(0, 200).Select(i => _frame with { Instance = (ulong)i, IsForged = true })];
        Verify(forged);
        Assert.Equal(0, _receiving.Lanes.Count);
        FrameDraft[] right = [.. Enumerable.Range(0, 33).Select(i => _frame with { Instance = 1_000 + (ulong)i })];
        Assert.Equal([.. Enumerable.Repeat(FcpStatus.Accepted, 32), FcpStatus.ReplayLaneLimit], Verify(right));
    }

    [Fact]
    public void Verify_OneFrameSentBackToItsAuthor_IsRefused()
    {
        _sessions.TryAdd(_sender); // it knows the session, of course
        var authors = new SessionTable();
        authors.TryAdd(_sender);
        var batch = new VerifyBatch<PortableMac>(authors, null, _counters, 65_507);
        byte[] datagram = _frame.Datagram();
        batch.Verify(datagram, datagram.Length, TestNodes.Start);
        Assert.Equal(FcpStatus.InvalidSignature, batch.Frames[0].Status);
    }

    [Fact]
    public void Verify_FrameOfOneSessionInTheEnvelopeOfAnother_IsRefused()
    {
        (PeerSession otherSender, PeerSession other) = TestNodes.Sessions(_crypto.Provider, _alice, _bob);
        _sessions.TryAdd(other);
        Assert.Equal([FcpStatus.InvalidSignature], Verify(_frame with { ClaimedSession = otherSender.Id }));
        Assert.Equal((0ul, 1ul), (_receiving.FailedVerifications, other.FailedVerifications)); // charged to the session that it names
    }

    [Fact]
    public void Verify_SessionsOfEveryState_TakeFramesOnlyWhileTheyAreOpen()
    {
        (PeerSession responder, PeerSession initiator) = (_receiving, _sender);
        var unconfirmed = new PeerSession(
            _crypto.Provider, new SessionParameters(new SessionId(new Bytes16(4, 4)), _alice, false, MacSuite.Blake3, 1200), new byte[96], new LaneTable(),
            SequencerLimits.Default, TestNodes.Start);
        var theirs = new PeerSession(
            _crypto.Provider, new SessionParameters(unconfirmed.Id, _bob, true, MacSuite.Blake3, 1200), new byte[96], new LaneTable(), SequencerLimits.Default,
            TestNodes.Start);
        _sessions.TryAdd(unconfirmed);
        Assert.Equal([FcpStatus.Accepted], Verify(_frame with { Session = theirs })); // its first frame is what confirms it
        Assert.Equal(SessionState.Unconfirmed, unconfirmed.State); // that is its owner's to do
        byte[] before = (_frame with { Seq = 8 }).Datagram(), after = (_frame with { Seq = 9 }).Datagram();
        responder.Drain(TestNodes.Start);
        Assert.Equal([FcpStatus.Accepted], Verify(before));
        responder.Dispose();
        Assert.Equal([FcpStatus.UnknownSession], Verify(after));
        _sessions.Close(responder);
        Assert.Equal([FcpStatus.UnknownSession], Verify(after));
        Assert.True(initiator.CanSend);
    }

    [Fact]
    public void Verify_AtARelay_JudgesNoEpochAndNoZone()
    {
        FrameDraft foreign = _frame with { ClaimedZone = new ZoneIdHash(new Bytes32(3, 3, 3, 3)), Epoch = 7 };
        byte[] datagram = foreign.Datagram();
        VerifyBatch<PortableMac> relay = Relay();
        relay.Verify(datagram, datagram.Length, TestNodes.Start);
        Assert.Equal(FcpStatus.Accepted, relay.Frames[0].Status);
        var zones = new ZoneTable();
        zones.Set(_zone);
        var member = new VerifyBatch<PortableMac>(_sessions, zones, _counters, 65_507);
        byte[] old = (_frame with { Epoch = 7, Seq = 2 }).Datagram();
        member.Verify(old, old.Length, TestNodes.Start);
        Assert.Equal(FcpStatus.EpochOutOfRange, member.Frames[0].Status);
    }

    [Theory]
    [InlineData(FrameFlags.ControlPlane, FcpStatus.Accepted, true)]
    [InlineData(FrameFlags.ControlPlane | FrameFlags.Response, FcpStatus.Accepted, true)]
    [InlineData(FrameFlags.ControlPlane | FrameFlags.Encrypted, FcpStatus.NoSymbols, false)]
    [InlineData(FrameFlags.Response, FcpStatus.NoSymbols, false)]
    [InlineData(FrameFlags.Default, FcpStatus.NoSymbols, false)]
    public void Verify_FrameWithoutSymbols_IsAProbeOnlyWithItsFlags(FrameFlags flags, FcpStatus expected, bool isProbe)
    {
        byte[] datagram = (_frame with { Esis = [], Flags = flags, ClaimedSymbolBytes = 256, Epoch = 0 }).Datagram();
        var zones = new ZoneTable();
        zones.Set(_zone);
        var batch = new VerifyBatch<PortableMac>(_sessions, zones, _counters, 65_507);
        batch.Verify(datagram, datagram.Length, TestNodes.Start);
        Assert.Equal((expected, isProbe), (batch.Frames[0].Status, batch.Frames[0].IsProbe));
        Assert.Equal(expected == FcpStatus.Accepted ? 1 : 0, _receiving.Lanes.Count); // probes pass the lane window
        batch.Verify(Copy(datagram, _frame with { Esis = [], Flags = flags, Epoch = 0 }), datagram.Length, TestNodes.Start);
        if (isProbe) Assert.Equal(FcpStatus.ReplayDuplicate, batch.Frames[0].Status);
    }

    [Fact]
    public void Verify_ShorterLastDatagram_IsTakenAsItIs()
    {
        byte[] slab = [.. (_frame with { Esis = [0, 1], Seq = 1 }).Datagram(), .. (_frame with { Seq = 2 }).Datagram()];
        VerifyBatch<PortableMac> batch = Relay();
        Assert.Equal(slab.Length, batch.Verify(slab, 40 + 114 + (2 * 278), TestNodes.Start));
        Assert.Equal((2, 2), (batch.Count, batch.AcceptedCount));
        Assert.Equal(114 + 278, batch.Frames[1].FrameBytes);
    }

    [Fact]
    public void Verify_NothingToSplit_TakesNothing()
    {
        VerifyBatch<PortableMac> batch = Relay();
        Verify(_frame);
        Assert.Equal(0, batch.Verify(default, 1200, TestNodes.Start));
        Assert.Equal((0, 0, 0), (batch.Count, batch.AcceptedCount, batch.FailedCount));
        Assert.Throws<ArgumentException>(() => batch.Verify(new byte[10], 0, TestNodes.Start));
    }

    [Fact]
    public void Verify_KeyErasedUnderIt_RefusesAsUnverified()
    {
        byte[] datagram = _frame.Datagram();
        _receiving.ReceiveMacKey.Dispose();
        Assert.Equal([FcpStatus.InvalidSignature], Verify(datagram));
    }

    private static byte[] Copy(byte[] spent, FrameDraft draft)
    {
        byte[] again = (draft with { ClaimedSymbolBytes = 256 }).Datagram();
        Assert.Equal(spent.Length, again.Length);
        return again;
    }

    private VerifyBatch<PortableMac> Relay() => new(_sessions, null, _counters, 65_507);

    private FcpStatus[] Verify(params FrameDraft[] drafts) => Verify(drafts.Select(static draft => draft.Datagram()).ToArray());

    private FcpStatus[] Verify(params byte[][] datagrams)
    {
        VerifyBatch<PortableMac> batch = Relay();
        byte[] slab = [.. datagrams.SelectMany(static datagram => datagram)];
        Assert.Equal(slab.Length, batch.Verify(slab, datagrams[0].Length, TestNodes.Start));
        return batch.Frames.ToArray().Select(static slot => slot.Status).ToArray();
    }
}
