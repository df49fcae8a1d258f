using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Control.Nodes;

/// <summary>How records travel between running nodes: pushed when they change something, asked for on connecting and when something is missing.</summary>
/// <remarks>
/// Shape:   what is news goes to every peer that it concerns but the one it came from; what is known goes nowhere, so nothing circles. A relay
///          follows zones as a node without a box does, so it passes their records on, and keeps them whole for who asks.
/// Errors:  a peer with more than <see cref="RefusalsMax"/> forgeries, or <see cref="IdleMax"/> records that change nothing, a minute is not
///          listened to (<c>RecordBudgetExceeded</c>): each costs a signature check.
/// Threads: one user at a time.
/// Source:  [WIRE §12.2] (asking), README.md of this project.
/// </remarks>
public sealed class RecordExchange
{
    /// <summary>Records of one peer in a minute that are no record, or not its owner's.</summary>
    public const int RefusalsMax = 100;

    /// <summary>Records and requests of one peer in a minute that change nothing.</summary>
    public const int IdleMax = 20_000;

    /// <summary>Messages of groups from one peer in a minute that are kept: strangers to a group cannot verify them.</summary>
    public const int GroupMessagesMax = 2_000;

    /// <summary>
    /// Messages of groups from one peer in a minute that are passed on although they cannot be verified here: the others must not take this node for who floods them. The rest they get by asking.
    /// </summary>
    public const int UnprovenMax = 64;

    private const ulong AskSeconds = 1;
    private const ulong RoundSeconds = 60;

    private readonly NodeState _state;
    private readonly IExchangePort _port;
    private readonly Dictionary<NodeId, Peer> _peers = [];
    private readonly Dictionary<NodeId, PeerBudget> _budgets = [];
    private readonly Dictionary<NodeAlarm, bool> _raised = [];
    private readonly CborWriter _writer = new(1024);
    private ulong _roundUnixSeconds;

    /// <summary>Begins without peers.</summary>
    public RecordExchange(NodeState state, IExchangePort port)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(port);
        _state = state;
        _port = port;
    }

    /// <summary>The alarms whose reason lasts, as of the last <see cref="Tick"/>.</summary>
    public IReadOnlyList<NodeAlarm> Standing { get; private set; } = [];

    /// <summary>True if messages of a schema belong here.</summary>
    public static bool Takes(SchemaHash schema) =>
        schema == ManifestRequest.Schema || schema == RecordRequest.Schema
        || ControlRecord.KindOf(schema) is RecordKind.Attestation or RecordKind.Revocations or RecordKind.Profile or RecordKind.Manifest or RecordKind.Generation
            or RecordKind.GroupMessage or RecordKind.MembershipGrant;

    /// <summary>A session with a peer is up.</summary>
    public void Connected(NodeId node, ulong nowUnixSeconds)
    {
        if (!_budgets.TryGetValue(node, out PeerBudget? budget)) _budgets[node] = budget = new PeerBudget(nowUnixSeconds); // a new session is no new minute
        _peers[node] = new Peer(budget);
        if (_state.Statement is { } own) Send(node, ControlRecord.Of(RecordKind.Generation, own.Encoded.Span));
        if (_state.Statements.TryGetValue(node, out Witnesses.GenerationStatement? kept)) Send(node, ControlRecord.Of(RecordKind.Generation, kept.Encoded.Span));
        AskForEverything(node, nowUnixSeconds);
    }

    /// <summary>A peer is gone.</summary>
    public void Disconnected(NodeId node) => _peers.Remove(node);

    /// <summary>A message of a peer.</summary>
    public FcpStatus Receive(NodeId from, ReadOnlyMemory<byte> payload, ulong nowUnixSeconds)
    {
        if (!_peers.TryGetValue(from, out Peer? peer)) return FcpStatus.UnknownSession;
        if (!peer.Budget.MaySpeak(nowUnixSeconds)) return FcpStatus.RecordBudgetExceeded;
        FcpStatus status = Dispatch(from, peer, payload, nowUnixSeconds);
        if (IsForgery(status)) peer.Budget.Refusals++;
        return status;
    }

    /// <summary>A record that came as a file.</summary>
    public RecordVerdict Take(ControlRecord record, ulong nowUnixSeconds) => Take(default, record, nowUnixSeconds);

    /// <summary>Asks all peers anew for a zone: a frame named a key that is not here. [WIRE §12.2]</summary>
    public void AskForKeys(ulong nowUnixSeconds)
    {
        foreach (NodeId node in _peers.Keys)
        {
            foreach (ZoneId zone in _state.Zones.Keys) Ask(node, zone, nowUnixSeconds);
        }
    }

    /// <summary>Does what time demands; to be called about once a second.</summary>
    public void Tick(Instant now)
    {
        _state.Tick(now);
        PassMade();
        foreach ((NodeId node, Peer peer) in _peers)
        {
            foreach (ZoneId zone in peer.Owed.ToArray()) Ask(node, zone, now.UnixSeconds);
        }

        if (now.UnixSeconds >= _roundUnixSeconds + RoundSeconds)
        {
            _roundUnixSeconds = now.UnixSeconds;
            foreach (NodeId node in _peers.Keys) AskForEverything(node, now.UnixSeconds);
        }

        foreach ((NodeId node, PeerBudget budget) in _budgets)
        {
            if (!_peers.ContainsKey(node) && budget.IsOver(now.UnixSeconds)) _budgets.Remove(node); // removing while enumerating is allowed for Dictionary
        }

        Standing = _state.Alarms(now.UnixSeconds);
        RaiseNew(Standing);
    }

    private FcpStatus Dispatch(NodeId from, Peer peer, ReadOnlyMemory<byte> payload, ulong nowUnixSeconds)
    {
        FcpStatus status = CanonicalCbor.ReadSchema(payload.Span, CborLimits.ControlPayloadBytesMax, out SchemaHash schema);
        if (status != FcpStatus.Accepted) return status;
        if (schema == ManifestRequest.Schema || schema == RecordRequest.Schema)
        {
            peer.Budget.Idle++;
            return schema == ManifestRequest.Schema ? Answer(from, peer, payload.Span, nowUnixSeconds) : AnswerRecords(from, peer, payload.Span, nowUnixSeconds);
        }

        status = ControlRecord.Parse(payload, out ControlRecord record);
        if (status != FcpStatus.Accepted) return status;
        if (!Takes(schema)) return FcpStatus.UnknownSchema; // an enrolment, a card, evidence: for people, as files
        if (record.Kind == RecordKind.GroupMessage && ++peer.Budget.GroupMessages > GroupMessagesMax) return FcpStatus.RecordBudgetExceeded;
        RecordVerdict verdict = Take(from, record, nowUnixSeconds);
        if (verdict.IsNews) return FcpStatus.Accepted; // also a link, whose name is why it brought no key
        peer.Budget.Idle++;
        return verdict.Status;
    }

    /// <summary>What an honest peer with older records sends is refused too, and is no forgery.</summary>
    private static bool IsForgery(FcpStatus status) => status is not (
        FcpStatus.Accepted or FcpStatus.ManifestRollback or FcpStatus.ManifestGap or FcpStatus.ManifestEquivocation or FcpStatus.ManifestExpired
        or FcpStatus.NotYetValid or FcpStatus.ProfileMissing or FcpStatus.ProfileRollback or FcpStatus.Downgrade or FcpStatus.RevocationRollback
        or FcpStatus.RevocationEquivocation or FcpStatus.InvalidAttestation or FcpStatus.AttestationExpired or FcpStatus.AttestationRevoked
        or FcpStatus.AttestationNodeMismatch or FcpStatus.NotDurable or FcpStatus.RecordBudgetExceeded
        or FcpStatus.ObjectNotFound or FcpStatus.NotMember or FcpStatus.MissingWrappedObjectIdKey);

    private RecordVerdict Take(NodeId from, ControlRecord record, ulong nowUnixSeconds)
    {
        try
        {
            RecordVerdict verdict = _state.Take(record, nowUnixSeconds, from);
            if (verdict.IsBehind && !from.IsEmpty) Ask(from, verdict.Zone, nowUnixSeconds);
            if (verdict.Alarm != NodeAlarmKind.None) _port.Raise(new NodeAlarm(verdict.Alarm, verdict.Zone, $"{record.Kind}: {FcpStatusNames.NameOf(verdict.Status)}"));
            if (verdict.IsNews && MayPass(from, verdict)) Pass(from, record, verdict.Zone);
            PassMade();
            if (verdict.ChangesPeers) _port.PeersChanged();
            if (verdict.IsNews && record.Kind is RecordKind.Profile or RecordKind.Manifest) _port.ZoneChanged(verdict.Zone);
            return verdict;
        }
        catch (StateStoreException e)
        {
            _port.Raise(new NodeAlarm(NodeAlarmKind.StoreFailed, default, $"{e.Message}. {e.Remedy}"));
            return new RecordVerdict(FcpStatus.NotDurable);
        }
    }

    private bool MayPass(NodeId from, RecordVerdict verdict) =>
        !verdict.IsUnproven || !_peers.TryGetValue(from, out Peer? peer) || ++peer.Budget.Unproven <= UnprovenMax;

    /// <summary>What this node made itself goes to everybody that it concerns, also to whom the cause came from.</summary>
    private void PassMade()
    {
        foreach ((ZoneId zone, ControlRecord record) in _state.TakeMade())
        {
            Pass(default, record, zone);
            if (record.Kind == RecordKind.Manifest) _port.ZoneChanged(zone);
        }
    }

    /// <summary>News goes on to whom it concerns: everybody for attestations and revocations, members and relays for what a zone does.</summary>
    private void Pass(NodeId from, ControlRecord record, ZoneId zone)
    {
        foreach (NodeId node in _peers.Keys)
        {
            if (node != from && (zone.IsEmpty || Concerns(zone, node))) Send(node, record);
        }
    }

    /// <summary>Members, those that were ones (they are to learn that they are no more), and relays.</summary>
    private bool Concerns(ZoneId zone, NodeId node)
    {
        if (!_state.Zones.TryGetValue(zone, out NodeZone? held)) return false;
        if (_state.GroupConcerns(zone, node)) return true;
        if (held.State.Manifests.Accepted.Any(manifest => manifest.Members.Contains(node))) return true;
        return _state.Attestations.Nodes.TryGetValue(node, out NodeKeyAttestation? attestation) && attestation.Tags.Contains(PeerIdentity.RelayTag);
    }

    private FcpStatus Answer(NodeId from, Peer peer, ReadOnlySpan<byte> payload, ulong nowUnixSeconds)
    {
        FcpStatus status = ManifestRequest.Parse(payload, out ManifestRequest request);
        if (status != FcpStatus.Accepted) return status;
        if (!_state.Zones.ContainsKey(request.Zone)) return FcpStatus.Accepted; // whatever zones it makes up, nothing is remembered of them
        peer.Knows.Add(request.Zone);
        if (!Concerns(request.Zone, from)) return FcpStatus.Accepted;
        if (!peer.Budget.MayAsk(request.Zone, nowUnixSeconds, AskSeconds)) return FcpStatus.RecordBudgetExceeded;
        foreach (ControlRecord record in _state.Answer(request)) Send(from, record);
        return FcpStatus.Accepted;
    }

    /// <summary>Who asks for records has named the zones that it knows before; of others that it is a member of it is told.</summary>
    private FcpStatus AnswerRecords(NodeId from, Peer peer, ReadOnlySpan<byte> payload, ulong nowUnixSeconds)
    {
        FcpStatus status = RecordRequest.Parse(payload, out RecordRequest request);
        if (status != FcpStatus.Accepted) return status;
        if (!peer.Budget.MayAsk(default, nowUnixSeconds, AskSeconds)) return FcpStatus.RecordBudgetExceeded;
        foreach (ControlRecord record in _state.Answer(request, nowUnixSeconds)) Send(from, record);
        foreach (ZoneId zone in _state.Zones.Keys.Where(zone => Concerns(zone, from) && peer.Knows.Add(zone)))
        {
            foreach (ControlRecord record in _state.Answer(new ManifestRequest(zone, null))) Send(from, record);
        }

        return FcpStatus.Accepted;
    }

    private void AskForEverything(NodeId node, ulong nowUnixSeconds)
    {
        foreach (ZoneId zone in _state.Zones.Keys) Ask(node, zone, nowUnixSeconds);
        _state.AskForRecords(nowUnixSeconds).Write(_writer.Reset());
        _port.Send(node, _writer.ToArray());
    }

    private void Ask(NodeId node, ZoneId zone, ulong nowUnixSeconds)
    {
        if (!_peers.TryGetValue(node, out Peer? peer)) return;
        peer.Owed.Add(zone);
        if (peer.Asked.TryGetValue(zone, out ulong asked) && nowUnixSeconds < asked + AskSeconds + 1) return; // the tick asks
        peer.Owed.Remove(zone);
        peer.Asked[zone] = nowUnixSeconds;
        _state.AskForManifests(zone).Write(_writer.Reset());
        _port.Send(node, _writer.ToArray());
    }

    private void Send(NodeId to, ControlRecord record) => _port.Send(to, record.Payload);

    private void RaiseNew(IReadOnlyList<NodeAlarm> alarms)
    {
        foreach (NodeAlarm alarm in _raised.Keys.Except(alarms).ToArray()) _raised.Remove(alarm);
        foreach (NodeAlarm alarm in alarms)
        {
            if (_raised.TryAdd(alarm, true)) _port.Raise(alarm);
        }
    }

    /// <summary>What is remembered of a peer while its session lasts.</summary>
    private sealed class Peer(PeerBudget budget)
    {
        public PeerBudget Budget { get; } = budget;

        /// <summary>Zones of this node that the peer has asked for, or was told of.</summary>
        public HashSet<ZoneId> Knows { get; } = [];

        public Dictionary<ZoneId, ulong> Asked { get; } = [];

        public HashSet<ZoneId> Owed { get; } = [];
    }
}
