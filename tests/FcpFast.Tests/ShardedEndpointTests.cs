using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Interop.Linux;
using FcpFast.Node;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Tests.Support;

namespace FcpFast.Tests;

/// <summary>One endpoint of two shards among endpoints of one, with real sockets on loopback.</summary>
public sealed class ShardedEndpointTests : IAsyncDisposable
{
    private const int ObjectBytes = 400_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Names = ["p1", "p2", "p3", "p4"];

    private TestFleet _fleet = new(["hub", .. Names]);
    private readonly List<FcpEndpoint> _open = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (FcpEndpoint endpoint in _open) await endpoint.DisposeAsync();
        _fleet.Dispose();
    }

    [Fact]
    public async Task Transfers_BothWaysWithPeersThatConnect_UseBothShards()
    {
        FcpEndpoint hub = Open("hub", shards: 2);
        FcpEndpoint[] peers = [.. Names.Select(name => Open(name, connectsTo: hub))];
        await Task.WhenAll(peers.Select(peer => SendAsync(peer, hub)).Concat(peers.Select(peer => SendAsync(hub, peer))));
        await RequireSpreadAsync(hub);
    }

    [Fact]
    public async Task Transfers_BothWaysWithPeersConnectedTo_UseBothShardsAndTheirOwnPorts()
    {
        FcpEndpoint[] peers = [.. Names.Select(name => Open(name))];
        FcpEndpoint hub = Open("hub", 2, connectsTo: peers);
        await Task.WhenAll(peers.Select(peer => SendAsync(peer, hub)).Concat(peers.Select(peer => SendAsync(hub, peer))));
        await RequireSpreadAsync(hub);
    }

    [Fact]
    public async Task Rekeys_WhileObjectsGo_KeepEachPeerInItsShard()
    {
        FcpEndpoint hub = Open("hub", shards: 2);
        FcpEndpoint[] peers = [.. Names.Select(name => Open(name, connectsTo: hub, rekeyAfterFrames: 150))];
        Dictionary<NodeId, int>? owners = null;
        for (int round = 0; round < 4; round++)
        {
            await Task.WhenAll(peers.Select(peer => SendAsync(peer, hub)));
            Dictionary<NodeId, int> now = (await hub.ReadFiguresAsync()).Peers.ToDictionary(static peer => peer.Node, static peer => peer.Shard);
            Assert.Equal(owners ?? now, now);
            owners = now;
        }

        Assert.True((await hub.ReadFiguresAsync()).Rekeys >= Names.Length, "sessions were replaced");
    }

    [Fact]
    public async Task Relay_OfTwoShards_PassesAZoneOnInOne()
    {
        _fleet.Dispose();
        _fleet = new TestFleet("p1", "p2", "relay");
        FcpEndpoint source = Open("p1");
        FcpEndpoint sink = Open("p2", shards: 2);
        FcpEndpoint relay = Open("relay", 2, routes: [Route("p1", "p2"), Route("p2", "p1")], connectsTo: [source, sink]);
        await SendAsync(source, sink);
        await SendAsync(sink, source);
        FcpEndpointFigures figures = await relay.ReadFiguresAsync();
        Assert.Single(figures.Peers.Where(peer => peer.Node == source.Node || peer.Node == sink.Node).Select(static peer => peer.Shard).Distinct());
        Assert.True(figures.FramesPassedOn + figures.FramesForwarded.GetValueOrDefault(FcpStatus.Accepted) >= 2 * ObjectBytes / 1024, "by the relay");
        Assert.All((await sink.ReadFiguresAsync()).Peers, static peer => Assert.Equal(0, peer.Shard)); // all of them may be behind it
    }

    [Fact]
    public async Task Hello_OfAPeerOfAnotherShard_IsAnsweredFromTheNodesAddress()
    {
        FcpEndpoint hub = Open("hub", shards: 2);
        Dictionary<NodeId, int> owners = (await hub.ReadFiguresAsync()).Peers.ToDictionary(static peer => peer.Node, static peer => peer.Shard);
        foreach (string name in (string[])[Names.First(one => owners[TestFleet.Id(one)] == 1), Names.First(one => owners[TestFleet.Id(one)] == 0), "stranger"])
        {
            using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            byte[] hello = Hello(name);
            await client.SendAsync(hello, hub.Address, Cancellation);
            UdpReceiveResult answer = await client.ReceiveAsync(Cancellation).AsTask().WaitAsync(Patience, Cancellation);
            Assert.Equal(hub.Address, answer.RemoteEndPoint);
            Assert.Equal(FcpStatus.Accepted, HelloRetryMessage.Parse(answer.Buffer, out HelloRetryMessage retry));
            Assert.True(TestFleet.Id(name).Matches(retry.To));
        }
    }

    [Fact]
    public async Task Floods_OfHellosAndUnknownSessions_HoldNoShardUp()
    {
        FcpEndpoint hub = Open("hub", shards: 2);
        FcpEndpoint[] peers = [.. Names.Select(name => Open(name, connectsTo: hub))];
        using var flooder = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        byte[][] hellos = [.. Names.Append("stranger").Select(Hello)];
        byte[] unknown = new byte[1200];
        Task transfers = Task.WhenAll(peers.Select(peer => SendAsync(peer, hub)));
        for (int i = 0; i < 4_000 || !transfers.IsCompleted; i++)
        {
            unknown[0] = (byte)(i % 256);
            await flooder.SendAsync(unknown, hub.Address, Cancellation);
            await flooder.SendAsync(hellos[i % hellos.Length], hub.Address, Cancellation);
        }

        await transfers;
        FcpEndpointFigures figures = await hub.ReadFiguresAsync();
        Assert.All(figures.Shards, static shard => Assert.True(shard.DatagramsReceived > shard.FramesReceived + 100, $"shard {shard.Shard} was flooded"));
        Assert.True(figures.FramesDropped.GetValueOrDefault(FcpStatus.InvalidCookie) > 0, "Hellos were looked at");
        Assert.Empty(figures.NotReady);
    }

    [Fact]
    public async Task Connections_OfNonsense_AreClosedAndTheNextOneServed()
    {
        FcpEndpoint hub = Open("hub", shards: 2);
        foreach (byte[] nonsense in (byte[][])[[0, 4, 1, 2, 3, 4], [.. "FCPC"u8, .. new byte[60]], [0, 1, 0xA0]])
        {
            using var client = new TcpClient();
            await client.ConnectAsync(hub.Address, Cancellation);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(nonsense, Cancellation);
            client.Client.Shutdown(SocketShutdown.Send);
            byte[] answer = new byte[64];
            int read = await stream.ReadAsync(answer, Cancellation).AsTask().WaitAsync(Patience, Cancellation);
            Assert.Equal(0, read);
        }

        await SendAsync(Open("p1", connectsTo: hub), hub);
    }

    [Fact]
    public async Task DrainAsync_TwoShards_WaitsForTheTransfersOfBoth()
    {
        FcpEndpoint hub = Open("hub", shards: 2);
        FcpEndpoint[] peers = [.. Names.Select(name => Open(name, connectsTo: hub))];
        await Task.WhenAll(peers.Select(peer => SendAsync(peer, hub))); // the ways are there
        FcpFileSend[] sends = [.. await Task.WhenAll(peers.Select(peer => hub.SendObjectAsync("last", Content(), TestFleet.Zone, peer.Node)))];
        await hub.DrainAsync(Cancellation).WaitAsync(Patience, Cancellation);
        Assert.All(sends, static send => Assert.True(send.Completion.IsCompletedSuccessfully && send.Completion.Result, send.FailureDetail));
        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.SendObjectAsync("late", Content(), TestFleet.Zone, peers[0].Node));
        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.SendObjectAsync("late", Content(), TestFleet.Zone, peers[1].Node));
    }

    [Fact]
    public async Task FollowAsync_RoutesAcrossShards_NeedARestart()
    {
        FcpEndpoint hub = Open("hub", shards: 2);
        Dictionary<NodeId, int> owners = (await hub.ReadFiguresAsync()).Peers.ToDictionary(static peer => peer.Node, static peer => peer.Shard);
        NodeId[] first = [.. owners.Where(static one => one.Value == 0).Select(static one => one.Key)], second = [.. owners.Where(static one => one.Value == 1).Select(static one => one.Key)];
        FcpFollowed across = await hub.FollowAsync(hub.Options with { Routes = [new RelayRoute(TestFleet.Zone, first[0], [second[0]])] });
        Assert.False(across.HasOtherRoutes);
        Assert.Contains(across.NeedRestart, static what => what.StartsWith("Routes", StringComparison.Ordinal));
        Assert.Empty(hub.Options.Routes);
        FcpFollowed within = await hub.FollowAsync(hub.Options with { Routes = [new RelayRoute(TestFleet.Zone, second[0], [second[1]])] });
        Assert.True(within.HasOtherRoutes);
        Assert.Empty(within.NeedRestart);
        Assert.Equal(["Shards"], (await hub.FollowAsync(hub.Options with { Shards = 1 })).NeedRestart);
    }

    [Fact]
    public async Task Ended_OneShardBreaks_TheOtherEndsWithIt()
    {
        FcpEndpoint hub = Open("hub", shards: 2, audit: new BreakingAudit());
        FcpEndpoint peer = Open("p1", connectsTo: hub);
        await peer.SendObjectAsync("sent", Content(), TestFleet.Zone, hub.Node);
        Exception cause = await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Ended.WaitAsync(Patience, Cancellation));
        Assert.Equal(BreakingAudit.Reason, cause.Message);
        Assert.Equal(BreakingAudit.Reason, (await Assert.ThrowsAsync<InvalidOperationException>(hub.ReadFiguresAsync)).Message);
    }

    [Fact]
    public void Faults_OfShards_NameTheRemedy()
    {
        FcpEndpointOptions options = FcpEndpointOptions.Gateway("state");
        Assert.Empty((options with { Shards = 2 }).Faults());
        Assert.Empty((options with { Shards = SessionSteering.ShardsMax }).Faults());
        Assert.InRange(FcpEndpointOptions.ShardsOfThisMachine, 1, SessionSteering.ShardsMax);
        foreach (FcpEndpointOptions bad in (FcpEndpointOptions[])
        [
            options with { Shards = 0 }, options with { Shards = -1 }, options with { Shards = SessionSteering.ShardsMax + 1, AssemblyBytes = 64 * 1024 * 1024 }, options with { Shards = 16, AssemblyBytes = 1024 * 1024 },
            options with { Shards = 2, ReplayMode = ReplayMode.M1, Witness = "file" }, options with { Shards = 2, SessionsMax = 1 }, options with { Shards = 2, SubkeysMax = 31 },
            options with { Shards = 4, ReceiveObjects = new FcpObjectOptions(1024 * 1024, 4 * 1024 * 1024) },
        ])
        {
            Assert.Single(bad.Faults());
        }
    }

    /// <summary>Chunks that differ from each other, since equal ones are sent once.</summary>
    private static ReadOnlySequence<byte> Content()
    {
        byte[] bytes = new byte[ObjectBytes];
        new Random(7).NextBytes(bytes);
        return new ReadOnlySequence<byte>(bytes);
    }

    private static async Task SendAsync(FcpEndpoint from, FcpEndpoint to)
    {
        FcpFileSend send = await from.SendObjectAsync($"from {from.Node}".Replace(' ', '-'), Content(), TestFleet.Zone, to.Node);
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
        using FcpObject received = await to.Objects.ReadAsync(Cancellation).AsTask().WaitAsync(Patience, Cancellation);
        Assert.Equal(ObjectBytes, received.Content.Length);
    }

    /// <summary>Both shards own peers and moved frames; their counts are the endpoint's.</summary>
    private static async Task RequireSpreadAsync(FcpEndpoint hub)
    {
        FcpEndpointFigures figures = await hub.ReadFiguresAsync();
        Assert.Equal([0, 1], figures.Shards.Select(static shard => shard.Shard));
        Assert.All(figures.Shards, static shard =>
        {
            Assert.True(shard.FramesReceived >= ObjectBytes / 1024, $"shard {shard.Shard} received {shard.FramesReceived} frames");
            Assert.True(shard.FramesSent >= ObjectBytes / 1024, $"shard {shard.Shard} sent {shard.FramesSent} frames");
            Assert.True(shard.Peers >= 2, $"shard {shard.Shard} owns {shard.Peers} peers");
        });
        Assert.Equal(figures.FramesReceived, figures.Shards.Sum(static shard => shard.FramesReceived));
        Assert.Equal(figures.DatagramsReceived + figures.FramesReceived - figures.DatagramsVerified - figures.FramesOpened, figures.FramesDropped.Values.Sum());
        Assert.False(figures.FramesDropped.ContainsKey(FcpStatus.UnknownSession), "each datagram came to the shard of its session");
    }

    private static RelayRoute Route(string from, string to) => new(TestFleet.Zone, TestFleet.Id(from), [TestFleet.Id(to)]);

    /// <summary>A Hello as anybody may write it: unsigned by whom it names.</summary>
    private static byte[] Hello(string from)
    {
        var hello = new HelloMessage
        {
            From = System.Text.Encoding.ASCII.GetBytes(from),
            To = "hub"u8,
            EphemeralKey = new byte[CryptoSizes.KeyBytes],
            Nonce = new byte[SessionRules.NonceBytes],
            TimestampUnixSeconds = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            Suites = new SuiteList([MacSuite.Blake3]),
            Signature = new byte[CryptoSizes.SignatureBytes],
        };
        var writer = new CborWriter(512);
        hello.Write(writer);
        return writer.ToArray();
    }

    private FcpEndpoint Open(string name, FcpEndpoint connectsTo, ulong rekeyAfterFrames = 1_000_000_000) => Open(name, 1, rekeyAfterFrames: rekeyAfterFrames, connectsTo: [connectsTo]);

    private FcpEndpoint Open(
        string name, int shards = 1, IFrameAudit? audit = null, ulong rekeyAfterFrames = 1_000_000_000, IReadOnlyList<RelayRoute>? routes = null, params FcpEndpoint[] connectsTo)
    {
        Assert.SkipUnless(shards == 1 || Poller.IsSupported, "64-bit Linux only");
        FcpEndpoint endpoint = FcpEndpoint.Open(FcpEndpointOptions.Edge(_fleet.FolderOf(name)) with
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Peers = [.. connectsTo.Select(static peer => new FcpPeer(peer.Node, peer.Address))],
            ReceiveObjects = new FcpObjectOptions(1024 * 1024, 16 * 1024 * 1024),
            Shards = shards,
            Audit = audit,
            RekeyAfter = SequencerLimits.Default with { SoftFrames = rekeyAfterFrames },
            Routes = routes ?? [],
        });
        _open.Insert(0, endpoint);
        return endpoint;
    }
}
