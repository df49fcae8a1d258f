using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[REPLAY §6.2]: sessions that outlive a process (mode M1): they go on, nothing counts twice, and nothing waits for a disk that keeps up.</summary>
public sealed class KeptSessionTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.3);

    /// <summary>Who is restarted, and who keeps sessions: the other end need not.</summary>
    [Theory]
    [InlineData("bob", "bob")]
    [InlineData("bob", "both")]
    [InlineData("alice", "alice")]
    [InlineData("alice", "both")]
    [InlineData("both", "both")]
    public void Restart_InTheMiddleOfATransfer_TheSessionGoesOnAndTheFileArrives(string restarted, string keeping)
    {
        using Duo duo = Connect(21, keeping);
        double before = AgeAt(duo.Alice);
        byte[] content = duo.Random.Bytes(6_000_000);
        OutgoingFile file = Send(duo, content);
        duo.WaitFor(() => duo.Bob.Core.FramesOpened > 1_000, "something has arrived");
        byte[][] recorded = [.. duo.Recorded];
        SimulatedNode[] victims = Victims(duo, restarted);
        foreach (SimulatedNode victim in victims) victim.Crash();
        duo.World.RunFor(Short);
        foreach (SimulatedNode victim in victims) victim.Start();
        if (restarted != "bob") file = Send(duo, content);
        Assert.All(victims, static victim => Assert.Equal(1, victim.Core.SessionsResumed));
        duo.Arrives(file, content, duo.Bob);
        Assert.True(AgeAt(duo.Alice) > before && AgeAt(duo.Bob) > before, $"the session is another: {duo.Describe()}");
        Assert.Equal((1, 1), (duo.Alice.Core.SessionCount, duo.Bob.Core.SessionCount));
        Replay(duo, recorded);
    }

    /// <summary>[REPLAY §8], S1: what was recorded before the restart is sent again at once after it; without ceilings some of it would count twice.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Recordings_SentAgainAfterARestart_CountOnceWhereCeilingsAreKept(bool hasCeilings)
    {
        using Duo duo = Connect(22, "bob");
        byte[] content = duo.Random.Bytes(500_000);
        duo.Arrives(Send(duo, content), content, duo.Bob);
        byte[][] recorded = [.. duo.Recorded];
        duo.Bob.Crash();
        if (!hasCeilings) duo.Bob.Disk.ForgetLanes();
        duo.Bob.Start();
        for (int i = 0; i < 2; i++) // a lane that was forgotten waits for a ceiling first
        {
            Send(duo, recorded);
            duo.World.RunFor(TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal(hasCeilings, duo.Bob.Audit.Repeats == 0);
    }

    /// <summary>[REPLAY §8], L3: with the fence only what is under way is lost; without it the stream would be refused for 65,536 numbers.</summary>
    [Fact]
    public void Restart_OfTheReceiver_LosesOnlyWhatIsUnderWay()
    {
        using Duo duo = Connect(23, "bob");
        OutgoingFile file = Send(duo, duo.Random.Bytes(4_000_000));
        duo.WaitFor(() => duo.Bob.Core.FramesOpened > 1_000, "something has arrived");
        duo.Bob.Crash();
        duo.Bob.Start();
        long sent = duo.Alice.Core.FramesSent;
        duo.WaitFor(() => file.State != OutgoingFileState.Sending, "the file is sent");
        long refused = duo.Bob.Counters[FcpStatus.ReplayTooOld];
        Assert.Equal(1, duo.Alice.Core.DescribeZones().Single().StreamsOpen);
        Assert.True(duo.Alice.Core.DescribeZones().Single().FramesSealed > (ulong)sent + LaneTable.CeilingStep / 2, "the stream has passed the fence over, it is the same");
        Assert.True(refused < 4_000, $"{refused} frames were refused: {duo.Describe()}");
        duo.HoldsNoRepeats();
    }

    /// <summary>[REPLAY §8], L5: with half a second a flush the path does not wait: ceilings are asked for ahead.</summary>
    [Fact]
    public void Transfer_WithASlowDisk_DoesNotWaitForIt()
    {
        using Duo duo = Connect(24, "both", TimeSpan.FromSeconds(0.5));
        byte[] content = duo.Random.Bytes(90_000_000); // more frames than a ceiling reserves
        OutgoingFile file = Send(duo, content);
        duo.Arrives(file, content, duo.Bob);
        Assert.True(duo.Alice.Core.FramesSent > (long)LaneTable.CeilingStep, $"{duo.Alice.Core.FramesSent} frames");
        Assert.True(duo.Bob.CountOf(FcpStatus.ReplayNotDurable) < duo.Alice.Core.FramesSent / 20, duo.Describe());
    }

    /// <summary>[REPLAY §2.5], [REPLAY §8] (S5): each start of the sender costs a lane or two; before there is no more room, a fresh session takes over.</summary>
    [Fact]
    public void Restarts_OfTheSender_Many_TheSessionIsReplacedBeforeItsLanesRunOut()
    {
        using Duo duo = Connect(25, "both");
        byte[] content = duo.Random.Bytes(1_500_000);
        for (int i = 0; i < 40; i++)
        {
            duo.Alice.Crash();
            duo.Alice.Start();
            duo.Arrives(Send(duo, content, (ulong)(1_000 + i)), content, duo.Bob, TimeSpan.FromMinutes(1));
            duo.Bob.Disk.Files.Clear();
            duo.World.RunFor(TimeSpan.FromSeconds(1));
        }

        Assert.True(duo.Bob.Core.Rekeys >= 1, duo.Describe());
        Assert.True(duo.Bob.Core.DescribePeers().Single().Lanes <= ReplayRules.LanesMax);
        Assert.Equal((1, 1), (duo.Alice.Disk.KeptSessionCount, duo.Bob.Disk.KeptSessionCount));
    }

    /// <summary>[REPLAY §8] (L4): whatever process ends at whatever moment, soon after the last one the peers have datagrams of each other again.</summary>
    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void Restarts_OfEitherAtRandomMoments_TheLinkIsReadyAgain(ulong seed)
    {
        using Duo duo = Connect(seed, "both", TimeSpan.FromSeconds(seed % 2 == 0 ? 0.005 : 0.5));
        byte[] content = duo.Random.Bytes(400_000);
        for (int i = 0; i < 300; i++)
        {
            SimulatedNode victim = duo.Random.Next(2) == 0 ? duo.Alice : duo.Bob;
            victim.Crash();
            victim.Start();
            if (victim == duo.Alice && duo.Random.Next(2) == 0) Send(duo, content, (ulong)i);
            duo.World.RunFor(TimeSpan.FromMilliseconds(duo.Random.Next(2) == 0 ? duo.Random.Next(300) : duo.Random.Next(2_500)));
            if (i % 10 != 9) continue;
            bool IsReady(SimulatedNode node) => node.Core.DescribePeers().Single().State == LinkState.Ready;
            duo.WaitFor(() => IsReady(duo.Alice) && IsReady(duo.Bob), $"both ready after {i + 1} restarts of seed {seed}", TimeSpan.FromSeconds(40));
        }

        duo.HoldsNoRepeats();
    }

    /// <summary>
    /// [REPLAY §6.2], [REPLAY §8] (L4): one end goes on by datagrams alone, and the other one restarts before there is a connection again. Its fences come
    /// to a process that cannot know them from recordings yet; when it can, its numbers must be above them.
    /// </summary>
    [Fact]
    public void Restart_OfTheOtherBeforeAConnection_TheLinkIsReadyAgain()
    {
        using Duo duo = Connect(34, "both", TimeSpan.FromSeconds(0.5));
        duo.Alice.Crash();
        duo.Alice.Start();
        duo.WaitFor(() => duo.Bob.Counters[FcpStatus.ReplayNotDurable] > 0, "bob has asked for a ceiling of alice's new lane");
        duo.World.RunFor(TimeSpan.FromSeconds(0.1)); // and she has proof of him
        duo.Bob.Crash(); // before it is durable: his next process takes that lane up from its first number
        duo.Bob.Plan = duo.Bob.Plan with { IsListening = false }; // datagrams come through, connections do not
        duo.Bob.Start();
        duo.WaitFor(() => duo.Bob.Core.DescribePeers().Single().State == LinkState.Ready, "alice has answered a probe of bob", TimeSpan.FromSeconds(14));
        duo.World.RunFor(TimeSpan.FromSeconds(0.6)); // her ceiling for bob's probes is durable
        duo.Alice.Crash();
        duo.Bob.Plan = duo.Bob.Plan with { IsListening = true };
        duo.Alice.Start();
        Assert.Equal((1, 1), (duo.Alice.Core.SessionsResumed, duo.Bob.Core.SessionsResumed));
        foreach (SimulatedNode node in (SimulatedNode[])[duo.Alice, duo.Bob])
        {
            duo.WaitFor(() => node.Core.DescribePeers().Single().State == LinkState.Ready, $"{node.Name} is ready", TimeSpan.FromSeconds(10));
        }

        byte[] content = duo.Random.Bytes(300_000);
        duo.Arrives(Send(duo, content, 99), content, duo.Bob, TimeSpan.FromSeconds(20));
        duo.HoldsNoRepeats();
    }

    /// <summary>[REPLAY §2.7], [REPLAY §8] (L4): a session that is replaced is erased from the disk, and no frame is lost for it.</summary>
    [Fact]
    public void Rekeys_LoseNoFrameAndLeaveOneSessionOnTheDisk()
    {
        static NodePlan Worn(NodePlan plan) => plan with
        {
            ReplayMode = ReplayMode.M1, Options = plan.Options with { SessionLimits = SequencerLimits.Default with { SoftFrames = 1_500 } },
        };
        using Duo duo = new Duo(26, Worn, Worn).Connect();
        duo.World.RunFor(TimeSpan.FromSeconds(2));
        byte[] content = duo.Random.Bytes(8_000_000);
        duo.Arrives(Send(duo, content), content, duo.Bob);
        duo.World.RunFor(TimeSpan.FromSeconds(2));
        Assert.True(duo.Alice.Core.Rekeys >= 3, $"{duo.Alice.Core.Rekeys} rekeys");
        Assert.Equal(duo.Alice.Core.FramesSent, duo.Bob.Core.FramesAccepted);
        Assert.Equal((1, 1), (duo.Alice.Disk.KeptSessionCount, duo.Bob.Disk.KeptSessionCount));
    }

    [Theory]
    [InlineData("both", true)] // revoked meanwhile
    [InlineData("both", false)] // so long away that the other end has given the session up
    [InlineData("none", false)]
    public void Restart_WhereTheSessionMayNotGoOn_MakesANewOneOrNone(string keeping, bool isRevoked)
    {
        using Duo duo = Connect(27, keeping);
        duo.Bob.Crash();
        duo.World.RunFor(TimeSpan.FromSeconds(isRevoked ? 0.3 : 40));
        if (isRevoked) duo.Bob.Plan = duo.Bob.Plan with { Prepare = identity => identity.Peers.Set(identity.Peers.Find(duo.Alice.Id)! with { Attestation = FcpStatus.AttestationRevoked }) };
        duo.Bob.Start();
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        if (isRevoked)
        {
            Assert.Equal((0, LinkState.Down, 0), (duo.Bob.Core.SessionsResumed, duo.Bob.Core.StateOf(duo.Alice.Id), duo.Bob.Disk.KeptSessionCount));
            return;
        }

        byte[] content = duo.Random.Bytes(300_000);
        duo.Arrives(Send(duo, content), content, duo.Bob, TimeSpan.FromMinutes(1));
        Assert.True(AgeAt(duo.Bob) < 40, "the session is new");
    }

    /// <summary>[REPLAY §5.3], [REPLAY §6.2]: a disk that takes nothing ends a kept session, not the traffic: one that is not kept takes its place.</summary>
    [Fact]
    public void Disk_ThatTakesNothing_TrafficGoesOnInASessionThatIsNotKept()
    {
        using Duo duo = Connect(28, "bob");
        duo.Bob.Disk.TakesReplayRecords = false;
        duo.Alice.Crash(); // its next process seals in streams that bob has no ceilings for
        duo.Alice.Start();
        byte[] content = duo.Random.Bytes(300_000);
        OutgoingFile file = Send(duo, content);
        duo.WaitFor(() => duo.Bob.Core.DescribePeers().Single() is { State: LinkState.Ready, IsKept: false }, "a session that is not kept");
        duo.World.RunFor(TimeSpan.FromSeconds(5));
        duo.Bob.Disk.TakesReplayRecords = true; // new streams are not opened without their records either: REPLAY 6.1
        duo.Arrives(file, content, duo.Bob);
    }

    private static Duo Connect(ulong seed, string keeping, TimeSpan? flush = null)
    {
        NodePlan Plan(NodePlan plan, string name) => plan with
        {
            ReplayMode = keeping == "both" || keeping == name ? ReplayMode.M1 : ReplayMode.M0, ReplayFlush = flush ?? plan.ReplayFlush,
        };
        Duo duo = new Duo(seed, plan => Plan(plan, "alice"), plan => Plan(plan, "bob")).Connect();
        duo.World.RunFor(TimeSpan.FromSeconds(3)); // then it is kept, and on the disk
        duo.Record();
        return duo;
    }

    private static SimulatedNode[] Victims(Duo duo, string names) => names switch
    {
        "alice" => [duo.Alice],
        "bob" => [duo.Bob],
        _ => [duo.Alice, duo.Bob],
    };

    private static OutgoingFile Send(Duo duo, byte[] content, ulong modified = 7) => duo.Alice.Send("file", content, duo.Bob.Member, modified: modified);

    private static void Send(Duo duo, IEnumerable<byte[]> datagrams)
    {
        foreach (byte[] datagram in datagrams) duo.World.Mesh.SendDatagram(duo.Alice, duo.Bob.Address, datagram);
    }

    private static void Replay(Duo duo, IEnumerable<byte[]> recorded)
    {
        Send(duo, recorded);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        duo.HoldsNoRepeats();
    }

    private static double AgeAt(SimulatedNode node) => node.Core.DescribePeers().Single().SessionAgeSeconds ?? -1;
}
