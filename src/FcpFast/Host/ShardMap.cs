using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Host;

/// <summary>Which shard owns which node, for as long as the endpoint is open; and in which shard each session is.</summary>
/// <remarks>
/// Shape:   relays, and who can be behind one, are shard 0's: what came by a relay and what comes directly meets one window. Peers whom the routes of
///          a zone join are one shard's, since frames pass from one to the other in the slab they lie in. Every other peer goes to the shard with the
///          fewest, in the order of their ids, so the same configuration gives the same owners.
/// Threads: any; a look-up takes no lock. It is asked when a peer, a connection or a session is new, never for a frame.
/// </remarks>
internal sealed class ShardMap
{
    private readonly Lock _guard = new();
    private readonly ConcurrentDictionary<string, int> _owners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private readonly ConcurrentDictionary<SessionId, int> _sessions = new();
    private readonly int[] _nodes;
    private bool _hasRelay;

    /// <summary>Nobody is owned yet.</summary>
    public ShardMap(int shards)
    {
        _nodes = new int[shards];
        _byText = _owners.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many shards there are.</summary>
    public int Shards => _nodes.Length;

    /// <summary>The owner of a node; shard 0 for a stranger.</summary>
    public int OwnerOf(NodeId node) => _owners.GetValueOrDefault(node.ToString());

    /// <summary>The owner of a node as it stands in a message; nothing is remembered of what a stranger says.</summary>
    public int OwnerOf(ReadOnlySpan<byte> node)
    {
        if (NodeId.Check(node) != FcpStatus.Accepted) return 0;
        Span<char> text = stackalloc char[NodeId.MaxBytes];
        return _byText.TryGetValue(text[..Encoding.ASCII.GetChars(node, text)], out int owner) ? owner : 0;
    }

    /// <summary>Gives owners to all that have none: peers, who are joined by routes, and sources of records that an earlier process left.</summary>
    /// <returns>False if the routes join peers that are owned by different shards already; then nothing has changed.</returns>
    public bool TryAssign(IReadOnlyCollection<PeerConfiguration> peers, IReadOnlyList<RelayRoute> routes, IEnumerable<NodeId> sources)
    {
        lock (_guard)
        {
            List<HashSet<NodeId>> groups = Groups(routes);
            if (groups.Any(group => group.Select(FindOwner).Where(static owner => owner is not null).Distinct().Count() > 1)) return false;
            HashSet<NodeId> relays = [.. peers.Where(static peer => peer.IsRelay).Select(static peer => peer.NodeId)];
            _hasRelay |= relays.Count > 0;
            foreach (HashSet<NodeId> group in groups.OrderBy(static group => group.Min(static node => node.ToString()), StringComparer.Ordinal))
            {
                int owner = group.Select(FindOwner).FirstOrDefault(static owner => owner is not null) ?? (group.Overlaps(relays) ? 0 : FewestNodes());
                foreach (NodeId node in group) Set(node, owner);
            }

            foreach (PeerConfiguration peer in peers.OrderBy(static peer => peer.NodeId.ToString(), StringComparer.Ordinal)) Assign(peer.NodeId, peer.IsRelay, peer.ConnectsTo);
            foreach (NodeId source in sources) Assign(source, isRelay: false, isConnectedTo: false);
            return true;
        }
    }

    /// <summary>Gives a node that was not known an owner.</summary>
    public void Assign(PeerIdentity identity)
    {
        lock (_guard)
        {
            _hasRelay |= identity.IsRelay;
            Assign(identity.NodeId, identity.IsRelay, isConnectedTo: false);
        }
    }

    /// <summary>A session is about to be added to a shard; false if one of its id is in another one.</summary>
    public bool TryOpen(SessionId session, int shard) => _sessions.TryAdd(session, shard);

    /// <summary>A session is closed.</summary>
    public void Closed(SessionId session) => _sessions.TryRemove(session, out _);

    /// <summary>The shard that a session is in; that to which its id leads if it is in none.</summary>
    public int ShardOf(SessionId session) => _sessions.TryGetValue(session, out int shard) ? shard : SessionSteering.ShardOf(session, Shards);

    /// <summary>The peers that pass frames to each other: those of one zone's routes, and whoever shares a peer with them.</summary>
    private static List<HashSet<NodeId>> Groups(IReadOnlyList<RelayRoute> routes)
    {
        var groups = new List<HashSet<NodeId>>();
        foreach (IGrouping<ZoneId, RelayRoute> zone in routes.GroupBy(static route => route.Zone))
        {
            HashSet<NodeId> joined = [.. zone.SelectMany(static route => route.To.Prepend(route.From))];
            foreach (HashSet<NodeId> other in groups.Where(joined.Overlaps).ToArray())
            {
                joined.UnionWith(other);
                groups.Remove(other);
            }

            groups.Add(joined);
        }

        return groups;
    }

    private void Assign(NodeId node, bool isRelay, bool isConnectedTo)
    {
        if (FindOwner(node) is not null) return;
        bool mayBeBehindRelay = _hasRelay && !isConnectedTo;
        Set(node, isRelay || mayBeBehindRelay ? 0 : FewestNodes());
    }

    private int? FindOwner(NodeId node) => _owners.TryGetValue(node.ToString(), out int owner) ? owner : null;

    private int FewestNodes() => Array.IndexOf(_nodes, _nodes.Min());

    private void Set(NodeId node, int owner)
    {
        if (_owners.TryAdd(node.ToString(), owner)) _nodes[owner]++;
    }
}
