using System;
using System.Collections.Generic;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Replay;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Storage;

namespace FcpFast.Simulation.Nodes;

/// <summary>How a simulated node is set up.</summary>
public sealed record NodePlan
{
    /// <summary>The core's bounds and choices; small memory, since a simulation has many nodes.</summary>
    public NodeOptions Options { get; init; } = new() { AssemblyBytes = 8 * 1024 * 1024, CreditBytesMax = 2 * 1024 * 1024 };

    /// <summary>Nodes that it opens sessions to.</summary>
    public IReadOnlyList<SimulatedNode> ConnectsTo { get; init; } = [];

    /// <summary>True if it takes connections.</summary>
    public bool IsListening { get; init; } = true;

    /// <summary>True if neighbouring datagrams of one sender reach the core as one slab, as with the kernel's coalescing.</summary>
    public bool Coalesces { get; init; } = true;

    /// <summary>Datagrams that one call sends.</summary>
    public int SegmentsMax { get; init; } = 64;

    /// <summary>How files that go out are cut.</summary>
    public SourceOptions Source { get; init; } = new();

    /// <summary>How relayed traffic is kept from coming twice over a restart; null if nothing is.</summary>
    public RelayedReplayRule? ReplayRule { get; init; } = RelayedReplayRule.Ceilings;

    /// <summary>What becomes of its sessions when its process ends.</summary>
    public ReplayMode ReplayMode { get; init; }

    /// <summary>How long its disk takes to make replay records durable.</summary>
    public TimeSpan ReplayFlush { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Its control plane; null for a node whose records no peer can change.</summary>
    public ControlPlane? Control { get; init; }

    /// <summary>Changes what the node knows, each time it starts.</summary>
    public Action<NodeIdentity>? Prepare { get; init; }

    /// <summary>The engines.</summary>
    public Func<NodeParts, NodeOptions, Instant, INodeCore> NewCore { get; init; } =
        static (parts, options, now) => new NodeCore<LibsodiumAead, PortableMac>(parts, options, now);
}
