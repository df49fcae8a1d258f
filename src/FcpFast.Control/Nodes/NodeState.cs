using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Store;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;

namespace FcpFast.Control.Nodes;

/// <summary>What a node believes, kept in its store: every record is judged as if a stranger had sent it, made durable, and only then used.</summary>
/// <remarks>
/// Shape:   owns its store, its keys and a copy of each ring; the data plane gets images.
/// Errors:  <see cref="StateStoreException"/> if a change could not be stored; then nothing of it is used, and the state is read anew.
/// Threads: one user at a time.
/// Cost:    a flush for each record that changes something.
/// Source:  [WIRE §11.5], [WIRE §12], [WIRE §14], [WIRE §15], [REPLAY §5.2].
/// </remarks>
public sealed partial class NodeState : IDisposable
{
    /// <summary>Zones that a node follows; more are refused as <c>PeerTableFull</c>.</summary>
    public const int ZonesMax = 1024;

    private readonly IStateStore _store;
    private readonly CryptoProvider _crypto;
    private readonly SettledClock _clock = new();
    private readonly Dictionary<ZoneId, NodeZone> _zones = [];
    private bool _isStale;
    private StartMark _lastMark;

    private NodeState(IStateStore store, CryptoProvider crypto, bool isArchive)
    {
        IsArchive = isArchive;
        _store = store;
        _crypto = crypto;
        Load();
    }

    /// <summary>Whose state it is.</summary>
    public StoreIdentity Identity { get; private set; } = null!;

    /// <summary>The node.</summary>
    public NodeId Node => Identity.Name;

    /// <summary>The owner that it trusts.</summary>
    public PublicKey Owner => Identity.Owner.SigningKey;

    /// <summary>Its keys.</summary>
    public NodeKeys Keys { get; private set; } = null!;

    /// <summary>When the present encryption key came to be used.</summary>
    public ulong EncryptionSinceUnixSeconds { get; private set; }

    /// <summary>Which start of the store this is; 0 before <see cref="Begin"/>.</summary>
    public ulong Generation { get; private set; }

    /// <summary>The attestations on file.</summary>
    public AttestationDirectory Attestations { get; private set; } = AttestationDirectory.Empty;

    /// <summary>The owner's revocations.</summary>
    public RevocationHistory Revocations { get; private set; } = RevocationHistory.Empty;

    /// <summary>The zones.</summary>
    public IReadOnlyDictionary<ZoneId, NodeZone> Zones => _zones;

    /// <summary>The highest statement of each peer's generation.</summary>
    public ImmutableDictionary<NodeId, GenerationStatement> Statements { get; private set; } = ImmutableDictionary<NodeId, GenerationStatement>.Empty;

    /// <summary>What this node says of its own start; null before <see cref="Begin"/>.</summary>
    public GenerationStatement? Statement { get; private set; }

    /// <summary>True if manifests of ratcheting zones are kept whole for others, although this node could open their boxes again. [WIRE §13.3]</summary>
    public bool IsArchive { get; }

    /// <summary>Takes a store over and reads it.</summary>
    /// <param name="store">The store; disposed with the state, also if this fails.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="isArchive">See <see cref="IsArchive"/>.</param>
    public static NodeState Open(IStateStore store, CryptoProvider crypto, bool isArchive = false)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(crypto);
        try
        {
            return new NodeState(store, crypto, isArchive);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Marks a start, before anything is sent. [REPLAY §5.2]</summary>
    public void Begin(StartMark mark)
    {
        _lastMark = mark;
        Generation = _store.Begin(mark);
        Statement = GenerationStatement.Sign(Node, Keys, Generation, mark.NowUnixSeconds, _crypto);
    }

    /// <summary>Judges a record, and stores and uses it if it counts.</summary>
    /// <param name="record">The record.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="from">The peer that sent it; empty for a file of this node's own inbox.</param>
    public RecordVerdict Take(ControlRecord record, ulong nowUnixSeconds, NodeId from = default)
    {
        _time.NowUnixSeconds = nowUnixSeconds;
        Refresh();
        ReadOnlySpan<byte> cbor = record.Cbor.Span;
        return record.Kind switch
        {
            RecordKind.Attestation => TakeAttestation(cbor, nowUnixSeconds),
            RecordKind.Revocations => TakeRevocations(cbor, nowUnixSeconds),
            RecordKind.Profile => TakeProfile(cbor, nowUnixSeconds),
            RecordKind.Manifest => TakeManifest(cbor, nowUnixSeconds),
            RecordKind.Generation => TakeStatement(cbor, nowUnixSeconds),
            RecordKind.GroupMessage => TakeGroupMessage(cbor, from, nowUnixSeconds),
            RecordKind.MembershipGrant => TakeGrant(cbor, nowUnixSeconds),
            RecordKind.HealOrder => TakeHealOrder(cbor, nowUnixSeconds),
            _ => new RecordVerdict(FcpStatus.UnknownSchema),
        };
    }

    /// <summary>Whether a node's attestation counts now, and what handshakes need of it.</summary>
    public PeerIdentity IdentityOf(NodeKeyAttestation attestation, ulong nowUnixSeconds)
    {
        ArgumentNullException.ThrowIfNull(attestation);
        FcpStatus status = AttestationAcceptance.JudgeExpiry(attestation, nowUnixSeconds);
        if (Revocations.RefusesAll(nowUnixSeconds)) status = FcpStatus.RevocationStale;
        if (Revocations.IsRevoked(attestation.Keys.Signing)) status = FcpStatus.AttestationRevoked;
        return new PeerIdentity(
            attestation.Node, attestation.Keys.Signing, status, attestation.ExpiresAtUnixSeconds, attestation.Tags.Contains(PeerIdentity.RelayTag));
    }

    /// <summary>A request to be attested.</summary>
    /// <param name="tags">Tags that are wished for.</param>
    /// <param name="renews">True to ask with a new encryption key, which is stored before it is shown to anybody.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="request">The request.</param>
    /// <remarks>Source: [WIRE §13.3] (a new encryption key every 30 days).</remarks>
    public FcpStatus Request(ImmutableArray<string> tags, bool renews, ulong nowUnixSeconds, out ControlRecord request)
    {
        Refresh();
        if (renews)
        {
            Keys.DrawNextEncryptionKey();
            Commit(new StateChange { Keys = Keys, EncryptionSinceUnixSeconds = EncryptionSinceUnixSeconds });
        }

        FcpStatus status = Enrolment.EnrolmentRequest.Make(Node, Keys, tags, Identity.Owner, nowUnixSeconds, _crypto, out byte[] bytes);
        request = status == FcpStatus.Accepted ? ControlRecord.Of(RecordKind.EnrolmentRequest, bytes) : default;
        return status;
    }

    /// <summary>Erases the keys and lets the store go.</summary>
    public void Dispose()
    {
        Clear();
        _store.Dispose();
    }

    private void Load()
    {
        StoredState stored = _store.Load(); // its keys and images are taken over below
        Clear();
        Identity = stored.Identity;
        Keys = stored.Keys ?? throw new StateStoreException(stored.Identity.Name.ToString(), "this is an owner's store, not a node's", "use the verbs of 'fcpfast owner' and 'fcpfast zone'");
        EncryptionSinceUnixSeconds = stored.EncryptionSinceUnixSeconds;
        if (Statement is null) Generation = stored.Generation;
        Attestations = stored.Attestations;
        Revocations = stored.Revocations;
        Statements = stored.Statements;
        foreach (StoredZone zone in stored.Zones)
        {
            var ring = new ZoneKeyRing(zone.State.Zone);
            ring.Adopt(zone.Ring, _crypto, []);
            _zones.Add(zone.State.Zone, new NodeZone(zone.State, ring));
        }

        foreach (StoredGroup group in stored.Groups) TakeUp(group);

        _isStale = false;
    }

    private void Clear()
    {
        Keys?.Dispose();
        foreach (NodeZone zone in _zones.Values) zone.Ring.Dispose();
        foreach (NodeGroup group in _groups.Values) group.Dispose();
        _zones.Clear();
        _groups.Clear();
    }

    private void Refresh()
    {
        if (_isStale) Load();
    }

    /// <summary>Makes a change that changes nothing: proves that the store takes changes again, after it has failed.</summary>
    /// <exception cref="StateStoreException">It does not.</exception>
    public void ProveStore()
    {
        Refresh();
        Commit(new StateChange());
    }

    /// <summary>Makes a change durable. If that fails, what is in memory is read anew before it is used again.</summary>
    private void Commit(StateChange change)
    {
        try
        {
            _store.Commit(change);
        }
        catch
        {
            _isStale = true;
            _made.Clear();
            throw;
        }
    }
}
