using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §12.3], [REPLAY §6.1]: a zone's key is turned while much is under way; nothing is lost by it, and nobody can hold it up for long.</summary>
public sealed class KeyHandOverTests
{
    private const int Rotations = 9;

    private static readonly FcpStatus[] LossReasons =
    [
        FcpStatus.UnknownZoneKey, FcpStatus.DecryptFailed, FcpStatus.UnknownSource, FcpStatus.NotMember, FcpStatus.EpochOutOfRange, FcpStatus.ReplayRetired,
        FcpStatus.ReplayInstanceTaken, FcpStatus.ReplayLaneLimit, FcpStatus.ReplayNotDurable,
    ];

    /// <summary>The disk takes 500 ms a flush, the key is turned every 2 s with a lead of 1 s, and bob hears of every third key after its time.</summary>
    [Theory]
    [InlineData(1, 500)]
    [InlineData(2, 500)]
    [InlineData(3, 2_500)]
    public void Rotation_WhileADiskIsSlow_LosesNoFrame(ulong seed, int flushMilliseconds)
    {
        TimeSpan flush = TimeSpan.FromMilliseconds(flushMilliseconds);
        using var duo = new Duo(seed, plan => plan with { ReplayFlush = flush }, plan => plan with { ReplayFlush = flush });
        duo.AliceToBob.Add(Rules.Bottleneck(500_000, 100_000));
        duo.Connect();
        byte[] content = duo.Random.Bytes(7_000_000);
        OutgoingFile file = duo.Alice.Send("large", content, duo.Bob.Member);
        var traffic = new Traffic(duo, TimeSpan.FromMilliseconds(130));
        duo.WaitFor(() => duo.Bob.Core.FramesOpened > 100, "much is under way");
        for (int i = 0; i < Rotations; i++)
        {
            byte[] manifest = duo.Fleet.Rotate(Duo.Zone, leadSeconds: 1);
            duo.World.After(TimeSpan.FromMilliseconds(30), () => duo.Alice.Learn(manifest));
            duo.World.After(TimeSpan.FromMilliseconds(i % 3 == 2 ? 1_900 : 400), () => duo.Bob.Learn(manifest));
            duo.World.RunFor(TimeSpan.FromSeconds(2));
        }

        duo.Arrives(file, content, duo.Bob);
        traffic.Finish(TimeSpan.FromSeconds(60), besides: 1);
        HoldsNothingWasLost(duo.Bob, duo.Describe());
        HoldsNothingWasLost(duo.Alice, duo.Describe());
        Assert.True(duo.Bob.Audit.StreamCount >= Rotations / 2, $"bob has opened frames of {duo.Bob.Audit.StreamCount} streams only");
    }

    /// <summary>Bob's disk hangs: alice goes on under the key before for a while and no longer, and carol, whom it does not concern, is not held up.</summary>
    [Fact]
    public void Rotation_OfAPeerThatNeverAnswers_WaitsForABoundedTime()
    {
        using Solo solo = TurnedOnce(11);
        ZoneKeyId first = KeyUnderWhichBobSpeaks(solo);
        int told = NoticesAt(solo).Count();
        Turn(solo, leadSeconds: 1);
        solo.Run(3);
        StreamNotice notice = Assert.Single(NoticesAt(solo).Skip(told).Distinct());
        Assert.False(notice.IsReady);
        Assert.InRange(NoticesAt(solo).Count() - told, 2, 5); // once a second
        Assert.Equal(first, KeyUnderWhichBobSpeaks(solo));
        solo.Run(5);
        Assert.Equal(first, KeyUnderWhichBobSpeaks(solo));
        solo.Run(5); // more than 10 s after the key's time
        Assert.Equal((notice.ZoneKeyId, notice.Instance), StreamInWhichBobSpeaks(solo));
    }

    [Fact]
    public void Answer_ThatComesLate_ChangesOverAtOnce()
    {
        using Solo solo = TurnedOnce(12);
        ZoneKeyId first = KeyUnderWhichBobSpeaks(solo);
        Turn(solo, leadSeconds: 1);
        solo.Run(5);
        StreamNotice notice = NoticesAt(solo).Last();
        Assert.Equal(first, KeyUnderWhichBobSpeaks(solo));
        Tell(solo, notice with { IsReady = true, Instance = new SenderInstanceId(notice.Instance.Value + 1) });
        Assert.Equal(1, solo.Bob.CountOf(FcpStatus.UnknownSource)); // an answer to what was never said
        Assert.Equal(first, KeyUnderWhichBobSpeaks(solo));
        Tell(solo, notice with { IsReady = true });
        Assert.Equal((notice.ZoneKeyId, notice.Instance), StreamInWhichBobSpeaks(solo));
        Tell(solo, notice with { IsReady = true }); // and again, too late
        Assert.Equal(1, solo.Bob.CountOf(FcpStatus.UnknownSource));
    }

    /// <summary>[WIRE §12.4]: where somebody was removed, nothing more is sealed under the key that he has; and nobody holds up the next one for long.</summary>
    [Fact]
    public void Rotation_ThatRemovesAMember_PausesForAShortTime()
    {
        using var solo = new Solo(13);
        ZoneKeyId first = KeyUnderWhichBobSpeaks(solo);
        Turn(solo, leadSeconds: 0, solo.Alice.Member);
        for (int i = 0; i < 9; i++)
        {
            Assert.Null(TryHearBob(solo));
            solo.Run(0.4);
        }

        StreamNotice notice = Assert.Single(NoticesAt(solo).Distinct());
        solo.Run(0.5); // 5 s in all
        Assert.Equal((notice.ZoneKeyId, notice.Instance), StreamInWhichBobSpeaks(solo));
        Assert.NotEqual(first, notice.ZoneKeyId);
    }

    [Fact]
    public void Rotation_ThatRemovesAMember_GoesOnAtOnceWhereThePeerIsReady()
    {
        using var solo = new Solo(17);
        KeyUnderWhichBobSpeaks(solo);
        Turn(solo, leadSeconds: 0, solo.Alice.Member);
        Assert.Null(TryHearBob(solo));
        StreamNotice notice = NoticesAt(solo).First();
        Tell(solo, notice with { IsReady = true });
        Assert.Equal((notice.ZoneKeyId, notice.Instance), StreamInWhichBobSpeaks(solo));
    }

    /// <summary>Nothing was sealed for carol before the removal: what begins in the pause asks for her word too.</summary>
    [Fact]
    public void Rotation_ThatRemovesAMember_AsksThoseToWhomNothingWasSaidBefore()
    {
        using var solo = new Solo(18);
        Turn(solo, leadSeconds: 0, solo.Alice.Member);
        Assert.Empty(NoticesAt(solo));
        Assert.Null(TryHearBob(solo));
        StreamNotice notice = Assert.Single(NoticesAt(solo));
        Tell(solo, notice with { IsReady = true });
        Assert.Equal((notice.ZoneKeyId, notice.Instance), StreamInWhichBobSpeaks(solo));
    }

    /// <summary>Two keys are still to come, and only the second is one that the removed does not get.</summary>
    [Fact]
    public void Removal_BehindARotationThatIsStillToCome_PausesAtItsOwnTurn()
    {
        using var solo = new Solo(25);
        ZoneKeyId first = KeyUnderWhichBobSpeaks(solo);
        Turn(solo, leadSeconds: 2);
        Turn(solo, leadSeconds: 10, solo.Alice.Member);
        solo.Run(8); // past the first turn and its pause
        ZoneKeyId second = KeyUnderWhichBobSpeaks(solo);
        Assert.NotEqual(first, second);
        solo.Run(3);
        Assert.Null(TryHearBob(solo));
        solo.Run(5);
        ZoneKeyId third = KeyUnderWhichBobSpeaks(solo);
        Assert.True(third != first && third != second);
    }

    /// <summary>A process that begins does not know who was removed before it: no key that it finds goes on sealing once its turn is over.</summary>
    [Fact]
    public void Restart_BetweenARemovalAndItsTurn_DoesNotLetTheOldKeyGoOn()
    {
        using var solo = new Solo(26);
        ZoneKeyId first = KeyUnderWhichBobSpeaks(solo);
        Turn(solo, leadSeconds: 8, solo.Alice.Member);
        Restart(solo);
        Assert.Equal(first, KeyUnderWhichBobSpeaks(solo));
        solo.Run(7);
        Assert.Null(TryHearBob(solo));
        solo.Run(5);
        Assert.NotEqual(first, KeyUnderWhichBobSpeaks(solo));
    }

    /// <summary>[WIRE §16.8]: whose a stream is, is said again to relays; but not under a key that a removed member has.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Removal_WhileARelayIsQuiet_SaysNothingMoreUnderTheOldKey(bool isRemoved)
    {
        using var solo = new Solo(27, carolIsRelay: true);
        OutgoingFile file = solo.Bob.Send("word", [1, 2, 3], solo.Alice.Member);
        solo.Run(0.2);
        solo.Bob.Cancel(file);
        int before = BodiesAt(solo).Count();
        Assert.True(before > 0);
        ZoneKeyId first = BodiesAt(solo).Last().ZoneKey;
        if (isRemoved) Turn(solo, leadSeconds: 0, solo.Dave!);
        solo.Run(100);
        Assert.Equal(isRemoved, BodiesAt(solo).Skip(before).All(body => body.ZoneKey != first));
    }

    /// <summary>Alice turns to a key without carol while much is under way, and bob hears of it after her.</summary>
    [Theory]
    [InlineData(19, 30)]
    [InlineData(20, 700)]
    [InlineData(21, 1_700)]
    public void Removal_WhileMuchIsUnderWay_LosesNoFrame(ulong seed, int milliseconds)
    {
        using Duo duo = new Duo(seed, hasCarol: true).Connect();
        byte[] content = duo.Random.Bytes(7_000_000);
        duo.AliceToBob.Add(Rules.Bottleneck(1_000_000, 100_000));
        OutgoingFile file = duo.Alice.Send("large", content, duo.Bob.Member);
        var traffic = new Traffic(duo, TimeSpan.FromMilliseconds(130));
        duo.WaitFor(() => duo.Bob.Core.FramesOpened > 100, "much is under way");
        byte[] manifest = duo.Fleet.Rotate(Duo.Zone, leadSeconds: 0, duo.Carol!);
        duo.Alice.Learn(manifest);
        duo.World.After(TimeSpan.FromMilliseconds(milliseconds), () => duo.Bob.Learn(manifest));
        duo.Arrives(file, content, duo.Bob);
        traffic.Finish(TimeSpan.FromSeconds(60), besides: 1);
        HoldsNothingWasLost(duo.Bob, duo.Describe());
        HoldsNothingWasLost(duo.Alice, duo.Describe());
        Assert.True(duo.Bob.Audit.StreamCount >= 2, duo.Describe());
    }

    /// <summary>The same behind a relay, where nobody can say that he is ready.</summary>
    [Theory]
    [InlineData(22, 30)]
    [InlineData(23, 700)]
    [InlineData(24, 1_700)]
    public void Removal_BehindARelay_LosesNoFrame(ulong seed, int milliseconds)
    {
        using var trio = new Trio(seed);
        byte[] content = new WorldRandom(seed, "content").Bytes(5_000_000), back = new WorldRandom(seed, "back").Bytes(1_000_000);
        trio.World.Mesh.Datagrams(trio.Alice, trio.Relay).Add(Rules.Bottleneck(1_000_000, 100_000));
        OutgoingFile there = trio.Alice.Send("there", content, trio.Bob.Member), andBack = trio.Bob.Send("back", back, trio.Alice.Member);
        Assert.True(trio.World.RunUntil(() => trio.Bob.Core.FramesOpened > 100 && trio.Alice.Core.FramesOpened > 100, Duo.Limit), trio.Describe());
        byte[] manifest = trio.Fleet.Rotate(Duo.Zone, leadSeconds: 0, trio.Carol);
        trio.Alice.Learn(manifest);
        trio.World.After(TimeSpan.FromMilliseconds(milliseconds), () => trio.Bob.Learn(manifest));
        trio.Completes(there);
        trio.Completes(andBack);
        Assert.Equal(content, trio.Bob.Disk.Files["there"]);
        Assert.Equal(back, trio.Alice.Disk.Files["back"]);
        HoldsNothingWasLost(trio.Bob, trio.Describe());
        HoldsNothingWasLost(trio.Alice, trio.Describe());
        Assert.True(trio.Bob.Audit.StreamCount >= 2, trio.Describe());
    }

    /// <summary>[REPLAY §4.3]: a stream that was announced by a process that ended is never sealed in.</summary>
    [Fact]
    public void Restart_BetweenAnnouncementAndUse_UsesAnotherInstance()
    {
        using var solo = new Solo(14);
        KeyUnderWhichBobSpeaks(solo);
        Turn(solo, leadSeconds: 4);
        solo.Run(1);
        StreamNotice notice = NoticesAt(solo).First();
        Tell(solo, notice with { IsReady = true });
        Restart(solo);
        solo.Run(10); // past the key's time, and the pause for one who does not say that she is ready
        (ZoneKeyId key, SenderInstanceId instance) = StreamInWhichBobSpeaks(solo);
        Assert.Equal(notice.ZoneKeyId, key); // begun under the key of the present
        Assert.NotEqual(notice.Instance, instance);
    }

    /// <summary>
    /// [REPLAY §6.1]: the receiver restarts after it has answered: no stream that it answered for is used towards its new process, also where that
    /// one opens the next session and nothing else tells the sender that the one before is gone.
    /// </summary>
    [Theory]
    [InlineData(15, false)]
    [InlineData(28, true)]
    public void Restart_OfTheReceiverAfterItsAnswer_LosesNothingForGood(ulong seed, bool receiverConnects)
    {
        using Duo duo = new Duo(seed).Connect();
        (SimulatedNode from, SimulatedNode to) = receiverConnects ? (duo.Bob, duo.Alice) : (duo.Alice, duo.Bob);
        byte[] content = duo.Random.Bytes(3_000_000);
        duo.World.Mesh.Datagrams(from, to).Add(Rules.Bottleneck(500_000, 100_000));
        OutgoingFile file = from.Send("file", content, to.Member);
        duo.WaitFor(() => to.Core.FramesOpened > 100, "much is under way");
        byte[] manifest = duo.Fleet.Rotate(Duo.Zone, leadSeconds: 3);
        from.Learn(manifest);
        to.Learn(manifest);
        int records = to.Disk.ReplayRecordCount;
        duo.WaitFor(() => to.Disk.ReplayRecordCount > records, "the announced stream is durable before its time", TimeSpan.FromSeconds(1));
        to.Crash();
        duo.World.RunFor(TimeSpan.FromMilliseconds(receiverConnects ? 200 : 1_000));
        to.Start();
        duo.Arrives(file, content, to, TimeSpan.FromMinutes(2));
    }

    /// <summary>[REPLAY §2.9]: what a member announces is bounded, of keys that are here and of those that are not.</summary>
    [Fact]
    public void Notices_OfAMemberWithoutEnd_AreBounded()
    {
        using var solo = new Solo(16);
        ZoneIdHash zone = solo.Carol.RingOf(Duo.Zone).ZoneHash;
        ZoneKeyId key = solo.Carol.RingOf(Duo.Zone).ZoneKeys[0].Id;
        int records = solo.Bob.Disk.ReplayRecordCount;
        SendAThousand(solo, i => new StreamNotice(zone, key, new SenderInstanceId(i), IsReady: false));
        solo.Run(1);
        Assert.Equal(8, solo.Bob.Disk.ReplayRecordCount - records);
        Assert.Equal(992, solo.Bob.CountOf(FcpStatus.ReplayLaneLimit));
        Assert.Equal(8, NoticesAt(solo).Count(static notice => notice.IsReady));
        SendAThousand(solo, i => new StreamNotice(zone, new ZoneKeyId(new Bytes8(i)), new SenderInstanceId(i), IsReady: false));
        Send(solo, new StreamNotice(new ZoneIdHash(default), key, new SenderInstanceId(5), IsReady: false)); // a zone that is not here
        Send(solo, new StreamNotice(zone, key, new SenderInstanceId(5), IsReady: false)); // said again, and answered again
        solo.Run(1);
        Assert.Equal(9, NoticesAt(solo).Count(static notice => notice.IsReady));
        Assert.Equal(8, solo.Bob.Disk.ReplayRecordCount - records);
        Assert.True(solo.Bob.IsUp);
    }

    private static void HoldsNothingWasLost(SimulatedNode node, string figures)
    {
        foreach (FcpStatus reason in LossReasons)
        {
            Assert.True(node.Counters[reason] == 0, $"{node.Name} has refused {node.Counters[reason]} frames: {reason}\n{figures}");
        }
    }

    /// <summary>Bob has turned the key once since he began: so he knows of everybody who was removed under the next one.</summary>
    private static Solo TurnedOnce(ulong seed)
    {
        var solo = new Solo(seed);
        KeyUnderWhichBobSpeaks(solo);
        Turn(solo, leadSeconds: 0);
        solo.Run(6);
        KeyUnderWhichBobSpeaks(solo);
        return solo;
    }

    private static void Restart(Solo solo)
    {
        solo.Bob.Crash();
        solo.Run(1);
        solo.Bob.Start();
        solo.Carol.Greet(solo.Bob);
        solo.WaitFor(() => solo.Bob.Core.StateOf(solo.Carol.Member.Id) == FcpFast.Node.LinkState.Established, "carol has a session again");
        solo.Carol.SendProbe(ObjectId.Read(solo.Random.Bytes(ObjectId.Length)), isEcho: false);
    }

    private static void Turn(Solo solo, ulong leadSeconds, params ReadOnlySpan<FcpFast.Simulation.Fleets.Member> without)
    {
        byte[] manifest = solo.Fleet.Rotate(Duo.Zone, leadSeconds, without);
        solo.Bob.Learn(manifest);
        solo.Run(0.1);
    }

    private static ZoneKeyId KeyUnderWhichBobSpeaks(Solo solo) => StreamInWhichBobSpeaks(solo).Key;

    private static (ZoneKeyId Key, SenderInstanceId Instance) StreamInWhichBobSpeaks(Solo solo)
    {
        (ZoneKeyId, SenderInstanceId)? heard = TryHearBob(solo);
        if (heard is null) Assert.Fail($"bob says nothing\n{solo.World.Trace.Tail()}");
        return heard.Value;
    }

    /// <summary>Lets bob say something, and sees what it is sealed in; null if he says nothing.</summary>
    private static (ZoneKeyId Key, SenderInstanceId Instance)? TryHearBob(Solo solo)
    {
        int before = solo.Carol.Payloads.Count;
        OutgoingFile file = solo.Bob.Send($"word {before}", [1, 2, 3], solo.Carol.Member);
        solo.Run(0.1);
        solo.Bob.Cancel(file);
        return BodiesAt(solo, before).Select(static body => ((ZoneKeyId, SenderInstanceId)?)body).LastOrDefault();
    }

    /// <summary>What bodies that came to carol are sealed in.</summary>
    private static IEnumerable<(ZoneKeyId ZoneKey, SenderInstanceId Instance)> BodiesAt(Solo solo, int first = 0)
    {
        for (int i = first; i < solo.Carol.Payloads.Count; i++)
        {
            if (SealedBody.Parse(solo.Carol.Payloads[i], out SealedBody body) == FcpStatus.Accepted) yield return (body.ZoneKeyId, body.Instance);
        }
    }

    private static IEnumerable<StreamNotice> NoticesAt(Solo solo)
    {
        foreach (byte[] payload in solo.Carol.Payloads)
        {
            if (StreamNotice.Parse(payload, out StreamNotice notice) == FcpStatus.Accepted) yield return notice;
        }
    }

    private static void Tell(Solo solo, StreamNotice notice)
    {
        Send(solo, notice);
        solo.Run(0.1);
    }

    private static void SendAThousand(Solo solo, Func<uint, StreamNotice> notice)
    {
        for (uint i = 0; i < 1_000; i++)
        {
            Send(solo, notice(i));
            if (i % 100 == 99) solo.Run(0.1); // a connection holds so many
        }
    }

    private static void Send(Solo solo, StreamNotice notice)
    {
        var writer = new CborWriter();
        notice.Write(writer);
        solo.Carol.SendControl(writer.Written);
    }
}
