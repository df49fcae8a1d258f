using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using FcpFast.Files;
using FcpFast.Host;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.State;
using FcpFast.Transport;
using FcpFast.Transport.Udp;

namespace FcpFast;

/// <summary>A node of the Flywheel Connector Protocol: sends and receives files over sealed, authenticated, replay-proof sessions.</summary>
/// <remarks>
/// <code>
/// await using var endpoint = FcpEndpoint.Open(FcpEndpointOptions.Gateway("state/alice") with { Peers = [bob] });
/// FcpFileSend send = await endpoint.SendFileAsync("report.pdf", zone, bob.Node);
/// bool arrived = await send.Completion;
/// </code>
/// Threads: any thread may call; the work is done on the endpoint's own.
/// </remarks>
public sealed partial class FcpEndpoint : IAsyncDisposable
{
    private const int EventsMax = 4096;
    private const int PortsTriedMax = 16;

    // Linux reports twice what was asked for and charges its own overhead; headers and repairs come on top of what credit counts.
    private const int SocketBytesPerCreditByte = 4;

    private readonly Channel<FcpEndpointEvent> _events = Channel.CreateBounded<FcpEndpointEvent>(
        new BoundedChannelOptions(EventsMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true });

    private readonly EngineSelection _engines;
    private readonly LoadedNode _node;
    private readonly NodeHost _host;
    private readonly StreamHost _streams;
    private readonly ITransferStore _store;
    private readonly FileSegmentSource _source;
    private readonly INodeCore _core;
    private readonly Dictionary<OutgoingFile, FcpFileSend> _sends = []; // the shard's
    private int _isDisposed;

    private FcpEndpoint(FcpEndpointOptions options, LoadedNode node, CryptoProvider crypto, EngineSelection engines)
    {
        Options = options;
        _engines = engines;
        _node = node;
        var clock = new NodeClock(options.Time);
        List<PeerConfiguration> peers = PeersOf(options, node);
        RequireRoutes(options.Routes, peers);
        _host = new NodeHost(
            new UdpPortOptions
            {
                Local = options.Listen.ToNetAddress(),
                Offload = options.Offload,
                ReceiveBufferBytes = options.SocketBufferBytes,
                SendBufferBytes = options.SocketBufferBytes,
            },
            clock);
        _streams = new StreamHost(peers, new Transport.Streams.StreamOptions(), options.Time, _host.Wake);
        _store = options.ReceiveInto is { } folder
            ? new FileTransferStore(new FileStoreOptions(folder, options.Overwrites, options.FileBytesMax), _host.Wake, crypto.NewHasher())
            : new ClosedStore();
        _source = new FileSegmentSource(options.Source, _host.Wake, () => clock.Read().UnixSeconds, crypto.NewHasher);
        Instant now = clock.Read();
        var parts = new NodeParts(
            crypto, new Protocol.Session.LocalIdentity(node.Id, node.Keys.Signing), node.Peers, node.ToZoneTable(), peers,
            new Protocol.Replay.InstanceSource(crypto, node.Keys.Signing, 0, HostIds.BootId(), ""), _streams, _host, _store, _source,
            new Observer(this), options.Audit);
        var nodeOptions = new NodeOptions
        {
            DatagramBytesMax = options.DatagramBytesMax,
            WindowFrames = options.WindowFrames,
            SessionsMax = options.SessionsMax,
            SubkeysMax = options.SubkeysMax,
            AssemblyBytes = options.AssemblyBytes,
            CreditBytesMax = _host.Udp.ReceiveBufferBytes / SocketBytesPerCreditByte,
            Suites = new Protocol.Session.SuiteList([.. options.Suites]),
            MinSuite = MacSuite.HmacSha256,
            Admission = options.Admission,
            SessionLimits = options.RekeyAfter,
            Routes = options.Routes,
            RelayBytesPerSecondMax = options.RelayBytesPerSecondMax,
        };
        _core = Host.Engine.NewCore(engines, parts, nodeOptions, now);
    }

    /// <summary>The options.</summary>
    public FcpEndpointOptions Options { get; }

    /// <summary>This node.</summary>
    public NodeId Node => _node.Id;

    /// <summary>Where it receives; the port that was taken if 0 was asked for.</summary>
    public IPEndPoint Address => _host.Udp.Local.ToEndPoint();

    /// <summary>Whether runs of datagrams go by one system call, and why (not).</summary>
    public OffloadState Offload => _host.Udp.Offload;

    /// <summary>The AEAD engine of the data path: <c>libsodium</c>, or such as <c>wide-512</c>.</summary>
    public string Engine => _engines.AeadName;

    /// <summary>The engine of session MACs.</summary>
    public string MacEngine => _engines.MacName;

    /// <summary>What hashes objects and files.</summary>
    public string HashEngine => _engines.HashName;

    /// <summary>Engines that were switched off at start because they did not agree with libsodium; empty if none was.</summary>
    public IReadOnlyList<string> EngineFaults => _engines.Faults;

    /// <summary>Records of the state folder that were refused: file and reason.</summary>
    public IReadOnlyList<string> Faults => _node.Faults;

    /// <summary>The zones that this node has keys of.</summary>
    public IEnumerable<ZoneId> Zones => _node.Zones.Keys;

    /// <summary>True if this node knows a zone and the other as a member of it.</summary>
    public bool IsMember(ZoneId zone, NodeId node) => _node.Zones.TryGetValue(zone, out LoadedZone? loaded) && loaded.State.IsMember(node);

    /// <summary>A peer's attestation counts no more: its sessions end, and no further one is made while this endpoint is open.</summary>
    /// <remarks>To keep it out afterwards, take its attestation out of the state folder. Source: [WIRE §15].</remarks>
    public void Revoke(NodeId peer) => _host.Post(() => _core.Revoke(peer));

    /// <summary>What happens; the oldest are dropped if nobody reads. Ends with the endpoint: with an exception if it broke.</summary>
    public ChannelReader<FcpEndpointEvent> Events => _events.Reader;

    /// <summary>Frames sealed and sent.</summary>
    public long FramesSent => _core.FramesSent;

    /// <summary>Frames that verified and were fresh.</summary>
    public long FramesAccepted => _core.FramesAccepted;

    /// <summary>The MAC suite of the session established last; null before the first.</summary>
    public int? Suite => _core.LastSuite == MacSuite.Unset ? null : (int)_core.LastSuite;

    /// <summary>Ends when the endpoint has ended; faulted if it broke.</summary>
    public Task Ended => _host.Ended;

    /// <summary>Opens an endpoint.</summary>
    /// <remarks>
    /// Errors: <see cref="ArgumentException"/> that lists every fault of the options; <see cref="NodeFolderException"/>;
    ///         <see cref="PlatformNotSupportedException"/> if libsodium is not usable; <see cref="SocketException"/>.
    /// </remarks>
    public static FcpEndpoint Open(FcpEndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> faults = options.Faults();
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));
        CryptoProvider crypto = LibsodiumGate.Open();
        ulong now = (ulong)options.Time.GetUtcNow().ToUnixTimeSeconds();
        NodeFolder folder = NodeFolder.Open(options.StateFolder);
        EngineSelection engines = EngineSelection.Choose(options.Engine, folder.ReadEngine());
        folder.WriteEngine(engines.Remembered);
        crypto = Host.Engine.Bind(crypto, engines);
        LoadedNode node = LoadedNode.Load(folder, crypto, now);
        FcpEndpoint endpoint;
        try
        {
            endpoint = Bind(options, node, crypto, engines);
        }
        catch
        {
            node.Dispose();
            throw;
        }

        endpoint._host.Start(endpoint._core, endpoint._streams);
        _ = endpoint.TellBreakAsync();
        return endpoint;
    }

    /// <summary>Starts to send a file to a member of a zone; it goes on until the receiver has it, refuses it, or the endpoint is closed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="zone">A zone that both nodes are members of.</param>
    /// <param name="to">The member; a peer of this endpoint.</param>
    /// <remarks>Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>; <see cref="ArgumentException"/> for a zone without keys or a stranger.</remarks>
    public Task<FcpFileSend> SendFileAsync(string path, ZoneId zone, NodeId to)
    {
        if (!_node.Zones.TryGetValue(zone, out LoadedZone? loaded)) throw new ArgumentException($"this node has no keys of zone {zone}", nameof(zone));
        if (!IsMember(zone, to)) throw new ArgumentException($"{to} is no member of zone {zone}", nameof(to));
        return OnShardAsync(() =>
        {
            OutgoingFile file = _source.Open(path, loaded.Ring, Node, to);
            var send = new FcpFileSend(file);
            _sends.Add(file, send);
            _core.Send(file);
            return send;
        });
    }

    /// <summary>Stops: nothing half-written stays under a final name; what was received so far is used by the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _host.DisposeAsync().ConfigureAwait(false);
        await _streams.DisposeAsync().ConfigureAwait(false);
        (_store as IDisposable)?.Dispose();
        _source.Dispose();
        _node.Dispose();
        _events.Writer.TryComplete();
        foreach (FcpFileSend send in _sends.Values) send.CompletionSource.TrySetCanceled(CancellationToken.None);
    }

    /// <summary>Opens both sockets. A free UDP port may be taken in TCP: where any will do, another is tried.</summary>
    private static FcpEndpoint Bind(FcpEndpointOptions options, LoadedNode node, CryptoProvider crypto, EngineSelection engines)
    {
        for (int tried = 1; ; tried++)
        {
            var endpoint = new FcpEndpoint(options, node, crypto, engines);
            try
            {
                if (options.AcceptsSessions) endpoint._streams.Listen(endpoint._host.Udp.Local);
                return endpoint;
            }
            catch (SocketException) when (options.Listen.Port == 0 && tried < PortsTriedMax)
            {
                endpoint.LetGo();
            }
            catch
            {
                endpoint.LetGo();
                throw;
            }
        }
    }

    /// <summary>Closes everything of an endpoint that never ran.</summary>
    private void LetGo()
    {
        _core.Dispose();
        _host.DisposeAsync().AsTask().GetAwaiter().GetResult(); // nothing runs yet, so nothing is waited for
        _streams.DisposeAsync().AsTask().GetAwaiter().GetResult();
        (_store as IDisposable)?.Dispose();
        _source.Dispose();
    }

    private static void RequireRoutes(IReadOnlyList<RelayRoute> routes, List<PeerConfiguration> peers)
    {
        var known = new HashSet<NodeId>(peers.Select(static peer => peer.NodeId));
        foreach (RelayRoute route in routes)
        {
            foreach (NodeId stranger in route.To.Prepend(route.From).Where(one => !known.Contains(one)))
            {
                throw new ArgumentException($"Routes: {stranger}, of a route of {route.Zone}, is no peer and has no attestation in the state folder");
            }
        }
    }

    private static List<PeerConfiguration> PeersOf(FcpEndpointOptions options, LoadedNode node)
    {
        var peers = new List<PeerConfiguration>();
        var named = new HashSet<NodeId> { node.Id };
        foreach (FcpPeer peer in options.Peers)
        {
            named.Add(peer.Node);
            peers.Add(new PeerConfiguration(peer.Node, ConnectsTo: true, peer.Address.ToNetAddress(), node.Peers.Find(peer.Node)?.IsRelay ?? false));
        }

        foreach (Protocol.Session.PeerIdentity identity in node.Peers.All)
        {
            if (named.Add(identity.NodeId)) peers.Add(new PeerConfiguration(identity.NodeId, ConnectsTo: false, default, identity.IsRelay));
        }

        return peers;
    }
}
