using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Enrolment;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Store;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Owners;

/// <summary>What an owner has signed, kept so that no two manifests of one slot can be signed by mistake: stored before it is shown to anybody.</summary>
/// <remarks>
/// Shape:   owns its store and its key. Each verb gives the records that are to be carried to the nodes.
/// Errors:  a refusal of the protocol as a status, nothing changed; <see cref="StateStoreException"/>.
/// Threads: one user at a time.
/// Source:  [WIRE §12.3], [WIRE §12.4], [WIRE §14], [WIRE §15].
/// </remarks>
public sealed partial class OwnerState : IDisposable
{
    private readonly IStateStore _store;
    private readonly CryptoProvider _crypto;
    private readonly Dictionary<ZoneId, OwnedZone> _zones = [];
    private readonly Dictionary<ZoneId, List<HeldGrant>> _grants = [];

    private OwnerState(IStateStore store, OwnerKey key, CryptoProvider crypto)
    {
        _store = store;
        _crypto = crypto;
        Key = key;
        using StoredState stored = store.Load();
        Identity = stored.Identity;
        Attestations = stored.Attestations;
        Revocations = stored.Revocations;
        foreach (StoredGroup group in stored.Groups) _grants.Add(group.Zone, [.. group.Grants]);
        foreach (StoredZone zone in stored.Zones) _zones.Add(zone.State.Zone, new OwnedZone(zone.State, SecretsOf(zone.Ring)));
    }

    /// <summary>Whose state it is.</summary>
    public StoreIdentity Identity { get; }

    /// <summary>The owner's key.</summary>
    public OwnerKey Key { get; }

    /// <summary>What was attested.</summary>
    public AttestationDirectory Attestations { get; private set; }

    /// <summary>What was revoked.</summary>
    public RevocationHistory Revocations { get; private set; }

    /// <summary>The zones.</summary>
    public IEnumerable<ZoneState> Zones => _zones.Values.Select(static zone => zone.State);

    /// <summary>Takes a store and a key over.</summary>
    public static OwnerState Open(IStateStore store, OwnerKey key, CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(crypto);
        return new OwnerState(store, key, crypto);
    }

    /// <summary>The zone; null if there is none.</summary>
    public ZoneState? Find(ZoneId zone) => _zones.GetValueOrDefault(zone)?.State;

    /// <summary>Attests a node that asks for it.</summary>
    /// <param name="request">The request, as it came.</param>
    /// <param name="tags">The tags to give; null for those that are asked for.</param>
    /// <param name="lifeSeconds">At most 30 days.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="attestation">The attestation.</param>
    /// <remarks>Errors: those of <see cref="EnrolmentRequest.Judge"/> and <see cref="NodeKeyAttestation.Issue"/>; <c>AttestationRevoked</c> for keys that were revoked.</remarks>
    public FcpStatus Attest(
        ReadOnlySpan<byte> request, ImmutableArray<string>? tags, ulong lifeSeconds, ulong nowUnixSeconds, out NodeKeyAttestation? attestation)
    {
        attestation = null;
        FcpStatus status = EnrolmentRequest.Judge(request, Key, nowUnixSeconds, _crypto, out EnrolmentRequest? asked);
        if (status != FcpStatus.Accepted) return status;
        if (Revocations.IsRevoked(asked!.Keys.Signing)) return FcpStatus.AttestationRevoked;
        Span<byte> nonce = stackalloc byte[Bytes32.Length];
        _crypto.Random.Fill(nonce);
        ulong issuedAt = nowUnixSeconds;
        if (Attestations.Nodes.TryGetValue(asked.Node, out NodeKeyAttestation? before)) issuedAt = Math.Max(issuedAt, before.IssuedAtUnixSeconds + 1);
        var draft = new AttestationDraft
        {
            Node = asked.Node, Keys = asked.Keys, Tags = tags ?? asked.Tags, IssuedAtUnixSeconds = issuedAt, ExpiresAtUnixSeconds = issuedAt + lifeSeconds,
            Nonce = Bytes32.Read(nonce),
        };
        status = NodeKeyAttestation.Issue(draft, Key, out NodeKeyAttestation? issued);
        if (status != FcpStatus.Accepted) return status;
        status = Attestations.File(issued!.Encoded.Span, Key.PublicKey, issuedAt, _crypto.Signatures, out AttestationDirectory after);
        if (status != FcpStatus.Accepted) return status;
        _store.Commit(new StateChange { Attestations = [issued!] });
        Attestations = after;
        attestation = issued;
        return status;
    }

    /// <summary>Revokes a node's keys and removes it from every zone.</summary>
    /// <param name="node">The node.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="records">The list, and the manifests of the zones that it was a member of.</param>
    /// <remarks>Errors: <c>AttestationNodeMismatch</c> for a node without an attestation; those of <see cref="Remove"/>.</remarks>
    public FcpStatus Revoke(NodeId node, RevocationReason reason, ulong nowUnixSeconds, out IReadOnlyList<ControlRecord> records)
    {
        records = [];
        if (!Attestations.Nodes.TryGetValue(node, out NodeKeyAttestation? attestation)) return FcpStatus.AttestationNodeMismatch;
        IEnumerable<RevokedKey> revoked = Standing(nowUnixSeconds)
            .Where(key => key.SigningKey != attestation.Keys.Signing).Append(new RevokedKey(attestation.Keys.Signing, node, reason, nowUnixSeconds));
        FcpStatus status = IssueList(revoked, Freshness, [node], nowUnixSeconds, out ControlRecord list);
        if (status != FcpStatus.Accepted) return status;
        Attestations = Attestations with { Nodes = Attestations.Nodes.Remove(node) };
        List<ControlRecord> made = [list];
        records = made;
        foreach (ZoneId zone in _zones.Values.Where(zone => !zone.State.IsOfAGroup && zone.State.IsMember(node)).Select(static zone => zone.State.Zone).ToArray())
        {
            status = Remove(zone, node, nowUnixSeconds, out ControlRecord manifest);
            if (status != FcpStatus.Accepted) return status;
            made.Add(manifest);
        }

        foreach (ZoneId zone in _grants.Keys.Where(zone => GrantedTo(zone).Contains(node)).ToArray())
        {
            status = Grant(zone, MembershipAction.Remove, node, nowUnixSeconds, out ControlRecord removal);
            if (status != FcpStatus.Accepted) return status;
            made.Add(removal);
        }

        return FcpStatus.Accepted;
    }

    /// <summary>Dates the list of revocations anew, and says how old it may become.</summary>
    /// <param name="freshness">The policy; null for that of the list in force.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="record">The list.</param>
    /// <remarks>Errors: <c>InvalidRevocation</c> for a policy out of bounds.</remarks>
    public FcpStatus Refresh(FreshnessPolicy? freshness, ulong nowUnixSeconds, out ControlRecord record) =>
        IssueList(Standing(nowUnixSeconds), freshness ?? Freshness, [], nowUnixSeconds, out record);

    /// <summary>Everything that nodes need, to be carried as a file: attestations, revocations, profiles, manifests.</summary>
    /// <param name="zones">Of these zones; null for all.</param>
    public IReadOnlyList<ControlRecord> Export(IReadOnlyCollection<ZoneId>? zones = null)
    {
        List<ControlRecord> records = [.. Attestations.Nodes.Values
            .OrderBy(static one => one.Node.ToString(), StringComparer.Ordinal).Select(static one => ControlRecord.Of(RecordKind.Attestation, one.Encoded.Span))];
        if (Revocations.InForce is { } list) records.Add(ControlRecord.Of(RecordKind.Revocations, list.Encoded.Span));
        foreach (ZoneId zone in zones ?? _zones.Keys) records.AddRange(_store.ReadRecords(zone, null, int.MaxValue));
        return records;
    }

    /// <summary>Erases the keys and lets the store go.</summary>
    public void Dispose()
    {
        foreach (OwnedZone zone in _zones.Values) zone.Secrets?.Dispose();
        Key.Dispose();
        _store.Dispose();
    }

    private FreshnessPolicy Freshness => Revocations.InForce?.Freshness ?? FreshnessPolicy.None;

    /// <summary>The revoked keys that some attestation could still name, those of two lists that contradict each other.</summary>
    private IEnumerable<RevokedKey> Standing(ulong nowUnixSeconds) => (Revocations.InForce?.Revoked ?? []).Concat(Revocations.Rival?.Revoked ?? [])
        .DistinctBy(static key => key.SigningKey).Where(key => key.RevokedAtUnixSeconds + AttestationDraft.LifeSecondsMax > nowUnixSeconds);

    /// <summary>Signs the next list and stores it before anybody sees it.</summary>
    private FcpStatus IssueList(
        IEnumerable<RevokedKey> revoked, FreshnessPolicy freshness, ImmutableArray<NodeId> forgotten, ulong nowUnixSeconds, out ControlRecord record)
    {
        record = default;
        FcpStatus status = RevocationList.Sign(Revocations.Serial + 1, revoked, freshness, Key, Identity.Name, nowUnixSeconds, out RevocationList? list);
        if (status != FcpStatus.Accepted) return status;
        status = Revocations.Take(list!.Encoded.Span, Key.PublicKey, nowUnixSeconds, _crypto.Signatures, out RevocationHistory after);
        if (status != FcpStatus.Accepted) return status;
        _store.Commit(new StateChange { Revocations = after, ForgottenNodes = forgotten });
        Revocations = after;
        record = ControlRecord.Of(RecordKind.Revocations, list.Encoded.Span);
        return status;
    }

    private ZoneSecrets? SecretsOf(ZoneKeyRingImage ring) => ring is { ZoneKeys: [.., { Key: { } zoneKey } last], ObjectIdKeys: [.., { } objectIdKey] }
        ? new ZoneSecrets(last.Id, zoneKey.CopyTo(_crypto.Vault), objectIdKey.Id, objectIdKey.Key.CopyTo(_crypto.Vault))
        : null;

    private sealed record OwnedZone(ZoneState State, ZoneSecrets? Secrets);
}
