using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Storage;

namespace FcpFast.Simulation.Nodes;

/// <summary>One process of a machine: a core, and the turns in which it is served, as a shard's thread serves it.</summary>
/// <remarks>
/// Shape: what arrives waits in an inbox; a turn takes all of it, lets the core do what time demands, and sends what is due. Turns are at least
///        20 us apart, which stands for the processor's time.
/// </remarks>
internal sealed partial class NodeProcess : IStreamPort, IDatagramPort
{
    private const int SlabBytes = 64 * 1024;
    private const int SlabsPerTurn = 8;

    private static readonly long TurnTicks = TimeSpan.FromMicroseconds(20).Ticks;

    private readonly SimulatedNode _machine;
    private readonly NodePlan _plan;
    private readonly World _world;
    private readonly NodeIdentity _identity;
    private readonly MemoryStore _store;
    private readonly MemorySource _source;
    private readonly MemoryReplayStore _replay;
    private readonly Queue<Action<Instant>> _events = new();
    private readonly Queue<Packet> _datagrams = new();
    private readonly byte[] _slab = GC.AllocateArray<byte>(SlabBytes, pinned: true);
    private readonly Dictionary<long, StreamEnd> _connections = [];
    private long _lastTurnTicks = long.MinValue / 2;
    private long _nextTurnTicks = long.MaxValue;
    private bool _isOver;

    public NodeProcess(SimulatedNode machine, NodePlan plan, WorldRandom random)
    {
        _machine = machine;
        _plan = plan;
        _world = machine.World;
        _identity = machine.Fleet.Issue(machine.Member, random, machine.Clock.Read().UnixSeconds, machine.Learned);
        plan.Prepare?.Invoke(_identity);
        _store = new MemoryStore(_world, machine.Disk, Wake);
        _source = new MemorySource(_world, plan.Source, Wake, () => machine.Clock.Read().UnixSeconds);
        _replay = new MemoryReplayStore(_world, machine.Disk, plan.ReplayFlush, Wake);
        CryptoProvider crypto = _identity.Crypto;
        var parts = new NodeParts(
            crypto, _identity.Self, _identity.Peers, _identity.Zones, PeersOf(plan, _identity),
            new InstanceSource(crypto, _identity.Self.SigningSeed, 0, "simulation", ""), this, this, _store, _source, new Observer(this), machine.Audit,
            Records: plan.Control, Durability: DurabilityOf(plan, machine), Keeping: KeepingOf(plan, machine, crypto));
        plan.Control?.Attach(machine);
        Core = plan.NewCore(parts, plan.Options, machine.Clock.Read());
        Wake();
    }

    public INodeCore Core { get; }

    public OutgoingFile Send(string name, byte[] content, ulong modified, string zone, NodeId to)
    {
        ZoneKeyRing ring = _identity.RingOf(zone);
        OutgoingFile file = _source.Open(name, content, modified, ring, _machine.Id, to);
        _events.Enqueue(_ => Core.Send(file));
        Wake();
        return file;
    }

    public void Follow(Fleets.Member member, FcpStatus attestation) =>
        Core.Follow(_identity.Peers.Find(member.Id)! with { Attestation = attestation }, _machine.Clock.Read());

    /// <summary>The control plane has stored a manifest; the shard goes on with its keys.</summary>
    public void Learn(byte[] manifest) => Post(now =>
    {
        if (_identity.Take(manifest, now.UnixSeconds) is { } book) Core.Follow(book.ToImage(), MacSuite.HmacSha256, book.State.Members.ToHashSet(), now);
    });

    public void TakeDatagram(Packet packet)
    {
        if (packet.Bytes.Length == 0) return; // the port drops and counts these
        _datagrams.Enqueue(packet);
        Wake();
    }

    public bool Send(ReadOnlySpan<byte> datagrams, int datagramBytes, DatagramRoute to)
    {
        for (; !datagrams.IsEmpty; datagrams = datagrams[Math.Min(datagramBytes, datagrams.Length)..])
        {
            _world.Mesh.SendDatagram(_machine, to.To, datagrams[..Math.Min(datagramBytes, datagrams.Length)]);
        }

        return true;
    }

    /// <summary>Ends the process: nothing of it happens any more.</summary>
    public void End()
    {
        _isOver = true;
        _store.IsOver = true;
        _source.IsOver = true;
        _replay.IsOver = true;
        Core.Dispose();
        _identity.Dispose();
    }

    private ContentDurability? DurabilityOf(NodePlan plan, SimulatedNode machine)
    {
        if (plan.ReplayRule is not { } rule) return null;
        var epoch = new EpochId(machine.Clock.Read().UnixSeconds / EpochSchedule.EpochSeconds);
        EpochRecord[] epochs = [.. machine.Disk.ReplayEpochs.Select(static pair => new EpochRecord(pair.Key, pair.Value))];
        var start = new ReplayStart(rule, [.. machine.Disk.ReplayStreams.Values], epochs, epoch, IsFirst: machine.Starts <= 1) { KeepsSessions = plan.ReplayMode == ReplayMode.M1 };
        return new ContentDurability(_replay, start);
    }

    private SessionKeeping? KeepingOf(NodePlan plan, SimulatedNode machine, CryptoProvider crypto) =>
        plan.ReplayMode == ReplayMode.M1 ? new SessionKeeping(_replay, MemoryReplayStore.Load(machine.Disk, crypto.Vault)) : null;

    private static List<PeerConfiguration> PeersOf(NodePlan plan, NodeIdentity identity)
    {
        var peers = new List<PeerConfiguration>();
        foreach (SimulatedNode peer in plan.ConnectsTo)
        {
            peers.Add(new PeerConfiguration(peer.Id, ConnectsTo: true, peer.Address, identity.Peers.Find(peer.Id)?.IsRelay ?? false));
        }

        foreach (Protocol.Session.PeerIdentity known in identity.Peers.All)
        {
            if (known.NodeId != identity.Self.NodeId && !peers.Exists(peer => peer.NodeId == known.NodeId))
            {
                peers.Add(new PeerConfiguration(known.NodeId, ConnectsTo: false, default, known.IsRelay));
            }
        }

        return peers;
    }

    private void Wake() => AskForTurn(_world.NowTicks);

    /// <summary>Lets a turn happen at a moment, or as soon after it as turns may follow each other.</summary>
    private void AskForTurn(long ticks)
    {
        ticks = Math.Max(Math.Max(ticks, _world.NowTicks), _lastTurnTicks + TurnTicks);
        if (_isOver || ticks >= _nextTurnTicks) return;
        _nextTurnTicks = ticks;
        _world.At(ticks, () =>
        {
            if (_nextTurnTicks == ticks && !_isOver) Turn(); // else another turn was asked for before this one
        });
    }

    private void Turn()
    {
        Instant now = _machine.Clock.Read();
        _lastTurnTicks = _world.NowTicks;
        _nextTurnTicks = long.MaxValue;
        while (_events.TryDequeue(out Action<Instant>? next)) next(now);
        while (_datagrams.Count > 0) TakeSlab(now);
        Core.Tick(now);
        bool isMoreDue = Fill(now);
        if (_store.HoldsWrites) throw new InvalidOperationException($"a turn ends with writes that nobody lets the store begin\n{_world.Trace.Tail()}");
        AskForTurn(isMoreDue ? _world.NowTicks : _machine.Clock.ToWorldTicks(Core.NextTicks(now)));
    }

    /// <summary>Hands datagrams that lie together, are of one sender and size, and fit a slab to the core at once.</summary>
    private void TakeSlab(Instant now)
    {
        Packet first = _datagrams.Dequeue();
        int size = first.Bytes.Length, bytes = size, count = 1;
        first.Bytes.CopyTo(_slab, 0);
        while (_plan.Coalesces && count < _plan.SegmentsMax && bytes == count * size && _datagrams.TryPeek(out Packet? next)
            && next.From == first.From && next.Bytes.Length <= size && bytes + next.Bytes.Length <= SlabBytes)
        {
            _datagrams.Dequeue();
            next.Bytes.CopyTo(_slab, bytes);
            bytes += next.Bytes.Length;
            count++;
        }

        Core.ReceivedDatagrams(_slab.AsSpan(0, bytes), size, first.From, now);
    }

    /// <summary>Sends what is due; true if there may be more.</summary>
    private bool Fill(Instant now)
    {
        for (int i = 0; i < SlabsPerTurn; i++)
        {
            int bytes = Core.FillDatagrams(_slab, _plan.SegmentsMax, now, out int datagramBytes, out DatagramRoute to);
            if (bytes == 0) return false;
            _machine.LastRoute = to;
            Send(_slab.AsSpan(0, bytes), datagramBytes, to);
        }

        return true;
    }
}
