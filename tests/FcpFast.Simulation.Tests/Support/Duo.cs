using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;

namespace FcpFast.Simulation.Tests.Support;

/// <summary>Two nodes of one zone: alice, who opens the session, and bob.</summary>
internal sealed class Duo : IDisposable
{
    public const string Zone = "z:work";

    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public Duo(
        ulong seed, Func<NodePlan, NodePlan>? alice = null, Func<NodePlan, NodePlan>? bob = null, AeadAlgorithm algorithm = AeadAlgorithm.ChaCha20Poly1305,
        bool hasCarol = false)
    {
        World = new World(seed);
        Random = World.NewRandom("test");
        Fleet = new Fleet(World);
        Member a = Fleet.Enrol("alice"), b = Fleet.Enrol("bob");
        Carol = hasCarol ? Fleet.Enrol("carol") : null;
        Fleet.Found(Zone, algorithm, Carol is null ? [a, b] : [a, b, Carol]);
        Bob = new SimulatedNode(Fleet, b, bob?.Invoke(new NodePlan()) ?? new NodePlan());
        NodePlan plan = new() { ConnectsTo = [Bob] };
        Alice = new SimulatedNode(Fleet, a, alice?.Invoke(plan) ?? plan);
    }

    public World World { get; }

    public WorldRandom Random { get; }

    public Fleet Fleet { get; }

    public SimulatedNode Alice { get; }

    public SimulatedNode Bob { get; }

    /// <summary>A third member of the zone, without a node.</summary>
    public Member? Carol { get; }

    public Link AliceToBob => World.Mesh.Datagrams(Alice, Bob);

    public Link BobToAlice => World.Mesh.Datagrams(Bob, Alice);

    /// <summary>Datagrams that bob's socket has taken since <see cref="Record"/>.</summary>
    public List<byte[]> Recorded { get; } = [];

    /// <summary>Begins to record what comes to bob.</summary>
    public void Record() => Bob.Arriving = packet => Recorded.Add([.. packet.Bytes]);

    /// <summary>Starts both.</summary>
    public Duo Start()
    {
        Bob.Start();
        Alice.Start();
        return this;
    }

    /// <summary>Starts both and waits until data may pass.</summary>
    public Duo Connect()
    {
        Start();
        WaitFor(() => Alice.Core.StateOf(Bob.Id) == LinkState.Ready && Bob.Core.StateOf(Alice.Id) == LinkState.Ready, "the link is ready");
        return this;
    }

    /// <summary>Lets time pass until something is true; a failure tells what had happened.</summary>
    public void WaitFor(Func<bool> isReached, string what, TimeSpan? limit = null)
    {
        if (World.RunUntil(isReached, limit ?? Limit)) return;
        Assert.Fail($"seed {World.Seed}: after {TimeSpan.FromTicks(World.NowTicks)} still not: {what}\n{Describe()}\n{World.Trace.Tail()}");
    }

    /// <summary>Waits until a file was reported as whole, and holds what arrived against what was sent.</summary>
    public void Arrives(OutgoingFile file, byte[] content, SimulatedNode at, TimeSpan? limit = null)
    {
        WaitFor(() => file.State != OutgoingFileState.Sending, $"{file.Name} is sent", limit);
        Assert.True(file.State == OutgoingFileState.Completed, $"seed {World.Seed}: {file.Name} is {file.State}: {file.FailureDetail}\n{Describe()}");
        Assert.True(
            at.Disk.Files.TryGetValue(file.Name, out byte[]? arrived) && arrived.AsSpan().SequenceEqual(content),
            $"seed {World.Seed}: {file.Name} did not arrive as it was sent\n{Describe()}");
        HoldsNoRepeats();
    }

    /// <summary>Nothing was accepted or opened twice.</summary>
    public void HoldsNoRepeats()
    {
        Assert.True(Alice.Audit.Repeats == 0 && Bob.Audit.Repeats == 0, $"seed {World.Seed}: a number was accepted twice\n{World.Trace.Tail()}");
    }

    public string Describe() => string.Join('\n', new[] { Alice, Bob }.Select(static node => node.IsUp
        ? $"{node.Name}: sent {node.Core.FramesSent}, accepted {node.Core.FramesAccepted}, opened {node.Core.FramesOpened}, {node.DescribeRefusals()}"
        : $"{node.Name}: down"));

    public void Dispose()
    {
        Alice.Dispose();
        Bob.Dispose();
        Fleet.Dispose();
    }
}
