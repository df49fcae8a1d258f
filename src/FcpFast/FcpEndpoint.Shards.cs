using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Host;
using FcpFast.Interop.Kernels;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast;

/// <summary>The shards: how they are built, what is asked of their threads, and what the end of one means.</summary>
/// <remarks>
/// Shape:   one shard is the same code with nobody to share with. What the node has once (its door for Hellos, instances, the replay store, the
///          listener, the control plane) is asked for a stream, a session or a Hello, never for a frame.
/// </remarks>
public sealed partial class FcpEndpoint
{
    /// <summary>What the shards share, and what one of them takes its part of.</summary>
    /// <param name="Crypto">The seams.</param>
    /// <param name="Peers">All peers.</param>
    /// <param name="Streams">The bounds of connections.</param>
    /// <param name="Instances">Draws sender instances.</param>
    /// <param name="Start">What the processes before have left.</param>
    /// <param name="Keeping">Sessions that go on (mode M1).</param>
    /// <param name="Door">The bounds on Hellos.</param>
    /// <param name="Clock">The clocks.</param>
    private sealed record Common(
        CryptoProvider Crypto, IReadOnlyList<PeerConfiguration> Peers, Transport.Streams.StreamOptions Streams, InstanceSource Instances, ReplayStart Start,
        SessionKeeping? Keeping, HelloDoor Door, NodeClock Clock);

    /// <summary>Runs a function on a shard's thread; its exceptions are the caller's.</summary>
    private async Task<T> OnShardAsync<T>(Shard shard, Func<T> function)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        shard.Host.Post(() =>
        {
            try
            {
                result.SetResult(function());
            }
#pragma warning disable CA1031 // handed to the caller; the shard goes on
            catch (Exception e)
            {
                result.SetException(e);
            }
#pragma warning restore CA1031
        });
        await Task.WhenAny(result.Task, Ended).ConfigureAwait(false);
        if (result.Task.IsCompleted) return await result.Task.ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        throw new ObjectDisposedException(nameof(FcpEndpoint));
    }

    /// <summary>Runs a function on each shard's thread.</summary>
    private Task<T[]> OnShardsAsync<T>(Func<Shard, T> function) => Task.WhenAll(_shards.Select(shard => OnShardAsync(shard, () => function(shard))));

    private Shard OwnerOf(NodeId node) => _shards[_map.OwnerOf(node)];

    /// <summary>The routes that pass frames on in a shard: its owner owns all their peers.</summary>
    private IReadOnlyList<RelayRoute> RoutesOf(int shard, IReadOnlyList<RelayRoute> routes) =>
        _map.Shards == 1 ? routes : [.. routes.Where(route => _map.OwnerOf(route.From) == shard)];

    private Shard NewShard(int index, Common common, EngineSelection engines, Instant now)
    {
        NodeHost host = _hosts[index];
        bool isSingle = _map.Shards == 1;
        PeerConfiguration[] peers = [.. common.Peers.Where(peer => _map.OwnerOf(peer.NodeId) == index)];
        var streams = new StreamHost(peers, _front, index, common.Streams, host.Wake);
        ZoneTable zones = _control.NewZoneTable();
        PeerDirectory directory = _control.NewDirectory(now.UnixSeconds);
        ITransferStore store = NewStore(Options, common.Crypto, host);
        var source = new Files.SegmentSource(
            Options.Source with { Slots = Math.Max(1, Options.Source.Slots / _map.Shards) }, host.Wake, () => common.Clock.Read().UnixSeconds, common.Crypto.NewHasher);
        ReplayStart start = isSingle ? common.Start : common.Start with { Streams = [.. common.Start.Streams.Where(one => _map.OwnerOf(one.Stream.Source) == index)] };
        var observer = new Observer(this);
        var parts = new NodeParts(
            common.Crypto, new LocalIdentity(Node, _signing), directory, zones, peers, common.Instances, streams, host, store, source, observer, Options.Audit, _control,
            new ContentDurability(_shares?.Of(index) ?? _replay, start), common.Keeping, common.Door, isSingle ? null : new ShardSeat(index, _map, _hosts));
        INodeCore core = Host.Engine.NewCore(engines, parts, NodeOptionsOf(index), now);
        return observer.Shard = new Shard
        {
            Index = index, Host = host, Streams = streams, Zones = zones, Directory = directory, Store = store, Source = source, Core = core,
        };
    }

    /// <summary>A shard's part: what is bytes, sessions or subkeys of the node is divided; what bounds a peer stays, since each peer has one shard.</summary>
    private NodeOptions NodeOptionsOf(int index) => new()
    {
        DatagramBytesMax = Options.DatagramBytesMax,
        WindowFrames = Options.WindowFrames,
        SessionsMax = Options.SessionsMax / _map.Shards,
        SubkeysMax = Options.SubkeysMax / _map.Shards,
        AssemblyBytes = Options.AssemblyBytesOfShard,
        CreditBytesMax = _hosts[index].Udp.ReceiveBufferBytes / SocketBytesPerCreditByte,
        Suites = new SuiteList([.. Options.Suites]),
        MinSuite = MacSuite.HmacSha256,
        Admission = Options.Admission,
        SessionLimits = Options.RekeyAfter,
        Routes = RoutesOf(index, Options.Routes),
        RelayBytesPerSecondMax = Options.RelayBytesPerSecondMax,
    };

    /// <summary>A shard that ends takes the others with it: a broken invariant in one is no state to go on in.</summary>
    private async Task EndTogetherAsync()
    {
        await Task.WhenAny(_hosts.Select(static host => host.Ended)).ConfigureAwait(false);
        foreach (NodeHost host in _hosts) host.Stop();
    }

    /// <summary>If a shard breaks, whoever waits for events or for a file learns why.</summary>
    private async Task TellBreakAsync()
    {
        await Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Ended.Exception?.InnerException is not { } cause) return;
        _events.Writer.TryComplete(cause);
        foreach (FcpFileSend send in _shards.SelectMany(static shard => shard.Sends.Values)) send.CompletionSource.TrySetException(cause);
    }
}
