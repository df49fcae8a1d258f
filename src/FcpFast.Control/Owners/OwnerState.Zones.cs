using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Groups;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Owners;

/// <content>Zones: their keys, members and profiles.</content>
public sealed partial class OwnerState
{
    /// <summary>The longest lead of a rotation: nodes take nothing that begins later.</summary>
    public const ulong LeadSecondsMax = ManifestAcceptance.SkewSeconds;

    /// <summary>Makes a zone.</summary>
    /// <param name="zone">The zone; new.</param>
    /// <param name="members">Nodes with an attestation.</param>
    /// <param name="terms">How it is set up.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="records">Its profile, if it has one, and its first manifest.</param>
    /// <remarks>Errors: <c>ZoneIdMismatch</c> for a zone that is there already, <c>AttestationNodeMismatch</c>, <c>InvalidProfile</c>, those of <see cref="ManifestAuthor.Author"/>.</remarks>
    public FcpStatus CreateZone(ZoneId zone, IReadOnlyCollection<NodeId> members, ZoneTerms terms, ulong nowUnixSeconds, out IReadOnlyList<ControlRecord> records)
    {
        ArgumentNullException.ThrowIfNull(terms);
        records = [];
        if (_zones.ContainsKey(zone)) return FcpStatus.ZoneIdMismatch;
        if (!TryWrap(members, out List<KeyValuePair<NodeId, PublicKey>> recipients)) return FcpStatus.AttestationNodeMismatch;
        var made = new List<ControlRecord>();
        if (terms.Security is { } security)
        {
            FcpStatus profiled = SetProfile(zone, security, allowsDowngrade: false, nowUnixSeconds, out ControlRecord profile);
            if (profiled != FcpStatus.Accepted) return profiled;
            made.Add(profile);
        }

        ZoneState state = Find(zone) ?? new ZoneState { Zone = zone, Owner = Key.PublicKey };
        ManifestDraft draft = ManifestDraft.First(zone, terms.Algorithm, terms.Policy, nowUnixSeconds) with { Profile = state.Profiles.InForce?.Digest };
        FcpStatus status = Author(state, draft.To(recipients), ZoneSecrets.Generate(_crypto), nowUnixSeconds, out ControlRecord manifest);
        if (status != FcpStatus.Accepted) return status;
        made.Add(manifest);
        records = made;
        return status;
    }

    /// <summary>Makes a zone whose keys are those of an MLS group, which its coordinator begins; the others are added to it as they come.</summary>
    /// <param name="zone">The zone; new.</param>
    /// <param name="coordinator">The member that turns its epochs.</param>
    /// <param name="members">The others, with an attestation.</param>
    /// <param name="security">What it demands; its mode is MLS.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="records">Its profile and the grants.</param>
    /// <remarks>Errors: <c>ZoneIdMismatch</c> for a zone that is there already, <c>AttestationNodeMismatch</c>, <c>InvalidProfile</c>. Source: [WIRE §14].</remarks>
    public FcpStatus CreateGroupZone(
        ZoneId zone, NodeId coordinator, IReadOnlyCollection<NodeId> members, SecurityTerms security, ulong nowUnixSeconds, out IReadOnlyList<ControlRecord> records)
    {
        records = [];
        if (_zones.ContainsKey(zone)) return FcpStatus.ZoneIdMismatch;
        if (security.KeyMode != KeyMode.MlsTreeKem) return FcpStatus.InvalidProfile;
        if (!TryWrap([coordinator, .. members], out _)) return FcpStatus.AttestationNodeMismatch;
        FcpStatus status = SetProfile(zone, security, coordinator, allowsDowngrade: false, nowUnixSeconds, out ControlRecord profile);
        if (status != FcpStatus.Accepted) return status;
        List<ControlRecord> made = [profile];
        foreach (NodeId member in members.Where(member => member != coordinator).Distinct())
        {
            status = Grant(zone, MembershipAction.Add, member, nowUnixSeconds, out ControlRecord grant);
            if (status != FcpStatus.Accepted) return status;
            made.Add(grant);
        }

        records = made;
        return status;
    }

    /// <summary>Whom the owner wants in an MLS zone's group, by its grants; the coordinator first.</summary>
    public IReadOnlyList<NodeId> GrantedTo(ZoneId zone)
    {
        List<NodeId> members = Find(zone)?.Profiles.InForce?.Coordinator is { } coordinator ? [coordinator] : [];
        foreach (HeldGrant held in _grants.GetValueOrDefault(zone) ?? [])
        {
            members.Remove(held.Grant.Node);
            if (held.Grant.Action == MembershipAction.Add) members.Add(held.Grant.Node);
        }

        return members;
    }

    /// <summary>Gives a zone a new key; after a contradiction this heals it.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="leadSeconds">How far ahead the new key begins, so that no node lags; at most two minutes.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="manifest">The manifest.</param>
    /// <remarks>Errors: <c>ZoneIdMismatch</c> for an unknown zone; <c>NotYetValid</c>; those of <see cref="ManifestAuthor.Author"/>. Source: [WIRE §12.3].</remarks>
    public FcpStatus Rotate(ZoneId zone, ulong leadSeconds, ulong nowUnixSeconds, out ControlRecord manifest) =>
        Rotate(zone, Members(zone), leadSeconds, rotatesObjectIdKey: false, nowUnixSeconds, out manifest);

    /// <summary>
    /// Takes a node into a zone: by wrapping the present key again, or by a rotation if it is not to read what is past. In an MLS zone the record is the
    /// grant by which the coordinator adds it; it never reads the past.
    /// </summary>
    public FcpStatus Add(ZoneId zone, NodeId node, bool readsPast, ulong nowUnixSeconds, out ControlRecord manifest)
    {
        manifest = default;
        if (Find(zone) is { IsOfAGroup: true }) return Grant(zone, MembershipAction.Add, node, nowUnixSeconds, out manifest);
        if (Find(zone) is not { Current: { } } state) return FcpStatus.ZoneIdMismatch;
        NodeId[] members = [.. state.Members.Append(node).Distinct()];
        bool rewraps = readsPast && !state.Manifests.AwaitsHealing && _zones[zone].Secrets?.ZoneKeyId == state.Current.ZoneKeyId;
        if (!rewraps) return Rotate(zone, members, ManifestDraft.LeadSecondsDefault, rotatesObjectIdKey: false, nowUnixSeconds, out manifest);
        if (!TryWrap(members, out List<KeyValuePair<NodeId, PublicKey>> recipients)) return FcpStatus.AttestationNodeMismatch;
        return Author(state, ManifestDraft.Rewrap(state, nowUnixSeconds).To(recipients), CopyOf(_zones[zone].Secrets!), nowUnixSeconds, out manifest);
    }

    /// <summary>Removes a node from a zone: a new key for the others, and a new object-id key if the policy says so. In an MLS zone the record is the grant. [WIRE §12.4], [WIRE §14]</summary>
    public FcpStatus Remove(ZoneId zone, NodeId node, ulong nowUnixSeconds, out ControlRecord manifest)
    {
        manifest = default;
        if (Find(zone) is { IsOfAGroup: true }) return Grant(zone, MembershipAction.Remove, node, nowUnixSeconds, out manifest);
        if (Find(zone) is not { Current: { } current } state) return FcpStatus.ZoneIdMismatch;
        if (!state.IsMember(node)) return FcpStatus.NotMember;
        return Rotate(
            zone, [.. state.Members.Where(member => member != node)], 0, current.Policy.RotateObjectIdKeyOnMembershipChange, nowUnixSeconds, out manifest);
    }

    /// <summary>Says what a zone demands from now on.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="terms">What it demands.</param>
    /// <param name="allowsDowngrade">True to say explicitly that it demands less than before. [WIRE §14]</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="profile">The profile.</param>
    /// <remarks>Errors: <c>InvalidProfile</c>, <c>Downgrade</c>.</remarks>
    public FcpStatus SetProfile(ZoneId zone, SecurityTerms terms, bool allowsDowngrade, ulong nowUnixSeconds, out ControlRecord profile) =>
        SetProfile(zone, terms, Find(zone)?.Profiles.InForce?.Coordinator, allowsDowngrade, nowUnixSeconds, out profile);

    /// <summary>The same, and names who turns the epochs of an MLS zone from now on.</summary>
    public FcpStatus SetProfile(
        ZoneId zone, SecurityTerms terms, NodeId? coordinator, bool allowsDowngrade, ulong nowUnixSeconds, out ControlRecord profile)
    {
        profile = default;
        ZoneState before = Find(zone) ?? new ZoneState { Zone = zone, Owner = Key.PublicKey };
        HeldProfile? held = before.Profiles.InForce;
        bool isWeaker = held is not null && terms.AreWeakerThan(held.Terms);
        if (isWeaker && !allowsDowngrade) return FcpStatus.Downgrade;
        var draft = new ProfileDraft
        {
            Zone = zone, CreatedAtUnixSeconds = nowUnixSeconds, Terms = terms, Revision = (held?.Revision ?? 0) + 1, DowngradeOf = isWeaker ? held!.Digest : null,
            Coordinator = terms.KeyMode == KeyMode.MlsTreeKem ? coordinator : null,
        };
        FcpStatus status = ZoneSecurityProfile.Sign(draft, Key, Identity.Name, nowUnixSeconds, out ZoneSecurityProfile? signed);
        if (status != FcpStatus.Accepted) return status;
        ProfileOutcome outcome = ProfileAcceptance.Judge(signed!.Encoded.Span, zone, Key.PublicKey, before.Profiles, _crypto.Signatures);
        if (outcome.Status != FcpStatus.Accepted) return outcome.Status;
        ZoneState after = before with { Profiles = outcome.History };
        bool isNew = !_zones.TryGetValue(zone, out OwnedZone? owned);
        _store.Commit(new StateChange { Zones = [new ZoneChange(isNew ? null : before, after) { Record = signed.Encoded }] });
        _zones[zone] = new OwnedZone(after, owned?.Secrets);
        profile = ControlRecord.Of(RecordKind.Profile, signed.Encoded.Span);
        return FcpStatus.Accepted;
    }

    /// <summary>Signs a grant and stores it before anybody sees it, so that no serial is used twice.</summary>
    private FcpStatus Grant(ZoneId zone, MembershipAction action, NodeId node, ulong nowUnixSeconds, out ControlRecord record)
    {
        record = default;
        bool isKnown = GrantedTo(zone).Contains(node) || Attestations.Nodes.ContainsKey(node); // also one that was the coordinator
        if (action == MembershipAction.Remove && (!isKnown || Find(zone)?.Profiles.InForce?.Coordinator == node)) return FcpStatus.NotMember;
        if (action == MembershipAction.Add && !TryWrap([node], out _)) return FcpStatus.AttestationNodeMismatch;
        List<HeldGrant> held = _grants.GetValueOrDefault(zone) ?? [];
        ulong serial = (held.Count == 0 ? 0 : held[^1].Grant.Serial) + 1;
        var grant = new HeldGrant(MembershipGrant.Issue(zone, action, node, serial, Key, Identity.Name, nowUnixSeconds), nowUnixSeconds);
        _store.Commit(new StateChange { Groups = [new GroupChange(zone) { Grants = [grant] }] });
        _grants[zone] = [.. held, grant];
        record = ControlRecord.Of(RecordKind.MembershipGrant, grant.Grant.Encoded.Span);
        return FcpStatus.Accepted;
    }

    private FcpStatus TakeGrantBack(ReadOnlySpan<byte> cbor, ulong nowUnixSeconds)
    {
        FcpStatus status = MembershipGrant.Parse(cbor, out MembershipGrant? grant);
        if (status != FcpStatus.Accepted) return status;
        if (!grant!.IsOf(Key.PublicKey, _crypto.Signatures)) return FcpStatus.InvalidSignature;
        List<HeldGrant> held = _grants.GetValueOrDefault(grant.Zone) ?? [];
        if (held.Exists(one => one.Grant.Serial == grant.Serial)) return FcpStatus.Accepted;
        var taken = new HeldGrant(grant, nowUnixSeconds);
        _store.Commit(new StateChange { Groups = [new GroupChange(grant.Zone) { Grants = [taken] }] });
        _grants[grant.Zone] = [.. held.Append(taken).OrderBy(static one => one.Grant.Serial)];
        return FcpStatus.Accepted;
    }

    private NodeId[] Members(ZoneId zone) => [.. Find(zone)?.Members ?? []];

    private FcpStatus Rotate(
        ZoneId zone, IReadOnlyCollection<NodeId> members, ulong leadSeconds, bool rotatesObjectIdKey, ulong nowUnixSeconds, out ControlRecord manifest)
    {
        manifest = default;
        if (!_zones.TryGetValue(zone, out OwnedZone? owned)) return FcpStatus.ZoneIdMismatch;
        if (owned.State.IsOfAGroup) return FcpStatus.Downgrade; // the group turns its keys: nodes would refuse this manifest
        if (leadSeconds > LeadSecondsMax) return FcpStatus.NotYetValid;
        if (!TryWrap(members, out List<KeyValuePair<NodeId, PublicKey>> recipients)) return FcpStatus.AttestationNodeMismatch;
        ZoneSecrets next = owned.Secrets?.Rotate(_crypto, rotatesObjectIdKey) ?? ZoneSecrets.Generate(_crypto);
        return Author(owned.State, ManifestDraft.Rotate(owned.State, nowUnixSeconds, leadSeconds).To(recipients), next, nowUnixSeconds, out manifest);
    }

    /// <summary>Signs a manifest, judges it as a node that is no recipient does, and stores it with its keys before anybody sees it.</summary>
    private FcpStatus Author(ZoneState before, ManifestDraft draft, ZoneSecrets secrets, ulong nowUnixSeconds, out ControlRecord record)
    {
        record = default;
        bool isKept = false;
        try
        {
            FcpStatus status = ManifestAuthor.Author(draft, secrets, Key, Identity.Name, nowUnixSeconds, _crypto, out ZoneKeyManifest? manifest);
            if (status != FcpStatus.Accepted) return status;
            using ManifestOutcome outcome = ManifestAcceptance.Judge(manifest!.Encoded.Span, before, default, nowUnixSeconds, _crypto);
            if (outcome.Kind != ManifestOutcomeKind.Linked) return outcome.Status;
            bool isNew = !_zones.ContainsKey(before.Zone);
            using ZoneKeyRingImage ring = ImageOf(before.Zone, secrets, draft);
            _store.Commit(new StateChange { Zones = [new ZoneChange(isNew ? null : before, outcome.State) { Ring = ring, Record = manifest.Encoded }] });
            _zones.GetValueOrDefault(before.Zone)?.Secrets?.Dispose();
            _zones[before.Zone] = new OwnedZone(outcome.State, secrets);
            isKept = true;
            record = ControlRecord.Of(RecordKind.Manifest, manifest.Encoded.Span);
            return FcpStatus.Accepted;
        }
        finally
        {
            if (!isKept) secrets.Dispose();
        }
    }

    private ZoneKeyRingImage ImageOf(ZoneId zone, ZoneSecrets secrets, ManifestDraft draft) => new()
    {
        Zone = zone,
        ZoneKeys = [new ZoneKeyImage(secrets.ZoneKeyId, draft.Algorithm, draft.ValidFromUnixSeconds, null, secrets.ZoneKey.CopyTo(_crypto.Vault), null)],
        ObjectIdKeys = [new ObjectIdKeyImage(secrets.ObjectIdKeyId, null, secrets.ObjectIdKey.CopyTo(_crypto.Vault))],
    };

    private ZoneSecrets CopyOf(ZoneSecrets secrets) => new(
        secrets.ZoneKeyId, secrets.ZoneKey.CopyTo(_crypto.Vault), secrets.ObjectIdKeyId, secrets.ObjectIdKey.CopyTo(_crypto.Vault));

    private bool TryWrap(IReadOnlyCollection<NodeId> members, out List<KeyValuePair<NodeId, PublicKey>> recipients)
    {
        recipients = [];
        foreach (NodeId member in members)
        {
            if (!Attestations.Nodes.TryGetValue(member, out NodeKeyAttestation? attestation)) return false;
            recipients.Add(new KeyValuePair<NodeId, PublicKey>(member, attestation.Keys.Encryption));
        }

        return true;
    }
}
