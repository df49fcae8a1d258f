using System.Collections.Generic;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Simulation.Nodes;

/// <summary>What a node's processes have told their observers, in order.</summary>
public sealed class NodeLog
{
    /// <summary>Changes of links.</summary>
    public List<(NodeId Peer, LinkState State)> Links { get; } = [];

    /// <summary>Handshakes that failed.</summary>
    public List<(NodeId Peer, FcpStatus Reason)> FailedHandshakes { get; } = [];

    /// <summary>Files that were begun or resumed.</summary>
    public List<IncomingFile> Opened { get; } = [];

    /// <summary>Files that came in whole.</summary>
    public List<IncomingFile> Received { get; } = [];

    /// <summary>Files that could not be stored.</summary>
    public List<IncomingFile> Refused { get; } = [];

    /// <summary>Files that were sent and reported as whole.</summary>
    public List<OutgoingFile> Sent { get; } = [];

    /// <summary>Files that could not be sent.</summary>
    public List<OutgoingFile> NotSent { get; } = [];
}
