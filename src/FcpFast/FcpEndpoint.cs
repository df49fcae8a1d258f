using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Host;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
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
        new BoundedChannelOptions(EventsMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = false });

    private readonly EngineSelection _engines;
    private readonly ControlHost _control;
    private readonly SecretKey _signing;
    private readonly ShardMap _map;
    private readonly IReadOnlyList<NodeHost> _hosts;
    private readonly Shard[] _shards;
    private readonly StreamFront _front;
    private readonly ReplayStore _replay;
    private readonly ReplayShares? _shares;
    private readonly KeptStart? _kept;
    private readonly long _openedAt;
    private int _isDisposed;

    private FcpEndpoint(FcpEndpointOptions options, StateStore store, KeptStart? kept, NodeState state, HostWatch watch, CryptoProvider crypto, EngineSelection engines)
    {
        Options = options;
        _openedAt = options.Time.GetTimestamp();
        Node = state.Node;
        _kept = kept;
        RequireCeilings(options, state);
        _engines = engines;
        var clock = new NodeClock(options.Time);
        Instant now = clock.Read();
        _control = new ControlHost(state, crypto, clock, watch, options, Tell);
        _signing = state.Keys.Signing.CopyTo(crypto.Vault);
        Protocol.Session.PeerDirectory directory = _control.NewDirectory(now.UnixSeconds);
        Faults = [.. directory.All.Where(peer => peer.Judge(now.UnixSeconds) != FcpStatus.Accepted)
            .Select(peer => $"attestation of {peer.NodeId}: {FcpStatusNames.NameOf(peer.Judge(now.UnixSeconds))}"), .. UnattestedRoutes(options, Node, directory)];
        List<PeerConfiguration> peers = PeersOf(options, Node, directory);
        RequireRoutes(options.Routes, [.. peers.Select(static peer => peer.NodeId)]);
        _map = new ShardMap(options.Shards);
        _hosts = NodeHost.Open(
            new UdpPortOptions
            {
                Local = options.Listen.ToNetAddress(),
                Offload = options.Offload,
                ReceiveBufferBytes = options.SocketBufferBytes,
                SendBufferBytes = options.SocketBufferBytes,
            },
            options.Shards, clock);
        Ended = Task.WhenAll(_hosts.Select(static host => host.Ended));
        var streamOptions = new Transport.Streams.StreamOptions();
        _front = new StreamFront(streamOptions, options.Time, _map, _hosts.Select(static host => (Action)host.Wake));
        _replay = new ReplayStore(
            options.StateFolder, state.Generation, Durable,
            fault => Tell(new FcpEndpointEvent.AlarmRaised(new NodeAlarm(NodeAlarmKind.StoreFailed, default, $"no new stream is opened: {fault.Message}. {fault.Remedy}"))),
            store, kept?.Witness);
        if (options.Shards > 1) _shares = new ReplayShares(_replay, _map); // nothing was put yet, so nothing has become durable
        Protocol.Replay.ReplayStart start = _replay.Load(options.RelayedReplay, new EpochId(now.UnixSeconds / EpochSchedule.EpochSeconds));
        bool isAssigned = _map.TryAssign(peers, options.Routes, start.Streams.Select(static record => record.Stream.Source));
        Invariant.Require(isAssigned, "nobody is owned before the start");
        var common = new Common(
            crypto, peers, streamOptions, new Protocol.Replay.InstanceSource(crypto, _signing, state.Generation, watch.Last.BootId, watch.Last.Generation),
            start, Keeping(), new HelloDoor(options.Admission), clock);
        _shards = [.. Enumerable.Range(0, options.Shards).Select(index => NewShard(index, common, engines, now))];
    }

    /// <summary>The options, as they are followed now.</summary>
    public FcpEndpointOptions Options { get; private set; }

    /// <summary>This node.</summary>
    public NodeId Node { get; }

    /// <summary>Since when it is open.</summary>
    public TimeSpan Uptime => Options.Time.GetElapsedTime(_openedAt);

    /// <summary>Where it receives; the port that was taken if 0 was asked for.</summary>
    public IPEndPoint Address => _hosts[0].Udp.Local.ToEndPoint();

    /// <summary>Whether runs of datagrams go by one system call, and why (not).</summary>
    public OffloadState Offload => _hosts[0].Udp.Offload;

    /// <summary>The AEAD engine of the data path: <c>libsodium</c>, or such as <c>wide-512</c>.</summary>
    public string Engine => _engines.AeadName;

    /// <summary>The engine of session MACs.</summary>
    public string MacEngine => _engines.MacName;

    /// <summary>What hashes objects and files.</summary>
    public string HashEngine => _engines.HashName;

    /// <summary>Engines that were switched off at start because they did not agree with libsodium; empty if none was.</summary>
    public IReadOnlyList<string> EngineFaults => _engines.Faults;

    /// <summary>Why keys may be swapped out to disk; null if they are locked, or the platform does not tell.</summary>
    public string? LockedMemoryFault { get; } = LockedMemory.Fault();

    /// <summary>What in the state folder did not count at the start: whose attestation, and why.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>The zones that this node has keys of.</summary>
    public IEnumerable<ZoneId> Zones => _control.Zones.Where(static zone => zone.Value.HasKeys).Select(static zone => zone.Key);

    /// <summary>The alarms whose reason lasts, at most a second old; those that tell of a single event are in <see cref="Events"/> only.</summary>
    public IReadOnlyList<NodeAlarm> Alarms => _control.Alarms;

    /// <summary>True if this node knows a zone and the other as a member of it.</summary>
    public bool IsMember(ZoneId zone, NodeId node) => _control.Zones.TryGetValue(zone, out ZoneView? view) && view.Members.Contains(node);

    /// <summary>Takes records in that were carried here as a file: attestations, revocations, profiles, manifests.</summary>
    /// <returns>What became of each.</returns>
    public Task<IReadOnlyList<RecordVerdict>> TakeAsync(IReadOnlyList<ControlRecord> records) => _control.Submit(records);

    /// <summary>Gives this node fresh keys in the group of an MLS zone: whoever copied its state knows nothing of the epochs behind that.</summary>
    /// <returns>Accepted once the commit is made; the epoch comes with the coordinator's manifest (<see cref="FcpEndpointEvent.ZoneChanged"/>).</returns>
    /// <remarks>Errors: <c>NotMember</c> for a zone in whose group this node is not.</remarks>
    public async Task<FcpStatus> HealAsync(ZoneId zone) => (await TakeAsync([HealOrder.Of(zone)]).ConfigureAwait(false))[0].Status;

    /// <summary>What happens; the oldest are dropped if nobody reads. Ends with the endpoint: with an exception if it broke.</summary>
    public ChannelReader<FcpEndpointEvent> Events => _events.Reader;

    /// <summary>Frames sealed and sent.</summary>
    public long FramesSent => _shards.Sum(static shard => shard.Core.FramesSent);

    /// <summary>Frames that verified and were fresh.</summary>
    public long FramesAccepted => _shards.Sum(static shard => shard.Core.FramesAccepted);

    /// <summary>Sessions that it went on with, of the process before (mode M1).</summary>
    public int SessionsResumed => _shards.Sum(static shard => shard.Core.SessionsResumed);

    /// <summary>The MAC suite of the session established last; null before the first.</summary>
    public int? Suite => _shards.Select(static shard => shard.Core.LastSuite).FirstOrDefault(static suite => suite != MacSuite.Unset) is var suite and not MacSuite.Unset ? (int)suite : null;

    /// <summary>Ends when the endpoint has ended; faulted if it broke.</summary>
    public Task Ended { get; }

    /// <summary>Opens an endpoint.</summary>
    /// <remarks>
    /// Errors: <see cref="ArgumentException"/> that lists every fault of the options; <see cref="StateStoreException"/>;
    ///         <see cref="PlatformNotSupportedException"/> if libsodium is not usable; <see cref="SocketException"/>.
    /// </remarks>
    public static FcpEndpoint Open(FcpEndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> faults = options.Faults();
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));
        CryptoProvider crypto = LibsodiumGate.Open();
        ulong now = (ulong)options.Time.GetUtcNow().ToUnixTimeSeconds();
        StateStore store = StateStore.Open(options.StateFolder, options.StateKey, crypto);
        EngineSelection engines = EngineSelection.Choose(options.Engine, EngineFile.Read(options.StateFolder));
        EngineFile.Write(options.StateFolder, engines.Remembered);
        crypto = Host.Engine.Bind(crypto, engines);
        NodeState state = NodeState.Open(store, crypto, options.IsArchive);
        KeptStart? kept = null;
        FcpEndpoint endpoint;
        try
        {
            var watch = new HostWatch(() => HostIds.Look(options.Time, options.HostGenerationFile));
            kept = KeptStart.Open(options, store);
            state.Begin(new StartMark(now, watch.Last.BootId, watch.Last.Generation, kept?.Generation ?? 0));
            kept?.Begun(store);
            endpoint = Bind(options, store, kept, state, watch, crypto, engines);
        }
        catch
        {
            kept?.Dispose();
            state.Dispose();
            throw;
        }

        endpoint._control.Start(endpoint._shards, endpoint._map, endpoint._replay);
        foreach (Shard shard in endpoint._shards) shard.Host.Start(shard.Core, shard.Streams);
        _ = endpoint.EndTogetherAsync();
        _ = endpoint.TellBreakAsync();
        return endpoint;
    }

    /// <summary>Stops: nothing half-written stays under a final name; what was received so far is used by the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        foreach (NodeHost host in _hosts) host.Stop();
        foreach (NodeHost host in _hosts) await host.DisposeAsync().ConfigureAwait(false);
        await _front.DisposeAsync().ConfigureAwait(false);
        _replay.Dispose();
        _kept?.Dispose();
        await _control.DisposeAsync().ConfigureAwait(false);
        foreach (Shard shard in _shards) shard.Dispose();
        _signing.Dispose();
        _following.Dispose();
        _events.Writer.TryComplete();
        CloseObjects();
        foreach (FcpFileSend send in _shards.SelectMany(static shard => shard.Sends.Values)) send.CompletionSource.TrySetCanceled(CancellationToken.None);
    }

    /// <summary>Opens both sockets. A free UDP port may be taken in TCP: where any will do, another is tried.</summary>
    private static FcpEndpoint Bind(
        FcpEndpointOptions options, StateStore store, KeptStart? kept, NodeState state, HostWatch watch, CryptoProvider crypto, EngineSelection engines)
    {
        for (int tried = 1; ; tried++)
        {
            var endpoint = new FcpEndpoint(options, store, kept, state, watch, crypto, engines);
            try
            {
                if (options.AcceptsSessions) endpoint._front.Listen(endpoint._hosts[0].Udp.Local);
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
        foreach (Shard shard in _shards) shard.Core.Dispose();
        foreach (NodeHost host in _hosts) host.DisposeAsync().AsTask().GetAwaiter().GetResult(); // nothing runs yet, so nothing is waited for
        _front.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _replay.Dispose();
        foreach (Shard shard in _shards) shard.Dispose();
        _signing.Dispose();
        _following.Dispose();
    }

    /// <summary>Records have become durable: the shards look; the replay store's thread.</summary>
    private void Durable()
    {
        _shares?.Sort();
        foreach (NodeHost host in _hosts) host.Wake();
    }

    /// <summary>What the process before has kept, if it may be believed; what may not is erased.</summary>
    private SessionKeeping? Keeping()
    {
        if (_kept is { IsBelieved: true }) return new SessionKeeping(_replay, _replay.LoadSessions());
        int discarded = _replay.DiscardSessions();
        if (_kept is { IsRolledBack: true })
        {
            Tell(new FcpEndpointEvent.AlarmRaised(new NodeAlarm(
                NodeAlarmKind.StateRolledBack, default,
                $"replay_state_rolled_back: the witness {Options.Witness} knows a later state than {Options.StateFolder} is in; {discarded} kept sessions were closed, new ones are made")));
        }

        return _kept is null ? null : new SessionKeeping(_replay, []);
    }

    private static void RequireCeilings(FcpEndpointOptions options, NodeState state)
    {
        if (options.RelayedReplay != Protocol.Replay.RelayedReplayRule.EpochFence) return;
        // Their epochs count commits; a fence of replays that goes by the clock would let everything or nothing through. [REPLAY §6.1]
        foreach (NodeZone zone in state.Zones.Values.Where(static zone => zone.State.IsOfAGroup))
        {
            throw new ArgumentException($"RelayedReplay: EpochFence goes by the clock, and {zone.State.Zone} is an MLS zone, whose epochs do not; use Ceilings");
        }
    }
}
