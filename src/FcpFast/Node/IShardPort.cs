using System;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>What a core that is one of several shards of a node knows of the others.</summary>
/// <remarks>
/// Shape:   every node has one owner among the shards, for as long as the endpoint is open: its sessions, the streams of which it is the source, and
///          what goes to it are the owner's alone. So each window has one keeper, and no shard shares what a frame touches.
/// Threads: the shard's thread; nothing blocks.
/// </remarks>
public interface IShardPort
{
    /// <summary>Which sessions' datagrams lead here.</summary>
    SessionSteering Steering { get; }

    /// <summary>True if a node is this shard's.</summary>
    bool Owns(NodeId node);

    /// <summary>True if a node, as it stands in a message, is this shard's; whom nobody knows is shard 0's.</summary>
    bool Owns(ReadOnlySpan<byte> node);

    /// <summary>Hands a Hello that was admitted to the shard that owns its sender.</summary>
    /// <param name="hello">The message; only lent.</param>
    /// <param name="source">Its sender, as it stands in it.</param>
    /// <param name="from">Its sender's address.</param>
    /// <returns>False if too many wait there already: nobody's flood fills another shard's queue.</returns>
    bool PassOn(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> source, NetAddress from);

    /// <summary>A session is about to be added; false if one of its id is in another shard, as an Ack may claim.</summary>
    bool TryOpen(SessionId session);

    /// <summary>The session is closed.</summary>
    void Closed(SessionId session);
}
