using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>[REPLAY §2.9]: content windows at their bounds, and what one member may not do to another.</summary>
public sealed class ContentWindowsTests
{
    private static readonly ZoneIdHash Zone = new(new Bytes32(1, 0, 0, 0));
    private static readonly ZoneKeyId Key = new(new Bytes8(7));

    [Fact]
    public void Prepare_AnyNumberOfStreams_KeepsNoneBeforeACommit()
    {
        var windows = new ContentWindows(1);
        for (ulong instance = 0; instance < 1000; instance++)
        {
            ContentStream? stream = null;
            Assert.Equal(FcpStatus.Accepted, windows.Prepare(Id("a", instance), ref stream));
            Assert.Equal(ReplayVerdict.Zero, stream!.CheckSymbols(default));
            Assert.Equal(ReplayVerdict.Fresh, stream.CheckBodies(new FrameSeq(ulong.MaxValue)));
        }

        Assert.Equal((0, 0), (windows.Count, windows.TombstoneCount));
    }

    [Fact]
    public void Prepare_AgainBeforeACommit_GivesTheSameStream()
    {
        var windows = new ContentWindows(1);
        ContentStream? first = null;
        windows.Prepare(Id("a", 1), ref first);
        ContentStream? again = first;
        windows.Prepare(Id("a", 1), ref again);
        Assert.Same(first, again); // nothing is allocated for each frame of a stream that never opens
        windows.Prepare(Id("a", 2), ref again);
        Assert.NotSame(first, again);
    }

    [Fact]
    public void Commit_OfTwoPathsThatPreparedOneStream_CountsInOneWindow()
    {
        var windows = new ContentWindows();
        ContentStream? direct = null, relayed = null;
        windows.Prepare(Id("a", 1), ref direct);
        windows.Prepare(Id("a", 1), ref relayed);
        Assert.Equal(FcpStatus.Accepted, windows.CommitSymbols(direct!, Frame(1), default));
        Assert.Equal(FcpStatus.ReplayDuplicate, windows.CommitSymbols(relayed!, Frame(1), default));
        Assert.Equal(FcpStatus.Accepted, windows.CommitSymbols(relayed!, Frame(2), default)); // and is not mute for ever
        Assert.Equal(FcpStatus.ReplayDuplicate, windows.CommitSymbols(direct!, Frame(2), default));
        Assert.Equal(1, windows.Count);
    }

    [Fact]
    public void Commit_SymbolsAndBodies_AreNumberedApart()
    {
        var windows = new ContentWindows();
        ContentStream? stream = null;
        windows.Prepare(Id("a", 1), ref stream);
        Assert.Equal(FcpStatus.Accepted, windows.CommitBody(stream!, Frame(9), default));
        Assert.Equal(FcpStatus.Accepted, windows.CommitSymbols(stream!, Frame(9), default));
        Assert.Equal(FcpStatus.ReplayDuplicate, windows.CommitBody(stream!, Frame(9), default));
        Assert.Equal(FcpStatus.ReplayDuplicate, windows.CommitSymbols(stream!, Frame(9), default));
        Assert.Equal(FcpStatus.ReplayZero, windows.CommitBody(stream!, Frame(0), default));
    }

    [Fact]
    public void Commit_OneStreamMoreThanASourceMayHave_ClosesItsLongestIdleForGood()
    {
        var windows = new ContentWindows(1);
        for (ulong instance = 0; instance < 256; instance++) Commit(windows, "a", instance, at: 1000 - (long)instance);
        Commit(windows, "b", 0, at: 0);
        Commit(windows, "a", 256, at: 1001);
        Assert.Equal((257, 1), (windows.Count, windows.TombstoneCount));
        Assert.Equal(FcpStatus.ReplayRetired, Commit(windows, "a", 255, at: 1002)); // the longest idle of them
        Assert.Equal(FcpStatus.ReplayDuplicate, Commit(windows, "b", 0, at: 1002)); // idle for longer, but another's
    }

    [Fact]
    public void Commit_OfOneMemberThatNeverStops_LeavesTheRoomOfOthers()
    {
        var windows = new ContentWindows(1);
        ulong taken = 0;
        while (Commit(windows, "greedy", taken, at: (long)taken) == FcpStatus.Accepted) taken++;
        Assert.Equal(256ul + 4096, taken);
        Assert.Equal(FcpStatus.ReplayLaneLimit, Commit(windows, "greedy", taken, at: 0)); // a rotation is asked for
        for (ulong instance = 0; instance < 1000; instance++) Assert.Equal(FcpStatus.Accepted, Commit(windows, "modest", instance, at: (long)instance));
        Assert.Equal((512, 4096 + 744), (windows.Count, windows.TombstoneCount));
        windows.Forget(Zone, Key);
        Assert.Equal((0, 0), (windows.Count, windows.TombstoneCount));
        Assert.Equal(FcpStatus.Accepted, Commit(windows, "greedy", taken, at: 0));
    }

    [Fact]
    public void Commit_OfAllTheStreamsANodeMayHave_StopsAtTheNodesBounds()
    {
        var windows = new ContentWindows(1);
        for (int source = 0; source < 256; source++)
        {
            for (ulong instance = 0; instance < 256; instance++) Assert.Equal(FcpStatus.Accepted, Commit(windows, $"s{source}", instance, at: 0));
        }

        Assert.Equal(FcpStatus.ReplayLaneLimit, Commit(windows, "late", 0, at: 0)); // none of its own makes room
        for (int source = 0; source < 16; source++)
        {
            for (ulong instance = 256; instance < 256 + 4096; instance++) Assert.Equal(FcpStatus.Accepted, Commit(windows, $"s{source}", instance, at: 0));
        }

        Assert.Equal((65_536, 65_536), (windows.Count, windows.TombstoneCount));
        Assert.Equal(FcpStatus.ReplayLaneLimit, Commit(windows, "s20", 256, at: 0));
        Assert.Equal((65_536, 65_536), (windows.Count, windows.TombstoneCount));
    }

    [Fact]
    public void Forget_AKeyIdThatTwoZonesChose_ForgetsOnlyTheOnesZone()
    {
        // Whoever issues keys for a zone chooses their ids, and could choose ours: its rotation must not open our windows to a replay.
        var windows = new ContentWindows();
        var theirs = new ZoneIdHash(new Bytes32(2, 0, 0, 0));
        Commit(windows, "a", 1, at: 0);
        Assert.Equal(FcpStatus.Accepted, Commit(windows, "a", 1, at: 0, zone: theirs)); // and its frames do not spend our numbers
        windows.Forget(theirs, Key);
        Assert.Equal(FcpStatus.ReplayDuplicate, Commit(windows, "a", 1, at: 0));
        Assert.Equal(1, windows.Count);
    }

    [Fact]
    public void Forget_WithAStreamInUse_LetsItStartAnewOnlyUnderItsOwnId()
    {
        var windows = new ContentWindows();
        ContentStream? stream = null;
        windows.Prepare(Id("a", 1), ref stream);
        windows.CommitSymbols(stream!, Frame(5), default);
        windows.Forget(Zone, Key);
        ContentStream? after = null;
        windows.Prepare(Id("a", 1), ref after);
        Assert.NotSame(stream, after);
        Assert.Equal(FcpStatus.Accepted, windows.CommitSymbols(after!, Frame(5), default));
        Assert.Equal(FcpStatus.ReplayDuplicate, windows.CommitSymbols(stream!, Frame(5), default)); // the old object leads to the new window
    }

    /// <summary>[REPLAY §6.1]: a member may announce a few streams that nothing has come of; each that is used makes room for another.</summary>
    [Fact]
    public void Expect_MoreStreamsThanAFew_IsRefusedUntilOneIsUsed()
    {
        var windows = new ContentWindows();
        for (ulong instance = 0; instance < 8; instance++) Assert.Equal(FcpStatus.Accepted, windows.Expect(Id("a", instance), default));
        Assert.Equal(FcpStatus.ReplayLaneLimit, windows.Expect(Id("a", 8), default));
        Assert.Equal(FcpStatus.Accepted, windows.Expect(Id("a", 7), default)); // said again
        Assert.Equal(FcpStatus.Accepted, windows.Expect(Id("b", 8), default));
        Assert.Equal(FcpStatus.Accepted, Commit(windows, "a", 3, at: 1));
        Assert.Equal(FcpStatus.Accepted, windows.Expect(Id("a", 8), default));
        Assert.Equal(FcpStatus.Accepted, windows.Expect(Id("a", 3), default)); // in use, and said again
        Assert.Equal(FcpStatus.ReplayLaneLimit, windows.Expect(Id("a", 9), default));
        Assert.Equal(10, windows.Count);
    }

    [Fact]
    public void Bounds_OfSourceAndNode_AreThoseOfTheSpecification() => Assert.Equal<int[]>(
        [256, 65_536, 1 << 16, 1 << 12],
        [ReplayRules.ContentWindowsPerSourceMax, ReplayRules.ContentWindowsMax, ReplayRules.ContentTombstonesMax, ReplayRules.ContentTombstonesPerSourceMax]);

    private static FcpStatus Commit(ContentWindows windows, string source, ulong instance, long at, ZoneIdHash? zone = null)
    {
        ContentStream? stream = null;
        FcpStatus status = windows.Prepare(Id(source, instance, zone), ref stream);
        return status == FcpStatus.Accepted ? windows.CommitSymbols(stream!, Frame(1), new Instant(at, 0)) : status;
    }

    private static ContentFrame Frame(ulong seq) => new(new FrameSeq(seq), default, IsDirect: false);

    private static ContentStreamId Id(string source, ulong instance, ZoneIdHash? zone = null)
    {
        NodeId.Parse(source, out NodeId node);
        return new ContentStreamId(zone ?? Zone, Key, node, new SenderInstanceId(instance));
    }
}
