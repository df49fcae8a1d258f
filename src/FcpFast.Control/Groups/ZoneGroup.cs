using System;
using System.Collections.Generic;
using FcpFast.Control.Attestations;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Mls;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <summary>The group of an MLS zone at one node: it makes commits, keeps those that came, and follows the one that the zone's manifest names.</summary>
/// <remarks>
/// Shape:   a manifest is judged first (<see cref="ManifestAcceptance"/> asks <see cref="Preview"/>), then <see cref="Enter"/> moves the group, then the
///          zone's state is stored and its ring follows. A crash in between is healed by judging the same manifest again.
/// Errors:  what others send gives a status or verdict and changes nothing; <see cref="LastVerdict"/> says more than the status can.
/// Threads: one user at a time.
/// Source:  [WIRE §14].
/// </remarks>
public sealed partial class ZoneGroup : IZoneEpochs, IDisposable
{
    private const int LeafBytesMax = CborLimits.AttestationBytesMax + 1024; // its attestation, and what else a leaf of ours has

    private ZoneMembership _membership;
    private readonly ZoneCommitRules _rules;
    private readonly ZoneGroupRecord _record;
    private readonly MlsGroup _group;

    private ZoneGroup(ZoneMembership membership, ZoneCommitRules rules, ZoneGroupRecord record, MlsGroup group)
    {
        _membership = membership;
        _rules = rules;
        _record = record;
        _group = group;
    }

    /// <summary>False once this node was removed: its secrets are erased.</summary>
    public bool IsOpen => _group.IsOpen;

    /// <summary>The group's epoch.</summary>
    public EpochId Epoch => new(_group.Epoch);

    /// <summary>What the group said last of a commit or proposal.</summary>
    public MlsVerdict LastVerdict { get; private set; }

    /// <summary>True if the present epoch has lasted as long as the profile allows: a commit with a path is due.</summary>
    public bool IsDue => _membership.NowSeconds >= _record.BeganUnixSeconds + _membership.MaxEpochSeconds;

    /// <summary>When this node's own keys in the group were fresh last: when it joined, or when a commit of its own counted.</summary>
    public ulong HealedUnixSeconds => _record.HealedUnixSeconds;

    /// <summary>True if fresh keys were asked for (<see cref="Heal"/>) that no epoch has brought yet.</summary>
    public bool WantsHealing => _record.WantsHealing;

    /// <summary>True if the attestation that this node shows in the group is not its present one.</summary>
    public bool ShowsOldAttestation => !_group.OwnIdentity.Span.SequenceEqual(_membership.Attestation.Encoded.Span);

    /// <summary>The highest serial of a grant used.</summary>
    public ulong SerialFloor => _record.SerialFloor;

    /// <summary>Begins the group of a zone, with this node alone. Its first epoch has no manifest: heal, or add, to get one.</summary>
    /// <returns>Null if the record could not be written.</returns>
    public static ZoneGroup? Create(ZoneMembership membership, IMlsGroupStore? store)
    {
        ArgumentNullException.ThrowIfNull(membership);
        var rules = RulesOf(membership);
        var record = new ZoneGroupRecord(store) { BeganUnixSeconds = membership.NowSeconds, HealedUnixSeconds = membership.NowSeconds };
        Span<byte> id = stackalloc byte[CryptoSizes.KeyBytes];
        membership.Crypto.Random.Fill(id);
        MlsGroup? group = MlsGroup.Create(ClientOf(membership, rules), id, record);
        return group is null ? null : new ZoneGroup(membership, rules, record, group);
    }

    /// <summary>Makes the key package by which this node can be added.</summary>
    public static MlsKeyPackage NewKeyPackage(ZoneMembership membership)
    {
        ArgumentNullException.ThrowIfNull(membership);
        return MlsKeyPackage.Generate(ClientOf(membership, RulesOf(membership)), membership.LeafSecondsMax - membership.LeafSecondsMax / 8);
    }

    /// <summary>Takes a stored key package up; null if it is not this node's.</summary>
    public static MlsKeyPackage? TakeUp(ZoneMembership membership, ReadOnlySpan<byte> message, SecretKey init, SecretKey encryption)
    {
        ArgumentNullException.ThrowIfNull(membership);
        return MlsKeyPackage.Restore(ClientOf(membership, RulesOf(membership)), message, init, encryption);
    }

    /// <summary>Joins the group of a zone.</summary>
    /// <param name="membership">This node.</param>
    /// <param name="package">The key package that was sent; its secrets are erased on success.</param>
    /// <param name="commit">The commit that added this node: its grant is the floor of serials here.</param>
    /// <param name="welcome">The Welcome.</param>
    /// <param name="store">Where the record lies.</param>
    /// <param name="group">The group, if accepted.</param>
    /// <remarks>The epoch's zone key counts once the zone's manifest names it: <see cref="Preview"/> compares both.</remarks>
    public static MlsVerdict Join(
        ZoneMembership membership, MlsKeyPackage package, GroupMessage commit, GroupMessage welcome, IMlsGroupStore? store, out ZoneGroup? group)
    {
        ArgumentNullException.ThrowIfNull(membership);
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(commit);
        ArgumentNullException.ThrowIfNull(welcome);
        group = null;
        bool isGranted = GrantOf(commit) is { Action: MembershipAction.Add } grant && grant.Zone == membership.Zone
            && grant.Node == membership.Attestation.Node && grant.IsOf(membership.Owner, membership.Crypto.Signatures);
        if (!isGranted) return MlsVerdict.Of(MlsStatus.PolicyRefused);
        var rules = RulesOf(membership);
        rules.SerialFloor = GrantOf(commit)!.Serial;
        var record = new ZoneGroupRecord(store)
        {
            BeganUnixSeconds = membership.NowSeconds,
            HealedUnixSeconds = membership.NowSeconds,
            SerialFloor = rules.SerialFloor,
            Commit = commit.Encoded,
            Welcome = welcome.Encoded,
        };
        MlsVerdict verdict = MlsGroup.Join(ClientOf(membership, rules), package, welcome.Message.Span, default, null, record, out MlsGroup? joined);
        if (joined is null) return verdict;
        package.Dispose();
        group = new ZoneGroup(membership, rules, record, joined);
        return verdict;
    }

    /// <summary>Takes up the group from its record; null if the bytes are none, or another node's.</summary>
    public static ZoneGroup? Restore(ZoneMembership membership, ReadOnlySpan<byte> record, IMlsGroupStore? store)
    {
        ArgumentNullException.ThrowIfNull(membership);
        if (ZoneGroupRecord.Read(record, store, out ReadOnlySpan<byte> mls) is not { } read) return null;
        var rules = RulesOf(membership);
        rules.SerialFloor = read.SerialFloor;
        return MlsGroup.Restore(ClientOf(membership, rules), mls, read) is { } group ? new ZoneGroup(membership, rules, read, group) : null;
    }

    /// <summary>Takes a renewed attestation of this node: the next commit or proposal of its own shows it to the others. Do so before the old one is over.</summary>
    /// <remarks>Errors: <c>InvalidAttestation</c> for one of another node or signing key, else as <see cref="AttestationAcceptance.Judge"/>.</remarks>
    public FcpStatus Renew(NodeKeyAttestation attestation)
    {
        ArgumentNullException.ThrowIfNull(attestation);
        NodeKeyAttestation present = _membership.Attestation;
        if (attestation.Node != present.Node || attestation.Keys.Signing != present.Keys.Signing) return FcpStatus.InvalidAttestation;
        FcpStatus status = AttestationAcceptance.Judge(
            attestation.Encoded.Span, _membership.Owner, _membership.NowSeconds, _membership.Crypto.Signatures, out _);
        if (status != FcpStatus.Accepted) return status;
        _membership = _membership with { Attestation = attestation };
        _group.Renew(ClientOf(_membership, _rules));
        return FcpStatus.Accepted;
    }

    /// <summary>Whom a commit says it adds; null if it adds nobody. Nothing is verified.</summary>
    public static NodeId? AddedBy(GroupMessage commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        return GrantOf(commit) is { Action: MembershipAction.Add } grant ? grant.Node : null;
    }

    /// <summary>Takes over what a newer profile demands of epochs.</summary>
    public void Adopt(SecurityTerms terms)
    {
        _membership = _membership with { RequirePcs = terms.RequirePcs, MaxEpochSeconds = terms.MaxEpochSeconds };
        _rules.RequiresPath = terms.RequirePcs;
    }

    /// <summary>Whom a key package is of, and from when on it counts; its signature, lifetime and attestation are verified.</summary>
    /// <remarks>Errors: <see cref="MlsStatus"/>'s names for what no group of the zone would add.</remarks>
    public static MlsVerdict OffererOf(ZoneMembership membership, GroupMessage keyPackage, out NodeId node, out ulong notBeforeUnixSeconds)
    {
        ArgumentNullException.ThrowIfNull(membership);
        ArgumentNullException.ThrowIfNull(keyPackage);
        node = default;
        MlsVerdict verdict = MlsKeyPackage.Check(ClientOf(membership, RulesOf(membership)), keyPackage.Message.Span, out MlsMember owner, out notBeforeUnixSeconds);
        if (!verdict.IsAccepted) return verdict;
        node = ZoneCredentials.NodeOf(owner.Identity.Span) ?? default;
        return node.IsEmpty ? MlsVerdict.Of(MlsStatus.CredentialRefused) : verdict;
    }

    /// <summary>The members' nodes, in the order of their leaves.</summary>
    public IReadOnlyList<NodeId> Members()
    {
        var members = new List<NodeId>();
        foreach (MlsMember member in _group.Members())
        {
            if (ZoneCredentials.NodeOf(member.Identity.Span) is { } node) members.Add(node);
        }

        return members;
    }

    /// <summary>The attestation that a member shows; null if the node is none.</summary>
    public NodeKeyAttestation? AttestationOf(NodeId node)
    {
        foreach (MlsMember member in _group.Members())
        {
            bool isRight = NodeKeyAttestation.Parse(member.Identity.Span, out NodeKeyAttestation? attestation) == FcpStatus.Accepted;
            if (isRight && attestation!.Node == node) return attestation;
        }

        return null;
    }

    /// <inheritdoc/>
    public PublicKey? SigningKeyOf(NodeId node) => AttestationOf(node)?.Keys.Signing;

    /// <summary>Erases every secret.</summary>
    public void Dispose() => _group.Dispose();

    private static MembershipGrant? GrantOf(GroupMessage commit)
    {
        ReadOnlyMemory<byte> data = MlsGroup.AuthenticatedDataOf(commit.Message.Span);
        return MembershipGrant.Parse(data.Span, out MembershipGrant? grant) == FcpStatus.Accepted ? grant : null;
    }

    private static ZoneCommitRules RulesOf(ZoneMembership membership) =>
        new(membership.Zone, membership.Owner, membership.Crypto.Signatures) { RequiresPath = membership.RequirePcs };

    private static MlsClient ClientOf(ZoneMembership membership, ZoneCommitRules rules)
    {
        var credentials = new ZoneCredentials(membership.Owner, membership.Crypto.Signatures, membership.Time);
        var policy = new MlsPolicy(credentials, membership.Time) 
        {
            Commits = rules, LifetimeSecondsMax = membership.LeafSecondsMax, LeafBytesMax = LeafBytesMax, TakesOnlyUpdates = true, // who adds or removes shows the grant in its commit
        };
        return new MlsClient(
            MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519, membership.Crypto, membership.Attestation.Encoded.Span, membership.Keys.Signing, policy);
    }

    private NodeId NodeAt(uint leaf)
    {
        foreach (MlsMember member in _group.Members())
        {
            if (member.Leaf == leaf) return ZoneCredentials.NodeOf(member.Identity.Span) ?? default;
        }

        return default;
    }

    private uint? LeafOf(NodeId node)
    {
        foreach (MlsMember member in _group.Members())
        {
            if (ZoneCredentials.NodeOf(member.Identity.Span) == node) return member.Leaf;
        }

        return null;
    }
}
