using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Simulation.Actors;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §7.4], [WIRE §7.5], [WIRE §7.7], [REPLAY §6.3]: who gets a session, and how.</summary>
public sealed class HandshakeTests
{
    [Fact]
    public void Hello_InTheFirstMinutesAfterAStart_NeedsACookie()
    {
        using Duo duo = new Duo(1).Connect();
        Assert.Equal(1, duo.Bob.CountOf(FcpStatus.InvalidCookie));
        duo.World.RunFor(TimeSpan.FromTicks(SessionRules.CookieRequiredTicks) + TimeSpan.FromSeconds(1));
        duo.Alice.Crash();
        duo.Alice.Start();
        duo.WaitFor(() => duo.Alice.Core.StateOf(duo.Bob.Id) == LinkState.Ready, "a session without a cookie");
        Assert.Equal(1, duo.Bob.CountOf(FcpStatus.InvalidCookie));
        duo.Bob.Crash();
        duo.Bob.Start();
        duo.WaitFor(() => duo.Alice.Core.StateOf(duo.Bob.Id) == LinkState.Ready && duo.Bob.Core.StateOf(duo.Alice.Id) == LinkState.Ready, "a session with the new process");
        Assert.Equal(1, duo.Bob.CountOf(FcpStatus.InvalidCookie)); // the new process has asked again
    }

    /// <summary>The answer or the question is lost: the next try is a new handshake, and succeeds.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void Message_OfAHandshakeIsLost_TheNextTrySucceeds(int which, bool isFromBob)
    {
        using var duo = new Duo(2);
        int seen = 0;
        Link link = isFromBob ? duo.World.Mesh.Streams(duo.Bob, duo.Alice) : duo.World.Mesh.Streams(duo.Alice, duo.Bob);
        link.Add(Rules.When(_ => seen++ == which, Rules.Drop(1)));
        duo.Connect();
        Assert.Equal(1, link.Tally.Dropped);
        Assert.True(duo.World.NowTicks > TimeSpan.FromSeconds(1).Ticks, "the first try failed");
        byte[] content = duo.Random.Bytes(10_000);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Hello_OfANodeThatNoOwnerAttested_IsRefusedWithoutAWord()
    {
        using Duo duo = new Duo(3).Connect();
        using var foreign = new Fleet(duo.World, "another owner");
        Member mallory = foreign.Enrol("mallory"), bob = foreign.Enrol("bob");
        foreign.Found(Duo.Zone, AeadAlgorithm.ChaCha20Poly1305, mallory, bob);
        using var peer = new ScriptedPeer(foreign, mallory);
        peer.Greet(duo.Bob);
        duo.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.Null(peer.Session);
        Assert.Single(peer.Messages); // the cookie, which costs nothing and says nothing
        Assert.Null(peer.Connection);
        Assert.Equal(1, duo.Bob.CountOf(FcpStatus.AttestationNodeMismatch));
    }

    [Fact]
    public void Hello_SignedByAnotherKeyThanTheAttestedOne_IsRefused()
    {
        using Duo duo = new Duo(4).Connect();
        using var forged = new Fleet(duo.World, "forger");
        Member alice = forged.Enrol("alice"), bob = forged.Enrol("bob");
        forged.Found(Duo.Zone, AeadAlgorithm.ChaCha20Poly1305, alice, bob);
        using var peer = new ScriptedPeer(forged, alice);
        peer.Greet(duo.Bob);
        duo.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.Null(peer.Session);
        Assert.Equal(1, duo.Bob.CountOf(FcpStatus.InvalidSignature));
        byte[] content = duo.Random.Bytes(10_000); // the real alice is not disturbed
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Hello_AfterTheAttestationExpired_IsRefusedAndToldToTheInitiator()
    {
        var world = new World(5);
        using var fleet = new Fleet(world);
        Member a = fleet.Enrol("alice", TimeSpan.FromMinutes(5)), b = fleet.Enrol("bob");
        fleet.Found(Duo.Zone, AeadAlgorithm.ChaCha20Poly1305, a, b);
        using var bob = new SimulatedNode(fleet, b, new NodePlan());
        using var alice = new SimulatedNode(fleet, a, new NodePlan { ConnectsTo = [bob] });
        bob.Start();
        alice.Start();
        Assert.True(world.RunUntil(() => alice.Core.StateOf(b.Id) == LinkState.Ready, TimeSpan.FromSeconds(10)));
        alice.Crash();
        world.RunFor(TimeSpan.FromMinutes(6));
        alice.Start();
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.NotEqual(LinkState.Ready, alice.Core.StateOf(b.Id));
        Assert.True(bob.CountOf(FcpStatus.AttestationExpired) > 0);
    }

    [Fact]
    public void Ack_OfANodeWhoseAttestationExpired_IsRefusedByName()
    {
        var world = new World(6);
        using var fleet = new Fleet(world);
        Member a = fleet.Enrol("alice"), b = fleet.Enrol("bob", TimeSpan.FromMinutes(5));
        fleet.Found(Duo.Zone, AeadAlgorithm.ChaCha20Poly1305, a, b);
        using var bob = new SimulatedNode(fleet, b, new NodePlan());
        using var alice = new SimulatedNode(fleet, a, new NodePlan { ConnectsTo = [bob] });
        bob.Start();
        world.RunFor(TimeSpan.FromMinutes(6));
        alice.Start();
        world.RunFor(TimeSpan.FromSeconds(30));
        Assert.NotEqual(LinkState.Ready, alice.Core.StateOf(b.Id));
        Assert.Contains((b.Id, FcpStatus.AttestationExpired), alice.Log.FailedHandshakes);
    }

    [Theory]
    [InlineData(119, true)]
    [InlineData(-119, true)]
    [InlineData(125, false)]
    [InlineData(-125, false)]
    public void Hello_FromAClockThatIsWrong_IsTakenWithinTheSkewOnly(int seconds, bool isTaken)
    {
        using var duo = new Duo(7);
        duo.Alice.Clock.Step(TimeSpan.FromSeconds(seconds));
        duo.Start();
        bool isReady = duo.World.RunUntil(() => duo.Alice.Core.StateOf(duo.Bob.Id) == LinkState.Ready, TimeSpan.FromSeconds(20));
        Assert.Equal(isTaken, isReady);
        Assert.Equal(!isTaken, duo.Bob.CountOf(FcpStatus.TimestampSkew) > 0);
        if (isTaken) return;
        duo.Alice.Clock.Step(TimeSpan.FromSeconds(-seconds)); // the clock is put right: the next try succeeds
        duo.Alice.Crash(); // attestations are judged when a process starts: those from the future did not count
        duo.Alice.Start();
        duo.WaitFor(() => duo.Alice.Core.StateOf(duo.Bob.Id) == LinkState.Ready, "a session after the clock was set", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Clock_StepsDuringASession_TheSessionAndItsTransferGoOn()
    {
        using Duo duo = TransferTests.Small(8).Connect();
        byte[] content = duo.Random.Bytes(3_000_000);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.WaitFor(() => file.CompleteBytes > 0, "it is begun");
        duo.Bob.Clock.Step(TimeSpan.FromMinutes(-9)); // backwards: epochs do not follow
        duo.Alice.Clock.Step(TimeSpan.FromMinutes(9)); // forwards, by fewer epochs than are kept
        duo.Arrives(file, content, duo.Bob, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Suite_ThatIsNotMutual_GivesNoSession()
    {
        NodePlan With(NodePlan plan, MacSuite suite) => plan with { Options = plan.Options with { Suites = new SuiteList([suite]), MinSuite = suite } };
        using Duo duo = new Duo(9, plan => With(plan, MacSuite.HmacSha256), plan => With(plan, MacSuite.Blake3)).Start();
        duo.World.RunFor(TimeSpan.FromSeconds(20));
        Assert.NotEqual(LinkState.Ready, duo.Alice.Core.StateOf(duo.Bob.Id));
        Assert.True(duo.Bob.CountOf(FcpStatus.NoMutualSuite) > 1); // tried again, with pauses
        Assert.True(duo.Bob.CountOf(FcpStatus.NoMutualSuite) < 30);
    }

    /// <summary>[WIRE §15]: who is revoked has no session from that moment on, drained ones included, and gets no other.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Attestation_IsRevokedInTheMiddle_TheSessionsEndAndNoOtherIsMade(bool isByBob)
    {
        NodePlan Plan(NodePlan plan) => plan with
        {
            Source = new Storage.SourceOptions(256 * 1024),
            Options = plan.Options with { SessionLimits = Protocol.Replay.SequencerLimits.Default with { SoftFrames = 500 } },
        };
        using Duo duo = new Duo(15, Plan, Plan).Connect();
        OutgoingFile file = duo.Alice.Send("file", duo.Random.Bytes(5_000_000), duo.Bob.Member);
        duo.WaitFor(() => duo.Bob.Core.Rekeys > 0 && file.CompleteBytes > 0, "there is a session that drains, too");
        (SimulatedNode revoking, SimulatedNode revoked) = isByBob ? (duo.Bob, duo.Alice) : (duo.Alice, duo.Bob);
        revoking.Follow(revoked.Member, FcpStatus.InvalidAttestation);
        long verified = revoking.Core.DatagramsVerified;
        duo.World.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(verified, revoking.Core.DatagramsVerified);
        Assert.NotEqual(LinkState.Ready, revoking.Core.StateOf(revoked.Id));
        Assert.Equal(OutgoingFileState.Sending, file.State);
        Assert.True(revoking.CountOf(FcpStatus.InvalidAttestation) > 0);
    }

    [Fact]
    public void Hello_Replayed_MakesNoSession()
    {
        using var duo = new Duo(10);
        var taken = new List<Packet>();
        duo.World.Mesh.Streams(duo.Alice, duo.Bob).Add(Rules.Tap(taken));
        duo.Connect();
        byte[] hello = taken[1].Bytes; // the one with the cookie
        var eve = new Actor(duo.World, "eve");
        eve.Connect(duo.Bob);
        duo.WaitFor(() => eve.Connection is not null, "eve is connected");
        eve.Connection!.Send(isHandshake: true, hello);
        eve.SendDatagram(duo.Bob, hello);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2, duo.Bob.CountOf(FcpStatus.HelloReplayed));
        Assert.Empty(eve.Messages);
        Assert.Empty(eve.Datagrams);
        duo.Bob.Crash(); // and not after a restart, when the table of nonces is empty
        duo.Bob.Start();
        eve.Connect(duo.Bob);
        duo.WaitFor(() => eve.Connection is not null, "eve is connected again");
        eve.Connection!.Send(isHandshake: true, hello);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(duo.Bob.CountOf(FcpStatus.InvalidCookie) >= 2); // alice's first Hello, and this one
        (bool IsHandshake, byte[] Message) retry = Assert.Single(eve.Messages);
        Assert.Equal(0xA4, retry.Message[0]); // a HelloRetry, not an Ack
    }

    [Fact]
    public void Hello_ByDatagram_IsAnsweredByDatagramAndNeverByMore()
    {
        using var duo = new Duo(11);
        var taken = new List<Packet>();
        duo.World.Mesh.Streams(duo.Alice, duo.Bob).Add(Rules.Tap(taken));
        duo.Connect();
        var eve = new Actor(duo.World, "eve");
        eve.SendDatagram(duo.Bob, taken[0].Bytes); // without a cookie
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Packet answer = Assert.Single(eve.Datagrams);
        Assert.True(answer.Bytes.Length <= taken[0].Bytes.Length);
    }

    [Fact]
    public void ZoneKey_OfTheSameIdAndOtherBytes_OpensNothingAndTheNodeLives()
    {
        NodePlan WithWrongKey(NodePlan plan) => plan with { Prepare = static identity => Replace(identity, keepsId: true) };
        using Duo duo = new Duo(12, bob: WithWrongKey).Connect();
        OutgoingFile file = duo.Alice.Send("file", duo.Random.Bytes(10_000), duo.Bob.Member);
        duo.World.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(OutgoingFileState.Sending, file.State);
        Assert.True(duo.Bob.CountOf(FcpStatus.DecryptFailed) > 0);
        Assert.Empty(duo.Bob.Log.Opened);
        Assert.Equal(LinkState.Ready, duo.Alice.Core.StateOf(duo.Bob.Id));
    }

    [Fact]
    public void ZoneKey_OfAnUnknownId_IsRefusedByName()
    {
        NodePlan WithOtherKey(NodePlan plan) => plan with { Prepare = static identity => Replace(identity, keepsId: false) };
        using Duo duo = new Duo(13, bob: WithOtherKey).Connect();
        duo.Alice.Send("file", duo.Random.Bytes(10_000), duo.Bob.Member);
        duo.World.RunFor(TimeSpan.FromSeconds(30));
        Assert.True(duo.Bob.CountOf(FcpStatus.UnknownZoneKey) > 0);
        Assert.Empty(duo.Bob.Log.Opened);
    }

    [Fact]
    public void Zone_ThatTheReceiverIsNoMemberOf_IsRefusedByName()
    {
        var world = new World(14);
        using var fleet = new Fleet(world);
        Member a = fleet.Enrol("alice"), b = fleet.Enrol("bob");
        fleet.Found("z:work", AeadAlgorithm.ChaCha20Poly1305, a, b);
        fleet.Found("z:private", AeadAlgorithm.ChaCha20Poly1305, a);
        using var bob = new SimulatedNode(fleet, b, new NodePlan());
        using var alice = new SimulatedNode(fleet, a, new NodePlan { ConnectsTo = [bob] });
        bob.Start();
        alice.Start();
        Assert.True(world.RunUntil(() => alice.Core.StateOf(b.Id) == LinkState.Ready, TimeSpan.FromSeconds(10)));
        alice.Send("secret", [1, 2, 3], b, "z:private");
        world.RunFor(TimeSpan.FromSeconds(30));
        Assert.True(bob.CountOf(FcpStatus.ZoneIdMismatch) > 0);
        Assert.Empty(bob.Log.Opened);
        byte[] content = [4, 5, 6];
        OutgoingFile shared = alice.Send("shared", content, b, "z:work");
        Assert.True(world.RunUntil(() => shared.State == OutgoingFileState.Completed, TimeSpan.FromSeconds(5)));
        Assert.Equal(content, bob.Disk.Files.Single().Value);
    }

    /// <summary>Puts a ring with a zone key of its own in the place of the right one.</summary>
    private static void Replace(NodeIdentity identity, bool keepsId)
    {
        ZoneEntry entry = identity.Zones.Zones.Single();
        ZoneKey right = entry.Ring.ZoneKeys.Single();
        Span<byte> secret = stackalloc byte[32];
        identity.Crypto.Random.Fill(secret);
        var ring = new ZoneKeyRing(entry.Ring.Zone);
        var wrong = new ZoneKey(
            keepsId ? right.Id : new ZoneKeyId(Bytes8.Read(secret)), right.Algorithm, identity.Crypto.Vault.Import(secret), 0);
        ring.Install(wrong, new ObjectIdKey(new ObjectIdKeyId(Bytes8.Read(secret)), identity.Crypto.Vault.Import(secret)), 300, 2, NodeClock.WallStartUnixSeconds);
        identity.Zones.Set(entry with { Ring = ring });
    }
}
