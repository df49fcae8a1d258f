using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Control.Attestations;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>Records between running nodes: pushed, asked for, passed on by relays, and never in circles. [WIRE §12.2]</summary>
public sealed class RecordExchangeTests
{
    private const ulong Now = TestZone.Now;
    private static readonly ZoneId Zone = OwnedFleet.Zone;

    [Fact]
    public void Take_NewsAtOneNode_ReachesEveryMemberThroughARelay()
    {
        using var fleet = new OwnedFleet("alice", "bob", "between");
        AttestAsRelay(fleet, "between");
        fleet.CreateZone(null, "alice", "bob");
        var mesh = new Mesh(fleet);
        mesh.Connect("alice", "between", Now);
        mesh.Connect("between", "bob", Now);
        mesh.Deliver(Now + 10);
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, Now + 10, out ControlRecord rotation));
        mesh["alice"].Take(rotation, Now + 10);
        int messages = mesh.Deliver(Now + 10);
        Assert.InRange(messages, 2, 4); // to the relay, and on; nothing circles
        Assert.Equal(fleet["alice"].Zones[Zone].State.Current!.ZoneKeyId, fleet["bob"].Zones[Zone].State.Current!.ZoneKeyId);
        Assert.True(fleet["bob"].Zones[Zone].State.Current!.HasKeys);
        Assert.Empty(fleet["between"].Zones[Zone].Ring.ZoneKeys); // it passes on what it cannot open
        Assert.Equal(0, mesh.Deliver(Now + 11));
    }

    /// <summary>What a peer may cost in a minute does not begin anew with each session that it opens.</summary>
    [Fact]
    public void Receive_ForgeriesOverManySessions_AreCountedTogether()
    {
        using var fleet = new OwnedFleet("alice", "mallory");
        var mesh = new Mesh(fleet);
        NodeId mallory = TestZone.NodeOf("mallory");
        byte[] nonsense = new byte[40];
        for (int i = 0; i < RecordExchange.RefusalsMax; i++)
        {
            if (i % 10 == 0) mesh.Disconnect("alice", "mallory");
            if (i % 10 == 0) mesh.Connect("alice", "mallory", Now);
            Assert.Equal(FcpStatus.UnknownSchema, mesh["alice"].Receive(mallory, nonsense, Now));
        }

        mesh.Disconnect("alice", "mallory");
        mesh.Tick(Now + 30);
        mesh.Connect("alice", "mallory", Now + 30);
        Assert.Equal(FcpStatus.RecordBudgetExceeded, mesh["alice"].Receive(mallory, nonsense, Now + 59));
        Assert.Equal(FcpStatus.UnknownSchema, mesh["alice"].Receive(mallory, nonsense, Now + 60));
    }

    /// <summary>Requests have a budget too, and what a peer asks for that does not exist is not remembered.</summary>
    [Fact]
    public void Receive_RequestsForZonesThatAreMadeUp_EndAtTheBudget()
    {
        using var fleet = new OwnedFleet("alice", "mallory");
        var mesh = new Mesh(fleet);
        NodeId mallory = TestZone.NodeOf("mallory");
        mesh.Connect("alice", "mallory", Now);
        var writer = new CborWriter();
        for (int i = 0; i < RecordExchange.IdleMax; i++)
        {
            new ManifestRequest(TestZone.ZoneOf($"z:made-up-{i}"), null).Write(writer.Reset());
            Assert.Equal(FcpStatus.Accepted, mesh["alice"].Receive(mallory, writer.ToArray(), Now));
        }

        Assert.Equal(FcpStatus.RecordBudgetExceeded, mesh["alice"].Receive(mallory, writer.ToArray(), Now));
    }

    [Fact]
    public void Connect_AfterTenRotationsOffline_CatchesUp()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(null, "alice", "bob");
        var mesh = new Mesh(fleet);
        ulong now = Now;
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, now += 20, out ControlRecord rotation));
            mesh["alice"].Take(rotation, now);
        }

        mesh.Connect("alice", "bob", now);
        mesh.Deliver(now);
        Assert.Equal(fleet["alice"].Zones[Zone].State.Current!.Digest, fleet["bob"].Zones[Zone].State.Current!.Digest);
    }

    [Fact]
    public void Receive_ANewerManifestFirst_AsksForWhatIsBetween()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(null, "alice", "bob");
        var mesh = new Mesh(fleet);
        mesh.Connect("alice", "bob", Now);
        mesh.Deliver(Now);
        mesh.Cut = true;
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, Now + 10, out ControlRecord lost));
        mesh["alice"].Take(lost, Now + 10);
        mesh.Deliver(Now + 10);
        mesh.Cut = false;
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, Now + 20, out ControlRecord next));
        mesh["alice"].Take(next, Now + 20);
        mesh.Deliver(Now + 20);
        Assert.Equal(fleet["alice"].Zones[Zone].State.Current!.Digest, fleet["bob"].Zones[Zone].State.Current!.Digest);
    }

    [Fact]
    public void Connect_ANewcomer_LearnsItsZoneAndItsPeers()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(null, "alice", "bob");
        fleet.MakeNode("carol");
        foreach (ControlRecord record in fleet.Owner.Export([])) fleet["alice"].Take(record, Now);
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Add(Zone, TestZone.NodeOf("carol"), readsPast: true, Now + 1, out ControlRecord rewrap));
        fleet["alice"].Take(rewrap, Now + 1);
        var mesh = new Mesh(fleet);
        mesh.Connect("alice", "carol", Now + 2);
        mesh.Deliver(Now + 2);
        Assert.True(fleet["carol"].Zones[Zone].State.Current!.HasKeys);
        Assert.Contains(TestZone.NodeOf("bob"), fleet["carol"].Attestations.Nodes);
    }

    [Fact]
    public void Take_ARevocation_IsPassedOnAndTellsThatPeersChanged()
    {
        using var fleet = new OwnedFleet("alice", "bob", "carol");
        fleet.CreateZone(null, "alice", "bob", "carol");
        var mesh = new Mesh(fleet);
        mesh.Connect("alice", "bob", Now);
        mesh.Deliver(Now);
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Revoke(TestZone.NodeOf("carol"), RevocationReason.Lost, Now + 1, out IReadOnlyList<ControlRecord> records));
        foreach (ControlRecord record in records) mesh["alice"].Take(record, Now + 1);
        mesh.Deliver(Now + 1);
        Assert.True(fleet["bob"].Revocations.IsRevoked(fleet["carol"].Keys.Public.Signing));
        Assert.Equal(1, mesh.PeersChanged("bob"));
        Assert.DoesNotContain(TestZone.NodeOf("carol"), fleet["bob"].Zones[Zone].State.Members);
    }

    [Fact]
    public void Receive_ManyForgeries_IsNotListenedToForAWhile()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(null, "alice", "bob");
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, Now, out ControlRecord good));
        byte[] forged = good.Payload.ToArray();
        forged[^1] ^= 1;
        var mesh = new Mesh(fleet);
        mesh.Connect("alice", "bob", Now);
        mesh.Deliver(Now);
        NodeId bob = TestZone.NodeOf("bob");
        string before = fleet.Stored("alice");
        for (int i = 0; i < RecordExchange.RefusalsMax; i++) Assert.NotEqual(FcpStatus.RecordBudgetExceeded, mesh["alice"].Receive(bob, forged, Now + 1));
        Assert.Equal(before, fleet.Stored("alice"));
        Assert.Equal(FcpStatus.RecordBudgetExceeded, mesh["alice"].Receive(bob, good.Payload, Now + 1));
        Assert.Equal(FcpStatus.Accepted, mesh["alice"].Receive(bob, good.Payload, Now + 61));
    }

    private static void AttestAsRelay(OwnedFleet fleet, string name)
    {
        Assert.Equal(FcpStatus.Accepted, fleet[name].Request([], false, Now + 1, out ControlRecord request));
        ImmutableArray<string> tags = [PeerIdentity.RelayTag];
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Attest(request.Cbor.Span, tags, 3600, Now + 1, out NodeKeyAttestation? attestation));
        fleet.Carry([ControlRecord.Of(RecordKind.Attestation, attestation!.Encoded.Span)], Now + 1);
    }
}
