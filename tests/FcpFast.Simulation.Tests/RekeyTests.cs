using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §8] (rekey, key confirmation), [REPLAY §2.7], [REPLAY §4.5], [REPLAY §8] L2 and L4: sessions follow one another and no frame is lost.</summary>
public sealed class RekeyTests
{
    private const long Second = Instant.TicksPerSecond;

    /// <summary>What a transfer may be refused for that has nothing to do with the sessions that it goes over.</summary>
    private static readonly FcpStatus[] OfTheObjects = [FcpStatus.Accepted, FcpStatus.SlotFilled, FcpStatus.UnknownObject];

    [Theory]
    [InlineData("frames")]
    [InlineData("bytes")]
    [InlineData("seconds")]
    public void Transfer_OverSessionsThatWearOut_LosesNoFrame(string limit)
    {
        SequencerLimits limits = limit switch
        {
            "frames" => SequencerLimits.Default with { SoftFrames = 1_500 },
            "bytes" => SequencerLimits.Default with { SoftBytes = 2_000_000 },
            _ => SequencerLimits.Default with { SoftTicks = Second / 20 },
        };
        using Duo duo = With(1, limits).Connect();
        byte[] content = duo.Random.Bytes(12_000_000);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.Arrives(file, content, duo.Bob, TimeSpan.FromSeconds(10));
        Assert.True(duo.Alice.Core.Rekeys >= 2, $"{duo.Alice.Core.Rekeys} rekeys\n{duo.Describe()}");
        long probes = duo.Alice.Core.FramesSent - TransferTests.Symbols(content.Length); // of the tail, while a new stream's record is being stored
        Assert.True(probes >= 0 && probes <= duo.Alice.Core.FramesSent / 100, duo.Describe());
        Assert.Equal(TransferTests.Symbols(content.Length), duo.Bob.Core.FramesOpened); // none was lost, none was opened twice
        Assert.Equal(duo.Alice.Core.FramesSent, duo.Bob.Core.FramesAccepted);
        HoldsNothingWasRefused(duo);
        HoldsTheLinkStayedUp(duo);
    }

    /// <summary>[REPLAY §8] L2 and L4 together: numbers overtake each other within the window, also those of different sessions.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Transfer_ReorderedWithinTheWindowAcrossRekeys_HasEveryFrameAccepted(ulong seed)
    {
        using Duo duo = With(seed, SequencerLimits.Default with { SoftFrames = 1_500 }).Connect();
        duo.AliceToBob.Add(Rules.Reorder(0.3, 1_000), Rules.Jitter(TimeSpan.Zero, TimeSpan.FromMilliseconds(3)));
        byte[] content = duo.Random.Bytes(8_000_000);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(20));
        duo.World.RunFor(TimeSpan.FromSeconds(1)); // what was overtaken has arrived too
        Assert.True(duo.Alice.Core.Rekeys >= 3, $"{duo.Alice.Core.Rekeys} rekeys");
        Assert.Equal(duo.Alice.Core.FramesSent, duo.Bob.Core.FramesAccepted);
        HoldsNothingWasRefused(duo);
        HoldsTheLinkStayedUp(duo);
    }

    /// <summary>A lost Ack costs a retry and nothing else: neither end sends on the new session, and the old one goes on.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Ack_OfARekeyIsLost_TheOldSessionGoesOnUntilTheNextTry(ulong seed)
    {
        using Duo duo = With(seed, SequencerLimits.Default with { SoftTicks = 10 * Second }).Connect();
        int acks = 0;
        foreach (Link link in StreamsOf(duo)) link.Add(Rules.When(packet => IsAck(packet) && acks++ % 2 == 0, Rules.Drop(1))); // every other one
        var traffic = new Traffic(duo, TimeSpan.FromMilliseconds(100));
        duo.World.RunFor(TimeSpan.FromSeconds(100));
        traffic.Finish(TimeSpan.FromSeconds(5));
        Assert.True(acks >= 8, $"{acks} Acks");
        Assert.True(duo.Alice.Core.Rekeys >= 4 && duo.Bob.Core.Rekeys >= 4, $"{duo.Alice.Core.Rekeys} and {duo.Bob.Core.Rekeys} rekeys");
        HoldsNothingWasRefused(duo);
        HoldsTheLinkStayedUp(duo);
    }

    /// <summary>Until the hard limit the old session carries everything; there it stops, and a new one is made from the beginning.</summary>
    [Fact]
    public void Acks_AreLostUntilTheHardLimit_TheSessionStopsThereAndTheFilesStillArrive()
    {
        using Duo duo = With(7, SequencerLimits.Default with { SoftTicks = 10 * Second }).Connect();
        long startedTicks = duo.World.NowTicks;
        foreach (Link link in StreamsOf(duo)) link.Add(Rules.When(packet => IsAck(packet) && duo.World.NowTicks - startedTicks < 25 * Second, Rules.Drop(1)));
        int before = duo.Alice.Log.Links.Count;
        var traffic = new Traffic(duo, TimeSpan.FromMilliseconds(250));
        duo.World.RunFor(TimeSpan.FromSeconds(17)); // soft at 9 to 10 s, hard at 18 to 20 s
        Assert.Equal(before, duo.Alice.Log.Links.Count);
        duo.World.RunFor(TimeSpan.FromSeconds(4));
        Assert.Contains(duo.Alice.Log.Links.Skip(before), static change => change.State == LinkState.Down);
        duo.World.RunFor(TimeSpan.FromSeconds(20));
        traffic.Finish(TimeSpan.FromSeconds(10));
        HoldsNoReplays(duo);
    }

    /// <summary>The connection ends at each message of a rekey in turn, in either direction.</summary>
    [Fact]
    public void Connection_BreaksAtEveryMessageOfARekey_TheFilesArrive()
    {
        for (int message = 0; message < 5; message++)
        {
            foreach (bool isFromAlice in new[] { true, false })
            {
                using Duo duo = With(20 + (ulong)message, SequencerLimits.Default with { SoftTicks = 5 * Second }).Connect();
                Link link = duo.World.Mesh.Streams(isFromAlice ? duo.Alice : duo.Bob, isFromAlice ? duo.Bob : duo.Alice);
                int countdown = message;
                bool isRekeying = false;
                link.Add(Rules.When(
                    packet =>
                    {
                        isRekeying |= packet.IsHandshake;
                        return isRekeying && countdown-- == 0;
                    },
                    Rules.BreakAfter(1)));
                var traffic = new Traffic(duo, TimeSpan.FromMilliseconds(300));
                duo.World.RunFor(TimeSpan.FromSeconds(15));
                traffic.Finish(TimeSpan.FromSeconds(10));
                Assert.True(countdown < 0, "the connection was not broken");
                Assert.True(duo.Alice.Core.Rekeys > 0, $"message {message}, {isFromAlice}: no rekey");
                HoldsNoReplays(duo);
            }
        }
    }

    /// <summary>Both ends greet at once again and again: the lower id drops the other's Hello, one session comes of it, and nothing is lost.</summary>
    [Fact]
    public void BothEnds_RekeyAtOnce_OneHandshakeWinsAndNothingIsLost()
    {
        using Duo duo = new Duo(8, plan => With(plan, SequencerLimits.Default with { SoftTicks = Second }), plan => With(plan, SequencerLimits.Default with { SoftTicks = Second }));
        duo.World.Mesh.Latency = TimeSpan.FromMilliseconds(50);
        duo.Connect();
        var traffic = new Traffic(duo, TimeSpan.FromMilliseconds(500));
        duo.World.RunFor(TimeSpan.FromSeconds(40));
        traffic.Finish(TimeSpan.FromSeconds(5));
        long crossed = duo.Alice.ControlCounters[FcpStatus.HelloCrossed];
        Assert.True(crossed >= 5, $"{crossed} Hellos crossed");
        Assert.Equal(0, duo.Bob.ControlCounters[FcpStatus.HelloCrossed]); // alice has the lower id
        Assert.InRange(duo.Alice.Core.Rekeys, 25, 60);
        Assert.InRange(duo.Bob.Core.Rekeys, duo.Alice.Core.Rekeys - 1, duo.Alice.Core.Rekeys + 1);
        HoldsNothingWasRefused(duo);
        HoldsTheLinkStayedUp(duo);
    }

    /// <summary>[REPLAY §2.7]: a replaced session takes what was on its way for the grace time, and nothing after it.</summary>
    [Fact]
    public void Session_ThatWasReplaced_DrainsForThirtySeconds()
    {
        using Duo duo = With(9, SequencerLimits.Default with { SoftTicks = 100 * Second }).Connect();
        var held = new List<Packet>();
        bool holds = true;
        duo.AliceToBob.Add(Rules.When(packet => holds && packet.Bytes.Length > 1000, Rules.Rewrite(bytes =>
        {
            held.Add(new Packet(0, duo.Alice.Address, duo.Bob.Address, (byte[])bytes.Clone()));
            return null;
        })));
        OutgoingFile file = duo.Alice.Send("file", duo.Random.Bytes(20_000), duo.Bob.Member);
        duo.WaitFor(() => held.Count >= 10, "datagrams are held on the old session");
        holds = false;
        byte[][] old = [.. held.Take(10).Select(static packet => packet.Bytes)];
        duo.WaitFor(() => duo.Bob.Core.Rekeys == 1, "a rekey", TimeSpan.FromSeconds(120));
        duo.World.RunFor(TimeSpan.FromSeconds(29));
        var path = new Actors.Actor(duo.World, "path");
        long accepted = duo.Bob.Core.FramesAccepted;
        for (int i = 0; i < 5; i++) path.Spoof(duo.Alice, duo.Bob, old[i]);
        duo.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(accepted + 5, duo.Bob.Core.FramesAccepted);
        duo.World.RunFor(TimeSpan.FromSeconds(1.5));
        for (int i = 5; i < 10; i++) path.Spoof(duo.Alice, duo.Bob, old[i]);
        duo.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(accepted + 5, duo.Bob.Core.FramesAccepted);
        Assert.Equal(5, duo.Bob.Counters[FcpStatus.UnknownSession]);
        duo.WaitFor(() => file.State == OutgoingFileState.Completed, "the file arrives");
    }

    private static Duo With(ulong seed, SequencerLimits limits)
    {
        NodePlan Plan(NodePlan plan) => With(plan, limits) with { Source = new Storage.SourceOptions(256 * 1024) };
        return new Duo(seed, Plan, Plan);
    }

    private static NodePlan With(NodePlan plan, SequencerLimits limits) => plan with { Options = plan.Options with { SessionLimits = limits } };

    private static Link[] StreamsOf(Duo duo) => [duo.World.Mesh.Streams(duo.Alice, duo.Bob), duo.World.Mesh.Streams(duo.Bob, duo.Alice)];

    private static bool IsAck(Packet packet) => packet.IsHandshake && AckMessage.Parse(packet.Bytes, out _) == FcpStatus.Accepted;

    private static void HoldsNothingWasRefused(Duo duo)
    {
        foreach (SimulatedNode node in new[] { duo.Alice, duo.Bob })
        {
            Assert.DoesNotContain(node.Counters.Snapshot(), static pair => pair.Value > 0 && !OfTheObjects.Contains(pair.Key));
        }
    }

    private static void HoldsNoReplays(Duo duo)
    {
        duo.HoldsNoRepeats();
        foreach (SimulatedNode node in new[] { duo.Alice, duo.Bob })
        {
            Assert.Equal(0, node.CountOf(FcpStatus.ReplayDuplicate) + node.CountOf(FcpStatus.ReplayTooOld) + node.CountOf(FcpStatus.ReplayRejected));
        }
    }

    /// <summary>Each end went up once, by two steps, and stayed there.</summary>
    private static void HoldsTheLinkStayedUp(Duo duo)
    {
        Assert.Equal([LinkState.Established, LinkState.Ready], duo.Alice.Log.Links.Select(static change => change.State));
        Assert.Equal([LinkState.Established, LinkState.Ready], duo.Bob.Log.Links.Select(static change => change.State));
    }
}
