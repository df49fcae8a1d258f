using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Host;
using FcpFast.Node;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Transport;

namespace FcpFast;

/// <summary>Changed options while the endpoint runs.</summary>
public sealed partial class FcpEndpoint
{
    private readonly SemaphoreSlim _following = new(1, 1); // one change after the other

    /// <summary>Goes on with other peers and routes. Links that leave or whose address changed are taken down, new ones come up, every other keeps its session.</summary>
    /// <param name="options">All options, as they are to be.</param>
    /// <returns>What was changed, and what was not because it needs a restart.</returns>
    /// <remarks>
    /// Errors:  <see cref="ArgumentException"/> that lists every fault; then nothing has changed.
    /// Threads: any; the change is made between two turns of the endpoint's thread.
    /// </remarks>
    public Task<FcpFollowed> FollowAsync(FcpEndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> faults = options.Faults();
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));
        return FollowInTurnAsync(options);
    }

    private async Task<FcpFollowed> FollowInTurnAsync(FcpEndpointOptions options)
    {
        await _following.WaitAsync().ConfigureAwait(false);
        try
        {
            List<PeerConfiguration> peers = await OnShardAsync(_shards[0], () => PeersOf(options, Node, _shards[0].Directory)).ConfigureAwait(false);
            return await FollowAsync(options, peers).ConfigureAwait(false);
        }
        finally
        {
            _following.Release();
        }
    }

    private async Task<FcpFollowed> FollowAsync(FcpEndpointOptions options, List<PeerConfiguration> peers)
    {
        RequireRoutes(options.Routes, [.. peers.Select(static peer => peer.NodeId)]);
        Dictionary<NodeId, FcpPeer> before = Options.Peers.ToDictionary(static peer => peer.Node), after = options.Peers.ToDictionary(static peer => peer.Node);
        NodeId[] left = [.. before.Keys.Where(node => !after.ContainsKey(node))], changed = [.. after.Values.Where(peer => before.TryGetValue(peer.Node, out FcpPeer? was) && was != peer).Select(static peer => peer.Node)];
        bool hasRoutes = !AreSame(Options.Routes, options.Routes);
        List<string> needsRestart = [.. Options.FixedDifferences(options)];
        if (!_map.TryAssign(peers, options.Routes, []))
        {
            hasRoutes = false;
            needsRestart.Add($"{nameof(options.Routes)} (they join peers of different shards)");
            options = options with { Routes = Options.Routes };
            _map.TryAssign(peers, [], []);
        }

        PeerConfiguration[] followed = [.. peers.Where(peer => after.ContainsKey(peer.NodeId)), .. left.Select(static node => new PeerConfiguration(node, ConnectsTo: false, default))];
        await OnShardsAsync(shard => Follow(shard, followed, left, hasRoutes ? RoutesOf(shard.Index, options.Routes) : null)).ConfigureAwait(false);
        Options = Options with { Peers = options.Peers, Routes = options.Routes };
        return new FcpFollowed([.. after.Keys.Where(node => !before.ContainsKey(node))], changed, left, hasRoutes, needsRestart);
    }

    /// <summary>A shard goes on with its peers: those that leave are behind the routes that may have led to them.</summary>
    private bool Follow(Shard shard, IReadOnlyList<PeerConfiguration> peers, NodeId[] left, IReadOnlyList<RelayRoute>? routes)
    {
        ILookup<bool, PeerConfiguration> own = peers.Where(peer => OwnerOf(peer.NodeId) == shard).ToLookup(peer => left.Contains(peer.NodeId));
        foreach (PeerConfiguration peer in own[false]) Follow(shard, peer);
        if (routes is not null) shard.Core.Follow(routes, shard.Host.Now);
        foreach (PeerConfiguration peer in own[true]) Follow(shard, peer);
        shard.CheckDrained();
        return true;
    }

    private static void Follow(Shard shard, PeerConfiguration peer)
    {
        shard.Streams.Follow(peer);
        shard.Core.Follow(peer, shard.Host.Now);
    }

    private static bool AreSame(IReadOnlyList<RelayRoute> one, IReadOnlyList<RelayRoute> other) =>
        one.Count == other.Count && one.Zip(other).All(static pair => pair.First.Zone == pair.Second.Zone && pair.First.From == pair.Second.From && pair.First.To.SequenceEqual(pair.Second.To));

    /// <summary>Refuses routes that lead nowhere or back, before anything is changed.</summary>
    private static void RequireRoutes(IReadOnlyList<RelayRoute> routes, HashSet<NodeId> peers)
    {
        foreach (RelayRoute route in routes)
        {
            foreach (NodeId stranger in route.To.Prepend(route.From).Where(one => !peers.Contains(one)))
            {
                throw new ArgumentException($"Routes: {stranger}, of a route of {route.Zone}, is no peer and has no attestation in the state folder");
            }
        }
    }

    /// <summary>Peers take frames of others from attested relays only.</summary>
    private static string[] UnattestedRoutes(FcpEndpointOptions options, NodeId self, PeerDirectory directory) =>
        options.Routes.Count == 0 || directory.Find(self) is not { IsRelay: false }
            ? []
            : [$"routes of {self}: it is not attested as a relay, so its peers do not take what it passes on; let the owner attest it with --relay"];

    private static List<PeerConfiguration> PeersOf(FcpEndpointOptions options, NodeId self, PeerDirectory directory)
    {
        var peers = new List<PeerConfiguration>();
        var named = new HashSet<NodeId> { self };
        foreach (FcpPeer peer in options.Peers)
        {
            if (!named.Add(peer.Node)) throw new ArgumentException($"Peers: {peer.Node} is this node itself");
            peers.Add(new PeerConfiguration(peer.Node, ConnectsTo: true, peer.Address.ToNetAddress(), directory.Find(peer.Node)?.IsRelay ?? false));
        }

        foreach (PeerIdentity identity in directory.All)
        {
            if (named.Add(identity.NodeId)) peers.Add(new PeerConfiguration(identity.NodeId, ConnectsTo: false, default, identity.IsRelay));
        }

        return peers;
    }
}
