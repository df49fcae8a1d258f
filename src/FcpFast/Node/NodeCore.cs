using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>One node: sessions, control messages, the data path and file transfers, without sockets, clock or threads.</summary>
/// <typeparam name="TAead">The AEAD engine of the data path.</typeparam>
/// <typeparam name="TMac">The MAC engine of the data path.</typeparam>
/// <remarks>
/// Shape:   the rooms of FcpFast.Protocol put together; every input is a method call, every output a call of a port or observer.
/// Errors:  what a peer sends is counted and dropped; nothing throws for it.
/// Threads: one thread, the shard's.
/// Source:  [WIRE §6] to [WIRE §9], [WIRE §16].
/// </remarks>
public sealed partial class NodeCore<TAead, TMac> : INodeCore
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private readonly NodeParts _parts;
    private readonly NodeOptions _options;
    private readonly CryptoProvider _crypto;
    private readonly SessionTable _sessions;
    private readonly HandshakeContext _handshakes;
    private HandshakeResponder _responder;
    private readonly HelloDoor _door;
    private readonly Dictionary<NodeId, PeerLink> _links = [];
    private readonly List<PeerLink> _linksInOrder = [];
    private readonly ContentWindows _windows;
    private readonly SubkeyCache _subkeys;
    private readonly AssemblyTable _assembly;
    private readonly IncomingTransfers _incoming;
    private readonly OutgoingTransfers _outgoing;
    private readonly List<ZoneKeyId> _erasedKeys = [];
    private readonly SettledClock _keyClock = new();
    private readonly CborWriter _writer = new(1024);
    private readonly Func<NodeId, int> _symbolBytesTo;
    private Bytes16 _boot;
    private Instant _now;
    private long _nextRingTicks;

    /// <summary>Builds a node.</summary>
    public NodeCore(NodeParts parts, NodeOptions options, Instant now)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(options);
        _parts = parts;
        _options = options;
        _crypto = parts.Crypto;
        _now = now;
        _boot = Random16();
        _sessions = new SessionTable(options.SessionsMax);
        _handshakes = new HandshakeContext(parts.Crypto, parts.Self, parts.Directory, _sessions)
        {
            Suites = options.Suites,
            MinSuiteOf = MinSuiteOf,
            LanesMaxOf = LanesMaxOf,
            GoesFirst = GoesFirst,
            Limits = options.SessionLimits,
            DatagramBytesMax = options.DatagramBytesMax,
            WindowFrames = options.WindowFrames,
            KeepsSessions = parts.Keeping is not null,
            Steering = parts.Shards?.Steering ?? SessionSteering.Single,
            DatagramHellosVerifiedPerSecondMax = Math.Max(1, SessionRules.DatagramHellosVerifiedPerSecondMax / (parts.Shards?.Steering.Shards ?? 1)),
        };
        _responder = new HandshakeResponder(_handshakes, now);
        _door = parts.Door ?? new HelloDoor(options.Admission);
        _windows = new ContentWindows(options.WindowFrames, parts.Durability);
        _subkeys = new SubkeyCache(parts.Crypto, options.SubkeysMax);
        _assembly = new AssemblyTable(options.AssemblyBytes, options.Admission);
        _incoming = new IncomingTransfers(_assembly, parts.Store, this, parts.Observer, ControlCounters, options.CreditBytesMax, _crypto.NewHasher());
        _undurable = new HeldFrames(FcpStatus.ReplayNotDurable, Math.Max(HeldFrames.BytesLeast, checked(2 * options.CreditBytesMax))); // all that may be under way, headers too
        if (parts.Durability is not null) _incoming.IsHeldBack = _undurable.Holds;
        _outgoing = new OutgoingTransfers(parts.Source, this, parts.Observer);
        _verify = new VerifyBatch<TMac>(_sessions, parts.Zones, Counters, options.DatagramBytesAcceptedMax);
        _open = new OpenBatch<TAead, AssemblyTable>(parts.Zones, _windows, _subkeys, this, Counters, _assembly);
        foreach (PeerConfiguration peer in parts.Peers) AddLink(peer, now);
        Follow(options.Routes, now);
        if (parts.Keeping is { } keeping) Resume(keeping, now);

        foreach (ZoneEntry zone in parts.Zones.Zones) _handOver.NoteRemoval(zone.Ring, now);
        _symbolBytesTo = SymbolBytesTo;
        TickRings(now);
    }

    /// <inheritdoc/>
    public StatusCounters Counters { get; } = new();

    /// <inheritdoc/>
    public StatusCounters ControlCounters { get; } = new();

    /// <inheritdoc/>
    public MacSuite LastSuite { get; private set; }

    /// <inheritdoc/>
    public int AssemblyBytes => _assembly.ArenaBytes - _assembly.FreeBytes;

    /// <summary>The files that come in.</summary>
    public IncomingTransfers Incoming => _incoming;

    /// <summary>The files that go out.</summary>
    public OutgoingTransfers Outgoing => _outgoing;

    /// <inheritdoc/>
    public LinkState StateOf(NodeId peer) => _links.TryGetValue(peer, out PeerLink? link) ? link.State : LinkState.Down;

    /// <inheritdoc/>
    public void Send(OutgoingFile file) => _outgoing.Start(file);

    /// <inheritdoc/>
    public void Cancel(OutgoingFile file) => _outgoing.Cancel(file);

    /// <inheritdoc/>
    public void Drain() => _incoming.TakesNew = false;

    /// <inheritdoc/>
    public int IncomingCount => _incoming.Files.Count(file => file.IsUnderWay && LinkTo(file.Source) is { IsUp: true });

    /// <inheritdoc/>
    public void Tick(Instant now)
    {
        _now = now;
        if (now.Ticks >= _nextRingTicks) TickRings(now);
        if (now.Ticks >= _nextSweepTicks && !_isHalted) SweepLinks(now);
        TakeKept();
        OpenWaiting(now);
        _incoming.Tick(now);
        _outgoing.Tick(_symbolBytesTo, now);
    }

    /// <inheritdoc/>
    public long NextTicks(Instant now)
    {
        long next = Math.Min(_nextRingTicks, Math.Min(_incoming.NextTicks(), _outgoing.NextTicks(now)));
        return Math.Min(Math.Min(next, _isHalted ? long.MaxValue : _nextSweepTicks), _nextFillTicks);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _incoming.AbandonAll();
        foreach (PeerLink link in _linksInOrder)
        {
            link.EndStreams();
            link.Handshake?.Dispose();
        }

        foreach (PeerSession session in _sessions.Sessions) session.Dispose();
        _responder.Dispose();
        _subkeys.Dispose();
    }

    /// <summary>The floor of handshakes with a peer: this node's own, or that of a zone that the two share. [WIRE §8]</summary>
    private MacSuite MinSuiteOf(NodeId peer)
    {
        MacSuite floor = _options.MinSuite;
        foreach (ZoneEntry zone in _parts.Zones.Zones)
        {
            if (zone.MinSuite > floor && zone.Members.Contains(peer)) floor = zone.MinSuite;
        }

        return floor;
    }

    /// <summary>Lanes of a session: one for each stream of an ordinary peer, room for many origins where a relay brings them.</summary>
    private int LanesMaxOf(NodeId peer)
    {
        bool isRelay = _links.TryGetValue(peer, out PeerLink? link) && link.Configuration.IsRelay;
        if (!isRelay) return ReplayRules.LanesMax;
        return _routes.Count > 0 ? ReplayRules.RelayIngressLanesMax : ReplayRules.RelayLanesMax;
    }

    /// <summary>What goes to nodes that are reached by this link is announced and measured anew.</summary>
    private void RestartTransfers(PeerLink link, Instant now)
    {
        for (int i = 0; i < _outgoing.Destinations.Count; i++)
        {
            if (LinkTo(_outgoing.Destinations[i]) == link) _outgoing.Restart(_outgoing.Destinations[i], now);
        }
    }

    /// <summary>Moves keys and epochs on, and lets windows and subkeys follow; once a second.</summary>
    private void TickRings(Instant now)
    {
        _nextRingTicks = now.Ticks + Instant.TicksPerSecond;
        ulong settled = _keyClock.Read(now);
        foreach (ZoneEntry zone in _parts.Zones.Zones)
        {
            _erasedKeys.Clear();
            zone.Ring.Tick(now.UnixSeconds, settled, _erasedKeys);
            foreach (ZoneKeyId erased in _erasedKeys) Forget(zone.Ring, erased);
            foreach (ZoneKey key in zone.Ring.ZoneKeys)
            {
                if (key.IsRatcheting) _subkeys.Erase(zone.Ring.ZoneHash, key.Id, key.FirstKeptEpoch);
            }

            PrepareStreams(zone, now);
        }
    }

    /// <summary>A zone key left its ring: nothing that was derived from it or judged under it stays.</summary>
    private void Forget(ZoneKeyRing ring, ZoneKeyId erased)
    {
        _subkeys.Erase(ring.ZoneHash, erased);
        _windows.Forget(ring.ZoneHash, erased);
        foreach (PeerLink relay in _relays) relay.Sources!.Forget(ring.ZoneHash, erased);
        _parts.Instances.Forget(erased);
        _handOver.Forget(ring.ZoneHash, erased);
        foreach (PeerLink link in _linksInOrder) link.Forget(ring.ZoneHash, erased);
        foreach (PeerSession session in _sessions.Sessions) session.Lanes.Retire(ring.ZoneHash, erased);
    }

    private Bytes16 Random16()
    {
        Span<byte> bytes = stackalloc byte[Bytes16.Length];
        _crypto.Random.Fill(bytes);
        return Bytes16.Read(bytes);
    }

    private ObjectId RandomObjectId()
    {
        Span<byte> bytes = stackalloc byte[ObjectId.Length];
        _crypto.Random.Fill(bytes);
        return ObjectId.Read(bytes);
    }

    private ulong Random64() => Random16().Word0;
}
