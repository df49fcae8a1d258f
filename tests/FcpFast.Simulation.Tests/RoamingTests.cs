using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Wire;
using FcpFast.Simulation.Actors;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §8] (return path): a session follows its peer to another address, and nobody else can send it anywhere.</summary>
public sealed class RoamingTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The attacker is on the path and fast: alice's fresh frames reach bob from a victim's address, before or instead of the right ones. Bob, who
    /// sends alice a file, goes on sending it to alice, and the victim gets no more than three times what came in its name.
    /// </summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 50)]
    [InlineData(false, 1)]
    [InlineData(false, 50)]
    public void Frames_SentAgainFromAVictimsAddress_DoNotRedirectTheFlow(bool isInsteadOfTheRightOnes, int every)
    {
        using Duo duo = new Duo(1).Connect();
        duo.World.RunFor(TimeSpan.FromSeconds(2)); // a path is tried at another address at most once a second
        var victim = new Actor(duo.World, "victim");
        Link attack = duo.World.Mesh.Datagrams(victim, duo.Bob);
        long sentInItsName = 0;
        int seen = 0;
        duo.AliceToBob.Add(Rules.When(_ => seen++ % every == 0, Rules.Rewrite(bytes =>
        {
            duo.World.Mesh.InjectDatagram(attack, victim.Address, duo.Bob.Address, bytes);
            sentInItsName += bytes.Length;
            return isInsteadOfTheRightOnes ? null : bytes;
        })));
        attack.Latency = TimeSpan.FromTicks(1); // it overtakes the right one
        byte[] there = duo.Random.Bytes(1_000_000), back = duo.Random.Bytes(4_000_000);
        OutgoingFile toBob = duo.Alice.Send("there", there, duo.Bob.Member), toAlice = duo.Bob.Send("back", back, duo.Alice.Member);
        duo.WaitFor(() => toAlice.State == OutgoingFileState.Completed, "the file to alice", Minute);
        duo.World.RunFor(TimeSpan.FromSeconds(30));
        long received = victim.Datagrams.Sum(static packet => (long)packet.Bytes.Length);
        Assert.True(sentInItsName > 0);
        Assert.True(received > 0, "the attack was not noticed at all");
        Assert.True(received <= 3 * sentInItsName, $"the victim got {received} bytes for {sentInItsName}");
        Assert.All(victim.Datagrams, static packet => Assert.True(packet.Bytes.Length < 200, "data went to the victim"));
        Assert.Equal(back, duo.Alice.Disk.Files["back"]);
        duo.AliceToBob.ClearRules();
        duo.Arrives(toBob, there, duo.Bob, Minute);
    }

    /// <summary>An attacker who also answers in the victim's place has no session key: its echoes prove nothing.</summary>
    [Fact]
    public void Probe_SentBackByWhoHasNoKey_ProvesNothing()
    {
        using Duo duo = new Duo(2).Connect();
        duo.World.RunFor(TimeSpan.FromSeconds(2));
        var eve = new Actor(duo.World, "eve");
        Link attack = duo.World.Mesh.Datagrams(eve, duo.Bob);
        attack.Latency = TimeSpan.FromTicks(1);
        duo.AliceToBob.Add(Rules.Rewrite(bytes =>
        {
            duo.World.Mesh.InjectDatagram(attack, eve.Address, duo.Bob.Address, bytes);
            return bytes;
        }));
        byte[] there = duo.Random.Bytes(500_000), back = duo.Random.Bytes(500_000);
        OutgoingFile a = duo.Alice.Send("there", there, duo.Bob.Member), b = duo.Bob.Send("back", back, duo.Alice.Member);
        duo.Arrives(a, there, duo.Bob, Minute);
        duo.World.RunFor(TimeSpan.FromSeconds(2));
        List<Packet> probes = [.. eve.Datagrams];
        Assert.NotEmpty(probes);
        foreach (Packet probe in probes)
        {
            eve.SendDatagram(duo.Bob, probe.Bytes); // as it came: reflected
            byte[] echo = (byte[])probe.Bytes.Clone();
            echo[DatagramLayout.HeaderBytes + 6] |= 0x08; // RESPONSE, but under no MAC of alice's
            eve.SendDatagram(duo.Bob, echo);
        }

        duo.AliceToBob.ClearRules();
        byte[] more = duo.Random.Bytes(500_000);
        int before = eve.Datagrams.Count(static packet => packet.Bytes.Length > 200);
        duo.Arrives(b, back, duo.Alice, Minute);
        duo.Arrives(duo.Bob.Send("more", more, duo.Alice.Member), more, duo.Alice, Minute);
        Assert.Equal(before, eve.Datagrams.Count(static packet => packet.Bytes.Length > 200));
        Assert.Equal(0, before);
    }

    /// <summary>A NAT gives alice another address in the middle of what she sends and gets: the session goes on, without a handshake.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nat_MovesThePeer_TheSessionFollows(bool peerSends)
    {
        using var duo = new Duo(3);
        NetAddress outside = duo.World.Mesh.NewAddress();
        duo.World.Mesh.Attach(duo.Alice, outside);
        duo.AliceToBob.Add(Rules.Translate(() => outside));
        duo.Connect();
        byte[] content = duo.Random.Bytes(6_000_000);
        (Nodes.SimulatedNode from, Nodes.SimulatedNode to) = peerSends ? (duo.Alice, duo.Bob) : (duo.Bob, duo.Alice);
        OutgoingFile file = from.Send("file", content, to.Member);
        duo.WaitFor(() => file.CompleteBytes > 1_000_000, "it is under way");
        int links = duo.Alice.Log.Links.Count + duo.Bob.Log.Links.Count;
        duo.World.Mesh.Detach(outside); // nothing reaches alice by the old one any more
        outside = duo.World.Mesh.NewAddress();
        duo.World.Mesh.Attach(duo.Alice, outside);
        duo.Arrives(file, content, to, TimeSpan.FromSeconds(30));
        Assert.Equal(links, duo.Alice.Log.Links.Count + duo.Bob.Log.Links.Count);
        Assert.Equal(0, duo.Alice.Core.Rekeys);
        Assert.Equal(LinkState.Ready, duo.Bob.Core.StateOf(duo.Alice.Id));
    }
}
