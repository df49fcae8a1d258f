using System;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Nodes;

namespace FcpFast.Simulation.Tests.Support;

/// <summary>Alice and bob, members of one zone, and a relay between them that both connect to.</summary>
internal sealed class Trio : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public Trio(
        ulong seed, Func<NodeOptions, NodeOptions>? ofAll = null, Func<NodeOptions, NodeOptions>? ofRelay = null, NodePlan? plan = null)
    {
        World = new World(seed);
        Fleet = new Fleet(World);
        Member alice = Fleet.Enrol("alice"), bob = Fleet.Enrol("bob"), relay = Fleet.Enrol("relay", isRelay: true);
        Carol = Fleet.Enrol("carol");
        Fleet.Found(Duo.Zone, AeadAlgorithm.ChaCha20Poly1305, alice, bob, Carol);
        var zone = Fleets.Fleet.ZoneOf(Duo.Zone);
        plan ??= new NodePlan();
        plan = plan with { Options = ofAll?.Invoke(plan.Options) ?? plan.Options };
        RelayRoute[] routes = [new(zone, alice.Id, [bob.Id]), new(zone, bob.Id, [alice.Id])];
        NodeOptions relaying = plan.Options with { Routes = routes };
        Relay = new SimulatedNode(Fleet, relay, plan with { Options = ofRelay?.Invoke(relaying) ?? relaying });
        var source = new Storage.SourceOptions(256 * 1024);
        Alice = new SimulatedNode(Fleet, alice, plan with { ConnectsTo = [Relay], Source = source });
        Bob = new SimulatedNode(Fleet, bob, plan with { ConnectsTo = [Relay], Source = source });
        Relay.Start();
        Alice.Start();
        Bob.Start();
        Ready();
    }

    public World World { get; }

    public Fleet Fleet { get; }

    /// <summary>A third member of the zone, without a node.</summary>
    public Member Carol { get; }

    public SimulatedNode Alice { get; }

    public SimulatedNode Relay { get; }

    public SimulatedNode Bob { get; }

    public void Ready() => Assert.True(
        World.RunUntil(
            () => new[] { Alice, Bob }.All(node => node.Core.StateOf(Relay.Id) == LinkState.Ready && Relay.Core.StateOf(node.Id) == LinkState.Ready), Minute),
        World.Trace.Tail());

    public void Completes(OutgoingFile file) => Assert.True(
        World.RunUntil(() => file.State == OutgoingFileState.Completed, Minute),
        $"{file.Name} is {file.State}\n{Describe()}\n{World.Trace.Tail()}");

    public string Describe() => string.Join('\n', new[] { Alice, Relay, Bob }.Select(static node => $"{node.Name}: {node.DescribeRefusals()}"));

    public void Dispose()
    {
        Alice.Dispose();
        Bob.Dispose();
        Relay.Dispose();
        Fleet.Dispose();
    }
}
