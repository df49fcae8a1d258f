using System;
using System.Collections.Immutable;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Groups;
using FcpFast.Control.Manifests;
using FcpFast.Control.Store;
using FcpFast.Mls;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Nodes;

/// <summary>How a node judges the manifests of an MLS zone: by its group, by the group that it joins with this very manifest, or as an onlooker.</summary>
/// <remarks>
/// Shape:   an onlooker (a relay, a former member, one that waits to be added) verifies the coordinator by its attestation, and links.
/// Errors:  as <see cref="IZoneEpochs"/>.
/// Source:  [WIRE §14].
/// </remarks>
internal sealed class ZoneEpochs(NodeGroup group, ZoneMembership? membership, NodeState node, IStateStore store) : IZoneEpochs
{
    /// <summary>Where a manifest names its commit and its Welcome, behind the profile.</summary>
    private const int CommitRef = 1, WelcomeRef = 2;

    /// <summary>The group that this node joins by the manifest judged; null if it joins none.</summary>
    public ZoneGroup? Joined { get; private set; }

    public PublicKey? SigningKeyOf(NodeId member)
    {
        PublicKey? key = group.Open?.SigningKeyOf(member)
            ?? (node.Attestations.Nodes.TryGetValue(member, out NodeKeyAttestation? one) ? one.Keys.Signing : null);
        return key is { } known && !node.Revocations.IsRevoked(known) ? known : null;
    }

    public FcpStatus Preview(ZoneKeyManifest manifest, out SecretKey? zoneKey, out EpochId epoch)
    {
        zoneKey = null;
        epoch = default;
        if (group.AwaitsAttestation) return FcpStatus.ObjectNotFound; // it will be in its group again, and asks until then
        if (group.Open is not { } present)
        {
            FcpStatus status = Join(manifest);
            return status == FcpStatus.Accepted ? Joined!.Preview(manifest, out zoneKey, out epoch) : status;
        }

        Feed(present, manifest);
        return present.Preview(manifest, out zoneKey, out epoch);
    }

    /// <summary>Gives the group the commit that a manifest names, as far as it is kept here.</summary>
    public void Feed(ZoneGroup present, ZoneKeyManifest manifest)
    {
        if (Find(manifest, CommitRef) is { Kind: GroupMessageKind.Commit } commit) present.Receive(commit);
    }

    /// <summary>Whom the commit of a manifest adds; empty if nobody, or if it is not kept here.</summary>
    public NodeId AddedBy(ZoneKeyManifest manifest) => Find(manifest, CommitRef) is { } commit ? ZoneGroup.AddedBy(commit) ?? default : default;

    /// <summary>The messages that a manifest orders.</summary>
    public static ImmutableArray<ObjectId> MessagesOf(ZoneKeyManifest manifest) => [.. manifest.Header.Refs.Skip(CommitRef).Select(static id => new ObjectId(id))];

    private FcpStatus Join(ZoneKeyManifest manifest)
    {
        bool mayBeOurs = membership is not null && group.Offered is not null && manifest.Header.Refs.Length > WelcomeRef
            && manifest.Header.CreatedAtUnixSeconds >= group.OfferedAtUnixSeconds - Math.Min(group.OfferedAtUnixSeconds, ManifestAcceptance.SkewSeconds); // the manifest's may be the end of time
        if (!mayBeOurs) return FcpStatus.NotMember;
        if (Find(manifest, CommitRef) is not { } commit || Find(manifest, WelcomeRef) is not { } welcome) return FcpStatus.ObjectNotFound;
        if (ZoneGroup.AddedBy(commit) != node.Node) return FcpStatus.NotMember; // another newcomer's
        MlsVerdict verdict = ZoneGroup.Join(membership!, group.Offered!, commit, welcome, group.Slot, out ZoneGroup? joined);
        Joined = joined;
        return verdict.Status switch
        {
            MlsStatus.Accepted => FcpStatus.Accepted,
            MlsStatus.NotInvited => FcpStatus.NotMember, // by a key package whose secrets are gone: the owner adds this node anew
            _ => FcpStatus.ZoneKeyIdMismatch,
        };
    }

    private GroupMessage? Find(ZoneKeyManifest manifest, int place)
    {
        if (manifest.Header.Refs.Length <= place) return null;
        byte[]? record = store.ReadMessage(group.Zone, new ObjectId(manifest.Header.Refs[place]));
        return GroupMessage.Parse(record, group.Zone, out GroupMessage? message) == FcpStatus.Accepted ? message : null;
    }
}
