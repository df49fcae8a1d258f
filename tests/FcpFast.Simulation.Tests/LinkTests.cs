using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Simulation.Actors;
using FcpFast.Simulation.Links;

namespace FcpFast.Simulation.Tests;

/// <summary>The network of the simulation: a test is worth what its network does is worth.</summary>
public sealed class LinkTests
{
    private const int Packets = 10_000;

    [Fact]
    public void Send_NoRules_ArrivesInOrderAfterTheLatency()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        link.Latency = TimeSpan.FromMilliseconds(7);
        from.SendDatagram(to, BitConverter.GetBytes(-1));
        Assert.False(world.RunUntil(() => to.Datagrams.Count > 0, TimeSpan.FromMilliseconds(6.9999)));
        Assert.True(world.RunUntil(() => to.Datagrams.Count > 0, TimeSpan.FromMilliseconds(0.0001)));
        SendNumbered(world, from, to);
        Assert.Equal(Enumerable.Range(-1, Packets + 1), Numbers(to));
        Assert.Equal((Packets + 1, Packets + 1, 0), (link.Tally.Sent, link.Tally.Arrived, link.Tally.Dropped));
    }

    [Fact]
    public void Drop_AShare_LosesAboutThatShareAndCountsIt()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        link.Add(Rules.Drop(0.2));
        SendNumbered(world, from, to);
        Assert.InRange(link.Tally.Dropped, Packets * 0.18, Packets * 0.22);
        Assert.Equal(Packets, link.Tally.Dropped + to.Datagrams.Count);
    }

    [Fact]
    public void Duplicate_AShare_MakesEqualCopies()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        link.Add(Rules.Duplicate(0.2));
        SendNumbered(world, from, to);
        Assert.InRange(link.Tally.Copied, Packets * 0.18, Packets * 0.22);
        Assert.Equal(Packets + link.Tally.Copied, to.Datagrams.Count);
        Assert.All(to.Datagrams.GroupBy(static packet => packet.Number), static twins =>
            Assert.All(twins, twin => Assert.Equal(twins.First().Bytes, twin.Bytes)));
        Assert.Equal(link.Tally.Copied, to.Datagrams.Count(static packet => packet.IsCopy));
    }

    [Fact]
    public void Corrupt_AShare_ChangesOneByteOfItsOwn()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        var before = new List<Packet>();
        link.Add(Rules.Tap(before), Rules.Corrupt(0.1));
        SendNumbered(world, from, to);
        Assert.InRange(link.Tally.Corrupted, Packets * 0.08, Packets * 0.12);
        foreach ((Packet sent, Packet arrived) in before.Zip(to.Datagrams))
        {
            int changed = sent.Bytes.Zip(arrived.Bytes).Count(static pair => pair.First != pair.Second);
            Assert.Equal(arrived.IsCorrupted ? 1 : 0, changed);
        }
    }

    [Fact]
    public void Reorder_AShare_IsOvertakenByAtMostSoManyAndLosesNothing()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        link.Add(Rules.Reorder(0.1, 1000));
        SendNumbered(world, from, to);
        int[] order = Numbers(to);
        Assert.InRange(link.Tally.Held, Packets * 0.08, Packets * 0.12);
        Assert.Equal(Enumerable.Range(0, Packets), order.Order());
        int worst = 0, highest = -1;
        for (int i = 0; i < order.Length; i++)
        {
            highest = Math.Max(highest, order[i]);
            worst = Math.Max(worst, highest - order[i]);
        }

        Assert.InRange(worst, 900, 1000);
    }

    [Fact]
    public void Jitter_Bounds_AreKept()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        link.Latency = TimeSpan.Zero;
        link.Add(Rules.Jitter(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(4)));
        from.SendDatagram(to, [1]);
        Assert.False(world.RunUntil(() => to.Datagrams.Count > 0, TimeSpan.FromMilliseconds(1.9)));
        Assert.True(world.RunUntil(() => to.Datagrams.Count > 0, TimeSpan.FromMilliseconds(2.2)));
    }

    [Fact]
    public void Bottleneck_MoreThanItsRate_CarriesTheRateAndLosesTheRest()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        link.Add(Rules.Bottleneck(1e6, 20_000));
        for (int i = 0; i < 2000; i++)
        {
            world.At(i * TimeSpan.FromMilliseconds(0.5).Ticks, () => from.SendDatagram(to, new byte[1000])); // twice the rate, for a second
        }

        world.RunFor(TimeSpan.FromSeconds(5));
        Assert.InRange(to.Datagrams.Count, 1000, 1025);
        Assert.Equal(2000, to.Datagrams.Count + link.Tally.Dropped);
    }

    [Fact]
    public void When_ACondition_SparesTheOthers()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        link.Add(Rules.When(static packet => packet.Bytes[0] % 2 == 0, Rules.Drop(1)));
        SendNumbered(world, from, to);
        Assert.Equal(Packets / 2, to.Datagrams.Count);
        Assert.All(Numbers(to), static number => Assert.Equal(1, number % 2));
    }

    [Fact]
    public void Part_DatagramsAndConnections_LosesTheOnesAndKeepsTheOthers()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        Open(world, from, to);
        world.Mesh.Part(from, to);
        from.SendDatagram(to, [1]);
        Assert.True(from.Connection!.Send(isHandshake: false, [2]));
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Empty(to.Datagrams);
        Assert.Empty(to.Messages);
        world.Mesh.Heal(from, to);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(to.Datagrams);
        Assert.Equal([2], Assert.Single(to.Messages).Message);
        Assert.Equal(1, link.Tally.Dropped);
    }

    [Fact]
    public void Connection_Messages_KeepTheirOrderWhateverTheirDelays()
    {
        (World world, Actor from, Actor to, _) = Pair();
        Open(world, from, to);
        world.Mesh.Streams(from, to).Add(Rules.Jitter(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)));
        for (byte i = 0; i < 100; i++) from.Connection!.Send(isHandshake: i % 2 == 0, [i]);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(Enumerable.Range(0, 100), to.Messages.Select(static message => (int)message.Message[0]));
        Assert.All(to.Messages, static message => Assert.Equal(message.Message[0] % 2 == 0, message.IsHandshake));
    }

    [Fact]
    public void Connection_MoreThanItHoldsWhileCut_Ends()
    {
        (World world, Actor from, Actor to, _) = Pair();
        Open(world, from, to);
        world.Mesh.Part(from, to);
        StreamEnd end = from.Connection!;
        for (int i = 0; i < StreamEnd.OutboundMessagesMax; i++) Assert.True(end.Send(isHandshake: false, [1]));
        Assert.False(end.Send(isHandshake: false, [1]));
        Assert.False(end.IsOpen);
        world.Mesh.Heal(from, to);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(StreamEnd.OutboundMessagesMax, to.Messages.Count);
        Assert.Null(to.Connection);
    }

    [Fact]
    public void Connect_NobodyListensOrThePathIsCut_IsRefused()
    {
        (World world, Actor from, Actor to, _) = Pair();
        to.IsListening = false;
        from.Connect(to);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(1, from.RefusalCount);
        to.IsListening = true;
        world.Mesh.Part(from, to);
        from.Connect(to);
        world.RunFor(TimeSpan.FromSeconds(9));
        Assert.Equal(1, from.RefusalCount);
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(2, from.RefusalCount);
        Assert.Null(from.Connection);
    }

    [Fact]
    public void Break_AConnection_TellsBothEnds()
    {
        (World world, Actor from, Actor to, _) = Pair();
        Open(world, from, to);
        world.Mesh.Break(to, from);
        Assert.Null(from.Connection);
        Assert.Null(to.Connection);
    }

    [Fact]
    public void Spoof_AnotherAddress_ArrivesAsIfFromThere()
    {
        (World world, Actor from, Actor to, Link link) = Pair();
        var other = new Actor(world, "other");
        from.Spoof(other, to, [9]);
        world.RunFor(TimeSpan.FromSeconds(1));
        Packet packet = Assert.Single(to.Datagrams);
        Assert.Equal(other.Address, packet.From);
        Assert.Equal((0, 1, 1), (link.Tally.Sent, link.Tally.Injected, link.Tally.ArrivedInjected));
    }

    private static (World World, Actor From, Actor To, Link Link) Pair()
    {
        var world = new World(1);
        Actor from = new(world, "from"), to = new(world, "to") { IsListening = true };
        return (world, from, to, world.Mesh.Datagrams(from, to));
    }

    private static void Open(World world, Actor from, Actor to)
    {
        from.Connect(to);
        Assert.True(world.RunUntil(() => from.Connection is not null, TimeSpan.FromSeconds(1)));
    }

    private static void SendNumbered(World world, Actor from, Actor to)
    {
        for (int i = 0; i < Packets; i++)
        {
            int number = i;
            world.At(world.NowTicks + (i * 10), () => from.SendDatagram(to, BitConverter.GetBytes(number)));
        }

        world.RunFor(TimeSpan.FromSeconds(1));
    }

    private static int[] Numbers(Actor at) => [.. at.Datagrams.Select(static packet => BitConverter.ToInt32(packet.Bytes))];
}
