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

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>[WIRE §5], [WIRE §17], [REPLAY §2.9]: opening, as a relay or member that means harm would have it.</summary>
public sealed class OpenBatchTests
{
    private readonly RealCrypto _crypto = new();
    private readonly NodeId _alice = TestNodes.Node("alice"), _bob = TestNodes.Node("bob"), _carol = TestNodes.Node("carol"), _dave = TestNodes.Node("dave");
    private readonly ZoneEntry _zone;
    private readonly ReceivingNode _receiver;
    private readonly PeerSession _direct;
    private readonly PeerSession _relayed;
    private readonly FrameDraft _frame;
    private readonly TestSink.TestObject _object;

    /// <summary>Alice seals for Bob, who has a session with her and one with Carol, a relay that brings her frames too.</summary>
    public OpenBatchTests()
    {
        _zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice, _bob, _dave]);
        _receiver = new ReceivingNode(_crypto, subkeysMax: 2, sinkBytes: 1024 * 1024) { SourceOfRelayed = _ => _alice };
        _receiver.Relays.Add(_carol);
        _receiver.Zones.Set(_zone);
        _direct = Connect(_alice, MacSuite.Blake3);
        _relayed = Connect(_carol, MacSuite.HmacSha256);
        _frame = new FrameDraft { Session = _direct, Zone = _zone, Source = _alice };
        _object = _receiver.Sink.Announce(_zone.Ring.ZoneHash, _alice, _frame.Object);
    }

    [Fact]
    public void Open_ForgedSymbolBeforeTheGoodOne_DoesNotSuppressIt()
    {
        // Whoever has a session can put a MAC on anything. Reserved by the forged frame, the place must still be had by the good one behind it.
        FcpStatus[] statuses = _receiver.Receive(_frame with { Session = _relayed, Seq = 9, Spoiled = [0] }, _frame with { Seq = 10 });
        Assert.Equal([FcpStatus.DecryptFailed, FcpStatus.Accepted], statuses);
        Assert.True(_object.Holds(0));
    }

    [Fact]
    public void Open_ForgedSymbolAmongMany_HarmsNoneOfTheGoodOnes()
    {
        FrameDraft forged = _frame with { Session = _relayed, Seq = 9, Esis = [0, 1, 2], Spoiled = [2] };
        FcpStatus[] statuses = _receiver.Receive(
            forged, _frame with { Seq = 1, Esis = [5, 1, 4] }, forged with { Seq = 10, Esis = [7, 0, 3] }, _frame with { Seq = 2, Esis = [0, 2, 3] });
        Assert.Equal([FcpStatus.DecryptFailed, FcpStatus.Accepted, FcpStatus.DecryptFailed, FcpStatus.Accepted], statuses);
        Assert.True(_object.Holds(0, 1, 2, 3, 4, 5));
    }

    [Fact]
    public void Open_SecondCopyOfASymbolInOneBatch_IsNotOpened()
    {
        Assert.Equal([FcpStatus.Accepted, FcpStatus.SlotFilled], _receiver.Receive(_frame with { Seq = 1 }, _frame with { Seq = 2 }));
        Assert.Equal([FcpStatus.Accepted], _receiver.Receive(_frame with { Session = _relayed, Seq = 2, Esis = [1] })); // its number was not spent
        Assert.True(_object.Holds(0, 1));
    }

    [Fact]
    public void Open_OneFrameOverTwoPathsInOneBatch_CountsOnce()
    {
        Assert.Equal([FcpStatus.Accepted, FcpStatus.ReplayDuplicate], _receiver.Receive(_frame, _frame with { Session = _relayed }));
        Assert.Equal([FcpStatus.ReplayDuplicate], _receiver.Receive(_frame with { Session = Connect(_carol, MacSuite.Blake3) })); // nor on a later session
        Assert.Equal(1, _receiver.Windows.Count);
    }

    [Fact]
    public void Open_OneSymbolOfAFrameFails_EmptiesAllItsPlacesAndSpendsNoNumber()
    {
        Assert.Equal([FcpStatus.DecryptFailed], _receiver.Receive(_frame with { Session = _relayed, Esis = [0, 1, 2], Spoiled = [1] }));
        Assert.True(_object.Holds()); // the sink itself insists that what is released is zeroed
        Assert.Equal(3, _receiver.Sink.Released);
        Assert.Equal(0, _receiver.Windows.Count);
        Assert.Equal([FcpStatus.Accepted], _receiver.Receive(_frame with { Esis = [0, 1, 2] })); // the same number, by the other path
        Assert.True(_object.Holds(0, 1, 2));
    }

    [Fact]
    public void Open_SomeSymbolsAreThereAlready_OpensTheOthersAndSpendsTheNumber()
    {
        _receiver.Receive(_frame with { Seq = 1, Esis = [1] });
        FrameDraft more = _frame with { Seq = 2, Esis = [0, 1, 2, 99] }; // 99 has no place, and the copy of 1 is not even looked at
        Assert.Equal([FcpStatus.Accepted], _receiver.Receive(more with { Spoiled = [1, 3] }));
        Assert.True(_object.Holds(0, 1, 2));
        Assert.Equal([FcpStatus.ReplayDuplicate], _receiver.Receive(more with { Session = _relayed, Esis = [5] }));
    }

    [Fact]
    public void Open_NothingToOpen_LeavesTheNumberForLater()
    {
        FrameDraft early = _frame with { Object = new ObjectId(new Bytes32(2, 2, 2, 2)) };
        Assert.Equal([FcpStatus.UnknownObject], _receiver.Receive(early));
        Assert.Equal(0, _receiver.Windows.Count);
        TestSink.TestObject announced = _receiver.Sink.Announce(_zone.Ring.ZoneHash, _alice, early.Object);
        Assert.Equal([FcpStatus.Accepted], _receiver.Receive(early with { Session = _relayed })); // the lane's number is spent, the content's is not
        Assert.True(announced.Holds(0));
    }

    [Fact]
    public void Open_PathWhoseFirstFrameDidNotOpen_IsNotMuteAfterTheOtherPathOpenedOne()
    {
        Assert.Equal([FcpStatus.DecryptFailed], _receiver.Receive(_frame with { Session = _relayed, Spoiled = [0] }));
        Assert.Equal([FcpStatus.Accepted], _receiver.Receive(_frame with { Seq = 2, Esis = [1] }));
        Assert.Equal([FcpStatus.Accepted], _receiver.Receive(_frame with { Session = _relayed, Seq = 3, Esis = [2] }));
        Assert.True(_object.Holds(1, 2));
    }

    [Fact]
    public void Open_SourceUnknown_IsLeftToTheCallerAndGoesOnOnceItIsKnown()
    {
        _receiver.SourceOfRelayed = static _ => default;
        byte[] slab = [.. (_frame with { Session = _relayed }).Datagram()];
        Assert.Equal([FcpStatus.UnknownSource], _receiver.ReceiveSlab(slab, slab.Length));
        Assert.Equal(1, _receiver.Open.UnknownSourceCount);
        Assert.Equal(0, _receiver.Counters[FcpStatus.UnknownSource]); // the caller holds it or counts it
        Span<FrameSlot> held = _receiver.Verify.Frames;
        byte[] elsewhere = [1, 2, 3, .. slab[40..]];
        held[0].HoldAt(3);
        held[0].Resume(FcpStatus.UnknownSource);
        _receiver.SourceOfRelayed = _ => _alice;
        _receiver.Open.Open(elsewhere, held, _receiver.Now);
        Assert.Equal((FcpStatus.Accepted, 0, 1), (held[0].Status, _receiver.Open.UnknownSourceCount, _receiver.Open.OpenedCount));
        Assert.True(_object.Holds(0));
        FrameSlot judged = held[0];
        Assert.Throws<InvalidOperationException>(() => judged.Resume(FcpStatus.UnknownSource));
    }

    [Fact]
    public void Open_FramesOfOneInstanceAndTwoSources_AreKeptApart()
    {
        // Two members may have drawn one instance; their subkeys, objects and windows are their own.
        PeerSession dave = Connect(_dave, MacSuite.Blake3);
        TestSink.TestObject other = _receiver.Sink.Announce(_zone.Ring.ZoneHash, _dave, _frame.Object);
        FrameDraft his = _frame with { Session = dave, Source = _dave };
        Assert.Equal([FcpStatus.Accepted, FcpStatus.Accepted], _receiver.Receive(_frame, his));
        Assert.True(_object.Holds(0) && other.Holds(0));
        Assert.Equal([FcpStatus.DecryptFailed], _receiver.Receive(_frame with { Session = dave, Seq = 2, Esis = [1] })); // hers, on his session
    }

    [Fact]
    public void Open_TwoZonesWithOneKeyId_EachOpensUnderItsOwnKey()
    {
        ZoneEntry theirs = TestNodes.Zone(_crypto.Provider, "z:theirs", 1, [_alice, _bob]);
        _receiver.Zones.Set(theirs);
        TestSink.TestObject other = _receiver.Sink.Announce(theirs.Ring.ZoneHash, _alice, _frame.Object);
        FrameDraft inTheirs = _frame with { Zone = theirs, Seq = 2, Esis = [3] };
        Assert.Equal([FcpStatus.Accepted, FcpStatus.Accepted], _receiver.Receive(inTheirs, _frame with { Seq = 3 }));
        Assert.True(_object.Holds(0) && other.Holds(3));
        FrameDraft crossed = _frame with { Zone = theirs, ClaimedZone = _zone.Ring.ZoneHash, Seq = 4, Esis = [1] };
        Assert.Equal([FcpStatus.DecryptFailed], _receiver.Receive(crossed)); // sealed under their key, for our zone
        Assert.Equal([FcpStatus.Accepted], _receiver.Receive(_frame with { Session = _relayed, Seq = 2, Esis = [2] })); // their number 2 is not ours
    }

    [Fact]
    public void Open_ProbesAndFramesPassedOn_AreLeftAlone()
    {
        _receiver.BetweenHalves = _ => _receiver.Verify.Frames[0].IsPassedOn = true;
        Assert.Equal([FcpStatus.Accepted], _receiver.Receive(_frame));
        Assert.False(_receiver.Slots[0].IsOpened);
        Assert.True(_object.Holds());
        Assert.Equal(0, _receiver.Windows.Count);
    }

    [Theory]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    [InlineData(AeadAlgorithm.XChaCha20Poly1305)]
    public void Open_KeyOfARatchetingZone_FollowsTheFramesEpoch(AeadAlgorithm algorithm)
    {
        ZoneEntry ratcheting = TestNodes.Zone(_crypto.Provider, "z:ratchet", 2, [_alice, _bob], algorithm, isRatcheting: true);
        _receiver.Zones.Set(ratcheting);
        TestSink.TestObject inAssembly = _receiver.Sink.Announce(ratcheting.Ring.ZoneHash, _alice, _frame.Object);
        ulong high = ratcheting.Ring.HighEpoch.Value;
        FrameDraft Of(ulong epoch, ulong seq) => _frame with { Zone = ratcheting, Epoch = epoch, Seq = seq, Esis = [(uint)seq] };
        Assert.Equal(Enumerable.Repeat(FcpStatus.Accepted, 4), _receiver.Receive(Of(high, 1), Of(high - 2, 2), Of(high + 1, 3), Of(high, 4)));
        Assert.True(inAssembly.Holds(1, 2, 3, 4));
        Assert.Equal([FcpStatus.EpochErased], _receiver.Receive(Of(high - 3, 5)));
        Assert.Equal([FcpStatus.EpochOutOfRange], _receiver.Receive(Of(high + 2, 5)));
        Assert.Equal([FcpStatus.EpochOutOfRange], _receiver.Receive(Of(high - 11, 5))); // before the chain's first
        FrameDraft late = Of(high - 2, 6);
        byte[] sealedBefore = late.Datagram();
        ratcheting.Ring.Tick(TestNodes.Start.UnixSeconds + 300, []);
        _receiver.Subkeys.Erase(ratcheting.Ring.ZoneHash, ratcheting.Ring.Active!.Id, ratcheting.Ring.Active.FirstKeptEpoch);
        Assert.Equal([FcpStatus.EpochErased], _receiver.Receive(sealedBefore));
    }

    [Fact]
    public void Open_KeyThatLeavesTheRingInBetween_IsUnknown()
    {
        TestNodes.Install(_crypto.Provider, _zone.Ring, 2);
        FrameDraft later = _frame with { Seq = 2, Esis = [1] };
        byte[] sealedUnderTheSecond = later.Datagram();
        _receiver.BetweenHalves = _ => _zone.Ring.Drop(new ZoneKeyId(new Bytes8(2)));
        Assert.Equal([FcpStatus.UnknownZoneKey], _receiver.Receive(sealedUnderTheSecond));
        Assert.True(_object.Holds());
    }

    [Fact]
    public void Open_StreamClosedForGood_IsRefusedBeforeItsPlacesAreTouched()
    {
        _receiver.Now = TestNodes.Start;
        Assert.Equal([FcpStatus.Accepted], _receiver.Receive(_frame));
        _receiver.Now = TestNodes.Start.After(1);
        for (ulong other = 0; other < 256; other++)
        {
            ContentStream? stream = null;
            _receiver.Windows.Prepare(new ContentStreamId(_zone.Ring.ZoneHash, _zone.Ring.Active!.Id, _alice, new SenderInstanceId(1_000 + other)), ref stream);
            _receiver.Windows.CommitSymbols(stream!, new ContentFrame(new FrameSeq(1), default, IsDirect: false), _receiver.Now);
        }

        Assert.Equal([FcpStatus.ReplayRetired], _receiver.Receive(_frame with { Seq = 2, Esis = [1] }));
        Assert.Equal(0, _receiver.Sink.Released);
    }

    [Fact]
    public void Open_MoreThanABatchOfFrames_IsTheCallersFault() =>
        Assert.Throws<ArgumentException>(() => _receiver.Open.Open(default, new FrameSlot[257], default));

    private PeerSession Connect(NodeId peer, MacSuite suite)
    {
        (PeerSession theirs, PeerSession ours) = TestNodes.Sessions(_crypto.Provider, peer, _bob, suite);
        _receiver.Sessions.TryAdd(ours);
        return theirs;
    }
}
