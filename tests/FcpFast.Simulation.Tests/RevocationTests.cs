using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Nodes;

namespace FcpFast.Simulation.Tests;

/// <summary>Issue 5: a revoked node's sessions close within a second of the list being stored anywhere near, by a clock that no machine can slow down.</summary>
public sealed class RevocationTests
{
    private static readonly TimeSpan Flush = TimeSpan.FromMilliseconds(100);

    /// <summary>Mallory has a session with the node where the list is stored, with that node's neighbour, and with the neighbour's neighbour.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void List_StoredAtOneNode_EndsSessionsWithinASecondTwoHopsAway(ulong seed)
    {
        var world = new World(seed);
        using var fleet = new Fleet(world);
        Member mallory = fleet.Enrol("mallory");
        Member[] members = [fleet.Enrol("first"), fleet.Enrol("second"), fleet.Enrol("third")];
        fleet.Found("z:work", AeadAlgorithm.ChaCha20Poly1305, [mallory, .. members]);
        ControlPlane[] controls = [.. members.Select(member => new ControlPlane(fleet, member, Flush))];
        var nodes = new List<SimulatedNode>();
        for (int i = 0; i < members.Length; i++) nodes.Add(new SimulatedNode(fleet, members[i], new NodePlan { Control = controls[i], ConnectsTo = [.. nodes.TakeLast(1)] }));
        using var revoked = new SimulatedNode(fleet, mallory, new NodePlan { ConnectsTo = nodes });
        foreach (SimulatedNode node in nodes) node.Start();
        revoked.Start();
        Assert.True(world.RunUntil(() => nodes.All(node => node.Core.StateOf(mallory.Id) == LinkState.Ready), TimeSpan.FromSeconds(20)), world.Trace.Tail());
        world.RunFor(TimeSpan.FromSeconds(3)); // what they ask each other on connecting is answered
        var list = ControlRecord.Of(RecordKind.Revocations, fleet.Revoke(1, RevocationReason.Compromised, mallory).Encoded.Span);
        long storedTicks = 0;
        controls[0].Take(list, status =>
        {
            Assert.Equal(FcpStatus.Accepted, status);
            storedTicks = world.NowTicks;
        });
        Assert.True(world.RunUntil(() => storedTicks > 0, TimeSpan.FromSeconds(1)));
        foreach ((SimulatedNode node, ControlPlane control) in nodes.Zip(controls))
        {
            bool isEnded = world.RunUntil(() => node.Core.StateOf(mallory.Id) == LinkState.Down, TimeSpan.FromSeconds(5));
            TimeSpan after = TimeSpan.FromTicks(world.NowTicks - storedTicks);
            Assert.True(isEnded && after <= TimeSpan.FromSeconds(1), $"seed {seed}: {node.Name} ended its session after {after}\n{world.Trace.Tail()}");
            Assert.True(control.HasRevoked(mallory));
        }

        world.RunFor(TimeSpan.FromSeconds(30)); // however often mallory comes again
        Assert.All(nodes, node => Assert.Equal(LinkState.Down, node.Core.StateOf(mallory.Id)));
        Assert.All(nodes, node => Assert.True(node.ControlCounters[FcpStatus.AttestationRevoked] > 0));
        Assert.All(nodes.Skip(1), node => Assert.Equal(LinkState.Ready, node.Core.StateOf(members[0].Id) == LinkState.Ready ? LinkState.Ready : node.Core.StateOf(members[1].Id)));
        foreach (SimulatedNode node in nodes) node.Dispose();
        foreach (ControlPlane control in controls) control.Dispose();
    }
}
