using System;
using System.Collections.Generic;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>A node that is one shard of several: what is its own, and what is another's.</summary>
public sealed class ShardTests
{
    private const int Shards = 8;

    /// <summary>[WIRE §7.6]: the responder draws the id, each time anew, so that the session's datagrams come to the shard.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(7)]
    public void Sessions_OfAShard_LeadToItAfterEachRekeyToo(int shard)
    {
        var seat = new LoneShard(shard, Shards);
        using Duo duo = new Duo(11, Rekeying, plan => Rekeying(OneOf(seat)(plan))).Connect();
        var seen = new HashSet<SessionId>();
        for (ulong i = 0; i < 8; i++)
        {
            byte[] content = duo.Random.Bytes(300_000);
            duo.Arrives(duo.Alice.Send($"file-{i}", content, duo.Bob.Member), content, duo.Bob);
            seen.UnionWith(seat.Open);
            SessionId current = duo.Bob.Core.DescribePeers()[0].Session!.Value;
            Assert.Contains(current, seat.Open);
        }

        Assert.True(seen.Count >= 3, "sessions were replaced");
        Assert.All(seen, id => Assert.Equal(shard, SessionSteering.ShardOf(id, Shards)));
        Assert.Equal(duo.Bob.Core.SessionCount, seat.Open.Count);
    }

    /// <summary>An Ack names the id: one that another shard has is refused, as it is where there is one shard.</summary>
    [Fact]
    public void Ack_WithTheIdOfAnotherShardsSession_IsRefusedAndTheNextOneServes()
    {
        var seat = new LoneShard(1, Shards);
        using Duo duo = new Duo(12, OneOf(seat)).Start();
        seat.RefusesOnce = true;
        duo.WaitFor(() => duo.Alice.Core.StateOf(duo.Bob.Id) == LinkState.Ready, "the link is ready all the same");
        Assert.False(seat.RefusesOnce);
        Assert.True(duo.Alice.Core.ControlCounters[FcpStatus.PeerTableFull] >= 1, "the first was refused");
    }

    /// <summary>Frames of a session that this node initiated go out from its own port; those of a session that it answered do not.</summary>
    [Fact]
    public void FillDatagrams_OfBothRoles_NameThePortOfTheSession()
    {
        using Duo duo = new Duo(13, OneOf(new LoneShard(1, Shards)), OneOf(new LoneShard(2, Shards))).Connect();
        byte[] there = duo.Random.Bytes(100_000), back = duo.Random.Bytes(100_000);
        duo.Arrives(duo.Alice.Send("there", there, duo.Bob.Member), there, duo.Bob);
        duo.Arrives(duo.Bob.Send("back", back, duo.Alice.Member), back, duo.Alice);
        Assert.Equal((true, duo.Bob.Address), (duo.Alice.LastRoute.IsFromOwnPort, duo.Alice.LastRoute.To));
        Assert.Equal((false, duo.Alice.Address), (duo.Bob.LastRoute.IsFromOwnPort, duo.Bob.LastRoute.To));
    }

    /// <summary>A Hello datagram of a peer that another shard owns goes there unanswered; what does not fit there is counted.</summary>
    [Fact]
    public void HelloDatagram_OfAnotherShardsPeer_IsPassedOnAndAnsweredThere()
    {
        var seat = new LoneShard(0, 2, "alice");
        using Duo duo = new Duo(14, bob: OneOf(seat)).Connect();
        byte[] hello = Hello("alice", duo);
        NetAddress from = NetAddress.IPv4([192, 0, 2, 9], 4000);
        Instant now = duo.Bob.Clock.Read();
        duo.Bob.Core.ReceivedDatagrams([.. hello], hello.Length, from, now);
        (byte[] passedOn, NetAddress sender) = Assert.Single(seat.PassedOn);
        Assert.Equal(hello, passedOn);
        Assert.Equal(from, sender);
        byte[] slab = new byte[65536];
        Assert.Equal(0, AnswersTo(duo, from, slab));
        seat.HasRoom = false;
        duo.Bob.Core.ReceivedDatagrams([.. hello], hello.Length, from, now);
        Assert.Equal(1, duo.Bob.Core.Counters[FcpStatus.HelloBudgetExceeded]);
        duo.Bob.Core.ReceivedHello(hello, from, now); // as the owner gets it
        int bytes = AnswersTo(duo, from, slab);
        Assert.Equal(FcpStatus.Accepted, HelloRetryMessage.Parse(slab.AsSpan(0, bytes), out _));
    }

    private static int AnswersTo(Duo duo, NetAddress from, byte[] slab)
    {
        for (int bytes; (bytes = duo.Bob.Core.FillDatagrams(slab, 64, duo.Bob.Clock.Read(), out _, out DatagramRoute to)) > 0;)
        {
            if (to.To != from) continue;
            Assert.False(to.IsFromOwnPort, "from the address that was asked");
            return bytes;
        }

        return 0;
    }

    private static byte[] Hello(string from, Duo duo)
    {
        var hello = new HelloMessage
        {
            From = System.Text.Encoding.ASCII.GetBytes(from),
            To = "bob"u8,
            EphemeralKey = new byte[CryptoSizes.KeyBytes],
            Nonce = new byte[SessionRules.NonceBytes],
            TimestampUnixSeconds = duo.Bob.Clock.Read().UnixSeconds,
            Suites = new SuiteList([MacSuite.Blake3]),
            Signature = new byte[CryptoSizes.SignatureBytes],
        };
        var writer = new Protocol.Cbor.CborWriter(512);
        hello.Write(writer);
        return writer.ToArray();
    }

    private static Func<NodePlan, NodePlan> OneOf(LoneShard seat) => plan => plan with
    {
        NewCore = (parts, options, now) => new NodeCore<LibsodiumAead, PortableMac>(parts with { Shards = seat }, options, now),
    };

    private static NodePlan Rekeying(NodePlan plan) =>
        plan with { Options = plan.Options with { SessionLimits = SequencerLimits.Default with { SoftFrames = 300 } } };
}
