using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §16.9], [WIRE §19], [REPLAY §2.8]: files over paths that lose, double, reorder and change datagrams.</summary>
public sealed class ImpairedPathTests
{
    /// <summary>What an opened path may still refuse: symbols that came again, or of chunks that are complete.</summary>
    private static readonly FcpStatus[] Unneeded = [FcpStatus.SlotFilled, FcpStatus.UnknownObject];

    private static IPacketRule[] Hostile => [Rules.Drop(0.2), Rules.Duplicate(0.2), Rules.Reorder(0.1, 1000), Rules.Corrupt(0.01)];

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Send_LossDuplicationReorderingAndCorruption_ArrivesWithoutStalling(ulong seed, bool coalesces)
    {
        NodePlan Plan(NodePlan plan) => plan with { Coalesces = coalesces };
        using Duo duo = new Duo(seed, Plan, Plan).Connect();
        duo.AliceToBob.Add(Hostile);
        duo.BobToAlice.Add(Hostile);
        byte[] content = duo.Random.Bytes(12 * 1024 * 1024);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.Arrives(file, content, duo.Bob, TimeSpan.FromSeconds(20));
        Assert.True(duo.Bob.CountOf(FcpStatus.InvalidSignature) > 100, "more failed MACs than the limit of an address");
        Assert.True(duo.AliceToBob.Tally.Held > 1000, "datagrams were reordered");
        HoldsTheSum(duo, duo.Bob, duo.AliceToBob);
    }

    [Fact]
    public void Counters_OfEveryRefusal_AreThoseThatTheSpecificationNames()
    {
        NodePlan Plan(NodePlan plan) => plan with { Coalesces = false, Options = plan.Options with { WindowFrames = 256 } };
        using Duo duo = new Duo(4, Plan, Plan).Connect();
        var sent = new List<Packet>();
        duo.AliceToBob.Add(
            Rules.Tap(sent), Rules.Drop(0.1), Rules.Duplicate(0.3), Rules.Reorder(0.05, 600), Rules.Corrupt(0.3), Rules.When(static packet => packet.IsCopy, Rules.Corrupt(0.5)));
        byte[] content = duo.Random.Bytes(3 * 1024 * 1024);
        Dictionary<FcpStatus, long> before = duo.Bob.Counters.Snapshot();
        long verifiedBefore = duo.Bob.Core.DatagramsVerified;
        DatagramOracle? oracle = null;
        duo.Bob.Arriving = packet =>
        {
            oracle ??= OracleFor(duo, sent[0].Bytes);
            oracle.Take(packet);
        };
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.Arrives(file, content, duo.Bob, TimeSpan.FromMinutes(1));
        duo.World.RunFor(TimeSpan.FromSeconds(1));

        Dictionary<FcpStatus, long> counted = duo.Bob.Counters.Snapshot();
        foreach ((FcpStatus status, long count) in before) counted[status] -= count;
        Assert.Equal(oracle!.Accepted, duo.Bob.Core.DatagramsVerified - verifiedBefore);
        foreach ((FcpStatus status, long count) in oracle.Refusals)
        {
            Assert.True(counted.GetValueOrDefault(status) == count, $"{status}: {counted.GetValueOrDefault(status)} counted, {count} expected\n{duo.Describe()}");
        }

        long unnamed = counted.Where(pair => !oracle.Refusals.ContainsKey(pair.Key) && !Unneeded.Contains(pair.Key)).Sum(static pair => pair.Value);
        Assert.Equal(oracle.Handshakes, unnamed);
        FcpStatus[] expected =
        [
            FcpStatus.InvalidSignature, FcpStatus.ReplayDuplicate, FcpStatus.ReplayTooOld, FcpStatus.UnknownSession, FcpStatus.SeqMismatch,
            FcpStatus.InvalidMagic, FcpStatus.UnsupportedVersion, FcpStatus.LengthMismatch, FcpStatus.EpochOutOfRange,
        ];
        Assert.All(expected, status => Assert.True(oracle.Refusals.GetValueOrDefault(status) > 0, $"{status} did not occur"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 20)]
    [InlineData(3, 100)]
    public void Send_HeavyLoss_RepairsWhatIsLostAndLittleElse(ulong seed, int milliseconds)
    {
        using var duo = new Duo(seed);
        duo.World.Mesh.Latency = TimeSpan.FromMilliseconds(milliseconds);
        duo.Connect();
        duo.AliceToBob.Add(Rules.Drop(0.2));
        byte[] content = duo.Random.Bytes(4 * 1024 * 1024);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(10));
        Assert.True(duo.Alice.Core.FramesSent < TransferTests.Symbols(content.Length) * 1.3, duo.Describe());
    }

    [Fact]
    public void Send_ReorderedWithinTheWindow_LosesAndRepeatsNothing()
    {
        using Duo duo = new Duo(5).Connect();
        duo.AliceToBob.Add(Rules.Jitter(TimeSpan.Zero, TimeSpan.FromMilliseconds(3)));
        byte[] content = duo.Random.Bytes(2 * 1024 * 1024);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(10));
        Assert.Equal(duo.Alice.Core.FramesSent, duo.Bob.Core.FramesAccepted);
        Assert.Equal(TransferTests.Symbols(content.Length), duo.Bob.Core.FramesOpened);
        Assert.True(duo.Alice.Core.FramesSent <= TransferTests.Symbols(content.Length) * 1.02, duo.Describe());
    }

    [Fact]
    public void Send_ControlMessagesAreCorrupted_ConnectionIsMadeAgainAndTheFileArrives()
    {
        using Duo duo = TransferTests.Small(6).Connect();
        Link there = duo.World.Mesh.Streams(duo.Alice, duo.Bob), back = duo.World.Mesh.Streams(duo.Bob, duo.Alice);
        there.Add(Rules.Corrupt(0.05));
        back.Add(Rules.Corrupt(0.05));
        byte[] content = duo.Random.Bytes(2_000_000);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.WaitFor(() => there.Tally.Corrupted + back.Tally.Corrupted > 10, "messages were corrupted");
        there.ClearRules();
        back.ClearRules();
        duo.Arrives(file, content, duo.Bob, TimeSpan.FromMinutes(1));
    }

    /// <summary>Every datagram that arrived was verified or counted under exactly one name, and every verified frame was opened or counted.</summary>
    private static void HoldsTheSum(Duo duo, SimulatedNode at, Link from)
    {
        duo.World.RunFor(TimeSpan.FromSeconds(5)); // nothing is on its way any more
        long unneeded = Unneeded.Sum(status => at.Counters[status]);
        long refused = at.Counters.Snapshot().Sum(static pair => pair.Value) - unneeded;
        Assert.Equal(from.Tally.Arrived, at.Core.DatagramsVerified + refused);
        Assert.Equal(at.Core.FramesAccepted, at.Core.FramesOpened + unneeded);
        Assert.Equal(from.Tally.Sent + from.Tally.Copied, from.Tally.Arrived + from.Tally.Dropped);
    }

    private static DatagramOracle OracleFor(Duo duo, byte[] datagram)
    {
        byte[] zone = new byte[32];
        Fleet.ZoneOf(Duo.Zone).ComputeHash().Value.Write(zone);
        return new DatagramOracle(
            datagram[..16], zone, duo.Bob.Plan.Options.WindowFrames, EpochSchedule.NumberAt(NodeClock.WallStartUnixSeconds).Value);
    }
}
