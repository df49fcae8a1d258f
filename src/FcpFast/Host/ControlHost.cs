using System;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Attestations;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;
using FcpFast.State;

namespace FcpFast.Host;

/// <summary>The control plane of a running node: a thread that judges records, stores them, and hands what follows to the shard.</summary>
/// <remarks>
/// Shape:   the data path never waits for it: the shard hands messages over and gets images of key rings back, between two turns.
/// Threads: its own; <see cref="Receive"/>, <see cref="LinkChanged"/> and <see cref="Submit"/> from any.
/// </remarks>
internal sealed class ControlHost : IRecordPort, IExchangePort, IAsyncDisposable
{
    private const int OutboxMax = 16_384;
    private const int OutboxMilliseconds = 50;
    private const int InboxMilliseconds = 100;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly BlockingCollection<Action> _queue = [];
    private readonly QueueShares _shares = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<NodeId, ConcurrentQueue<ReadOnlyMemory<byte>>> _outboxes = new();
    private readonly NodeState _state;
    private readonly CryptoProvider _crypto;
    private readonly RecordExchange _exchange;
    private readonly NodeClock _clock;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private readonly Action<FcpEndpointEvent> _tell;
    private readonly HashSet<ZoneId> _published = [];
    private readonly HostWatch _watch;
    private readonly bool _isFenced;
    private IReadOnlyList<Shard> _shards = [];
    private ShardMap? _map;
    private ReplayStore? _replay;
    private ulong _liveGeneration;
    private long _lookedAt;
    private readonly Lock _lives = new(); // whether the core is halted, and in which order it is told
    private readonly TimeSpan _silenceMax;
    private ControlWatch? _control;
    private volatile bool _isHalted;
    private bool _isStoreSound = true;
    private volatile FrozenDictionary<ZoneId, ZoneView> _zones = FrozenDictionary<ZoneId, ZoneView>.Empty;
    private volatile IReadOnlyList<NodeAlarm> _alarms = [];
    private Dictionary<NodeId, PeerIdentity> _filed = [];
    private long _unknownKeys;
    private bool _isInboxStuck; // looked at again with the next round
    private volatile bool _isStopping;

    /// <param name="state">What the node believes; owned from now on.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="clock">The clocks.</param>
    /// <param name="watch">Sees copies of this process and machine.</param>
    /// <param name="options">The endpoint's.</param>
    /// <param name="tell">Who is told what happens.</param>
    public ControlHost(NodeState state, CryptoProvider crypto, NodeClock clock, HostWatch watch, FcpEndpointOptions options, Action<FcpEndpointEvent> tell)
    {
        _watch = watch;
        _liveGeneration = state.Generation;
        _crypto = crypto;
        _state = state;
        _clock = clock;
        _time = options.Time;
        _folder = options.StateFolder;
        _silenceMax = options.ControlSilenceMax;
        _isFenced = options.RelayedReplay == Protocol.Replay.RelayedReplayRule.EpochFence;
        _tell = tell;
        _exchange = new RecordExchange(state, this);
        foreach (ZoneId zone in state.Zones.Keys) Show(zone);
    }

    /// <summary>What is shown of the zones; any thread.</summary>
    public IReadOnlyDictionary<ZoneId, ZoneView> Zones => _zones;

    /// <summary>The alarms whose reason lasts; any thread.</summary>
    public IReadOnlyList<NodeAlarm> Alarms => _alarms;

    /// <summary>The identities on file, also those that do not count (any more): a handshake tells why.</summary>
    public PeerDirectory NewDirectory(ulong nowUnixSeconds)
    {
        var directory = new PeerDirectory();
        foreach (NodeKeyAttestation attestation in _state.Attestations.Nodes.Values)
        {
            PeerIdentity identity = _state.IdentityOf(attestation, nowUnixSeconds);
            _filed[identity.NodeId] = identity;
            directory.Set(identity);
        }

        return directory;
    }

    /// <summary>The zones as the data path sees them, with keys of their own.</summary>
    public ZoneTable NewZoneTable()
    {
        var table = new ZoneTable();
        foreach (NodeZone zone in _state.Zones.Values.Where(static zone => zone.Ring.ZoneKeys.Count > 0))
        {
            var ring = new ZoneKeyRing(zone.State.Zone);
            ring.Adopt(zone.Ring.ToImage(_crypto.Vault), _crypto, []);
            table.Set(new ZoneEntry(ring, zone.State.Profiles.Terms.MinSuite, MembersOf(zone)));
            _published.Add(zone.State.Zone);
        }

        return table;
    }

    /// <summary>Starts the thread.</summary>
    /// <param name="shards">The node's shards.</param>
    /// <param name="map">Who of them owns whom.</param>
    /// <param name="replay">What they make durable.</param>
    public void Start(IReadOnlyList<Shard> shards, ShardMap map, ReplayStore replay)
    {
        _shards = shards;
        _map = map;
        _replay = replay;
        _control = new ControlWatch(_time, _silenceMax, HaltForSilence);
        new Thread(Run) { Name = "fcpfast control", IsBackground = true }.Start();
    }

    public bool Takes(SchemaHash schema) => RecordExchange.Takes(schema);

    public FcpStatus Receive(NodeId from, ReadOnlySpan<byte> payload)
    {
        if (!_shares.TryTake(from, payload.Length)) return FcpStatus.RecordBudgetExceeded;
        byte[] copy = payload.ToArray();
        Enqueue(() =>
        {
            _shares.Return(from, copy.Length);
            _exchange.Receive(from, copy, Now.UnixSeconds);
        });
        return FcpStatus.Accepted;
    }

    /// <summary>The way to a peer changed; the shard's thread.</summary>
    public void LinkChanged(NodeId peer, LinkState state)
    {
        if (state == LinkState.Established) Enqueue(() => _exchange.Connected(peer, Now.UnixSeconds));
        else if (state == LinkState.Down) Enqueue(() => Forget(peer));
    }

    /// <summary>Judges records as if they had come as a file.</summary>
    /// <remarks>Errors: <see cref="ObjectDisposedException"/> once it ends; what broke it, if it is broken.</remarks>
    public async Task<IReadOnlyList<RecordVerdict>> Submit(IReadOnlyList<ControlRecord> records)
    {
        ControlRecord[] own = [.. records]; // the caller's list may change, and must not break this thread
        var result = new TaskCompletionSource<IReadOnlyList<RecordVerdict>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(() => result.TrySetResult([.. own.Select(record => _exchange.Take(record, Now.UnixSeconds))]));
        await Task.WhenAny(result.Task, _ended.Task).ConfigureAwait(false);
        if (result.Task.IsCompleted) return await result.Task.ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(false);
        throw new ObjectDisposedException(nameof(FcpEndpoint));
    }

    void IExchangePort.Send(NodeId to, ReadOnlyMemory<byte> payload)
    {
        ConcurrentQueue<ReadOnlyMemory<byte>> outbox = _outboxes.GetOrAdd(to, static _ => new ConcurrentQueue<ReadOnlyMemory<byte>>());
        if (outbox.Count < OutboxMax) outbox.Enqueue(payload); // what does not fit is asked for again
        Drain(to, outbox);
    }

    void IExchangePort.ZoneChanged(ZoneId zone)
    {
        Publish(zone);
        NodeZone changed = _state.Zones[zone];
        _tell(new FcpEndpointEvent.ZoneChanged(zone, changed.State.Current?.ZoneKeyId, changed.State.IsMember(_state.Node)));
    }

    private void Publish(ZoneId zone)
    {
        Show(zone);
        NodeZone changed = _state.Zones[zone];
        if (_isFenced && changed.State.IsOfAGroup)
        {
            _tell(new FcpEndpointEvent.AlarmRaised(new NodeAlarm(
                NodeAlarmKind.ZoneWithoutKey, zone, $"{zone} is an MLS zone, whose epochs do not follow the clock: it is not used with RelayedReplay EpochFence; start with Ceilings")));
            return;
        }

        if (changed.Ring.ZoneKeys.Count == 0 && !_published.Contains(zone)) return; // a relay follows the history and has no keys
        _published.Add(zone);
        FrozenSet<NodeId> members = MembersOf(changed);
        MacSuite minSuite = changed.State.Profiles.Terms.MinSuite;
        foreach (Shard shard in _shards)
        {
            ZoneKeyRingImage image = changed.Ring.ToImage(_crypto.Vault); // each takes over keys of its own
            shard.Host.Post(() => shard.Core.Follow(image, minSuite, members, Now));
        }
    }

    void IExchangePort.PeersChanged() => FilePeers();

    void IExchangePort.Raise(NodeAlarm alarm)
    {
        _isStoreSound &= alarm.Kind != NodeAlarmKind.StoreFailed;
        _tell(new FcpEndpointEvent.AlarmRaised(alarm));
    }

    /// <summary>Ends the thread, erases the keys and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _queue.CompleteAdding();
        if (_shards.Count > 0) await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _control?.Dispose();
        _state.Dispose();
        _queue.Dispose();
    }

    private Instant Now => _clock.Read();

    private void Enqueue(Action action)
    {
        try
        {
            _queue.Add(action);
        }
        catch (InvalidOperationException)
        {
            // the endpoint is being closed
        }
    }

    private void Run()
    {
        long due = _time.GetTimestamp();
        while (!_isStopping)
        {
            try
            {
                Turn(ref due);
            }
#pragma warning disable CA1031 // a broken control plane must not go unnoticed, nor take the data plane with it
            catch (Exception e)
            {
                _ended.TrySetException(e);
                _tell(new FcpEndpointEvent.AlarmRaised(new NodeAlarm(NodeAlarmKind.StoreFailed, default, $"the control plane broke: {e.Message}; in {_silenceMax} all sessions end, since no revocation is heard any more. Start the node again")));
                return;
            }
#pragma warning restore CA1031
        }

        _ended.TrySetResult();
    }

    private void Turn(ref long due)
    {
        if (_time.GetElapsedTime(_lookedAt) >= LookEvery)
        {
            _lookedAt = _time.GetTimestamp();
            if (_watch.Look() is { } reason) Halt(reason);
        }

        TimeSpan untilDue = Round - _time.GetElapsedTime(due);
        int wait = (int)Math.Clamp(untilDue.TotalMilliseconds, 0, _outboxes.Any(static outbox => !outbox.Value.IsEmpty) ? OutboxMilliseconds : InboxMilliseconds);
        if (_queue.TryTake(out Action? action, wait)) Guarded(action); // whatever becomes of it, the round is kept
        if (_state.Generation != _liveGeneration) Halt(reason: null); // a peer's witness has told that the disk was put back
        foreach ((NodeId to, ConcurrentQueue<ReadOnlyMemory<byte>> outbox) in _outboxes) Drain(to, outbox);
        Guarded(() => _isInboxStuck = _isInboxStuck || !Inbox.Take(_folder, TakeFile, TellRefusal));
        if (_time.GetElapsedTime(due) < Round) return;
        due = _time.GetTimestamp();
        Guarded(KeepRound);
    }

    private void KeepRound()
    {
        if (_isHalted) BeginAnew(); // proves the store, too
        _isInboxStuck = false;
        long unknownKeys = _shards.Sum(static shard => shard.Core.Counters[FcpStatus.UnknownZoneKey] + shard.Core.ControlCounters[FcpStatus.UnknownZoneKey]);
        if (unknownKeys != _unknownKeys) _exchange.AskForKeys(Now.UnixSeconds);
        _unknownKeys = unknownKeys;
        _exchange.Tick(Now);
        _alarms = _exchange.Standing;
        FilePeers(); // attestations end, lists of revocations become stale
        if (!_isStoreSound) _state.ProveStore();
        _isStoreSound = true;
        _control!.Sound();
    }

    /// <summary>A store that fails ends what was begun, and nothing else: what it did not take was not used.</summary>
    private void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (StateStoreException e)
        {
            ((IExchangePort)this).Raise(new NodeAlarm(NodeAlarmKind.StoreFailed, default, $"{e.Message}. {e.Remedy}"));
        }
    }

    /// <summary>A twin may use what this process uses: nothing of it is used any more, before anything else is done. [REPLAY §5.4]</summary>
    private void Halt(string? reason)
    {
        if (reason is not null) _tell(new FcpEndpointEvent.AlarmRaised(new NodeAlarm(NodeAlarmKind.HostCloneSuspected, default, $"{reason}; all sessions are ended and made anew")));
        lock (_lives)
        {
            _isHalted = true;
            HaltShards();
        }

        if (reason is null) Live(); // the state has begun a generation already
        else Guarded(BeginAnew);
    }

    private void HaltShards()
    {
        foreach (Shard shard in _shards) shard.Host.Post(() => shard.Core.Halt(Now));
    }

    /// <summary>Nobody has seen to revocations for too long: the node takes and sends nothing until somebody does again. The watch's thread.</summary>
    private void HaltForSilence()
    {
        lock (_lives)
        {
            if (_isHalted) return;
            _isHalted = true;
            HaltShards();
        }

        _tell(new FcpEndpointEvent.AlarmRaised(new NodeAlarm(
            NodeAlarmKind.ControlSilent, default, $"the control plane has done nothing for {_silenceMax}, so no revocation would be honoured: all sessions are ended until it works again")));
    }

    /// <summary>A new generation, durable before it is used. If the store does not take it, the node stays as it is, and tries again each round.</summary>
    private void BeginAnew()
    {
        _state.Begin(new StartMark(Now.UnixSeconds, _watch.Last.BootId, _watch.Last.Generation));
        Live();
    }

    private void Live()
    {
        _liveGeneration = _state.Generation;
        HostSigns signs = _watch.Last;
        // The twin may have drawn the same random bytes and have come to the same generation: the moment of waking tells the two apart.
        var life = new HostLife(_liveGeneration, signs.BootId, FormattableString.Invariant($"{signs.Generation}@{signs.Wall.UtcTicks}+{signs.SinceBoot.Ticks}"));
        lock (_lives)
        {
            _isHalted = false;
            foreach (Shard shard in _shards)
            {
                shard.Host.Post(() =>
                {
                    _replay!.Begin(life.Generation); // which each may say: it counts from the first on
                    shard.Core.Begin(life, Now);
                });
            }
        }
    }

    private FcpStatus TakeFile(ControlRecord record)
    {
        FcpStatus status = _exchange.Take(record, Now.UnixSeconds).Status;
        TellRefusal(record.Kind.ToString(), status);
        return status;
    }

    private void TellRefusal(string what, FcpStatus status)
    {
        if (status != FcpStatus.Accepted) _tell(new FcpEndpointEvent.RecordRefused(what, status));
    }

    private void Forget(NodeId peer)
    {
        _exchange.Disconnected(peer);
        _outboxes.TryRemove(peer, out _);
    }

    private void Drain(NodeId to, ConcurrentQueue<ReadOnlyMemory<byte>> outbox)
    {
        if (outbox.IsEmpty) return;
        Shard owner = _shards[_map!.OwnerOf(to)];
        owner.Host.Post(() =>
        {
            while (outbox.TryPeek(out ReadOnlyMemory<byte> payload) && owner.Core.SendRecord(to, payload.Span, Now)) outbox.TryDequeue(out _);
        });
    }

    /// <summary>Tells the shard whose standing changed.</summary>
    private void FilePeers()
    {
        var filed = new Dictionary<NodeId, PeerIdentity>();
        ulong now = Now.UnixSeconds;
        foreach (NodeKeyAttestation attestation in _state.Attestations.Nodes.Values)
        {
            PeerIdentity identity = _state.IdentityOf(attestation, now);
            filed.Add(identity.NodeId, identity);
            if (_filed.TryGetValue(identity.NodeId, out PeerIdentity? before) && before == identity) continue;
            _map!.Assign(identity); // before any shard has heard of it
            foreach (Shard shard in _shards) shard.Host.Post(() => shard.Core.Follow(identity, Now));
            if (before?.Attestation != identity.Attestation) _tell(new FcpEndpointEvent.StandingChanged(identity.NodeId, identity.Attestation));
        }

        bool hasFewer = _filed.Values.Any(before => !filed.TryGetValue(before.NodeId, out PeerIdentity? after) || after.Attestation != before.Attestation);
        _filed = filed;
        if (!hasFewer) return;
        foreach (ZoneId zone in _published.ToArray()) Publish(zone);
    }

    /// <summary>The members whose attestation was not revoked: what the others seal is refused.</summary>
    private FrozenSet<NodeId> MembersOf(NodeZone zone) => zone.State.Members
        .Where(member => !_state.Attestations.Nodes.TryGetValue(member, out NodeKeyAttestation? one) || !_state.Revocations.IsRevoked(one.Keys.Signing)).ToFrozenSet();

    private void Show(ZoneId zone)
    {
        var shown = new Dictionary<ZoneId, ZoneView>(_zones);
        NodeZone changed = _state.Zones[zone];
        shown[zone] = new ZoneView(MembersOf(changed), changed.Ring.ZoneKeys.Count > 0);
        _zones = shown.ToFrozenDictionary();
    }
}
