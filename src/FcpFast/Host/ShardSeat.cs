using System;
using System.Collections.Generic;
using FcpFast.Node;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Host;

/// <summary>One shard's view of the others.</summary>
/// <param name="shard">Which one.</param>
/// <param name="map">Who owns whom.</param>
/// <param name="hosts">The hosts of all.</param>
internal sealed class ShardSeat(int shard, ShardMap map, IReadOnlyList<NodeHost> hosts) : IShardPort
{
    public SessionSteering Steering { get; } = new(shard, map.Shards);

    public bool Owns(NodeId node) => map.OwnerOf(node) == shard;

    public bool Owns(ReadOnlySpan<byte> node) => map.OwnerOf(node) == shard;

    public bool PassOn(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> source, NetAddress from) => hosts[map.OwnerOf(source)].TryHand(hello, from);

    public bool TryOpen(SessionId session) => map.TryOpen(session, shard);

    public void Closed(SessionId session) => map.Closed(session);
}
