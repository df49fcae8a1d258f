using System;
using System.Collections.Immutable;
using FcpFast.Control.Groups;
using FcpFast.Control.Tests.Support;
using FcpFast.Mls;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Groups;

/// <summary>A member, or coordinator, that keeps to the protocol of MLS and to none of the zone's rules: it has taken its own group's record and goes on with it.</summary>
internal sealed class Rogue : IDisposable
{
    private readonly MlsGroup _group;
    private readonly ZoneId _zone;

    public Rogue(GroupNode node)
        : this(node.Membership, node.Store.Record)
    {
    }

    public Rogue(ZoneMembership membership, ReadOnlySpan<byte> record)
    {
        _zone = membership.Zone;
        var credentials = new ZoneCredentials(membership.Owner, membership.Crypto.Signatures, membership.Time);
        var client = new MlsClient(
            MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519, membership.Crypto, membership.Attestation.Encoded.Span, membership.Keys.Signing,
            new MlsPolicy(credentials, membership.Time) { LifetimeSecondsMax = membership.LeafSecondsMax });
        Assert.NotNull(ZoneGroupRecord.Read(record, null, out ReadOnlySpan<byte> mls));
        _group = MlsGroup.Restore(client, mls, null)!;
    }

    /// <summary>A commit that any rule may forbid, in place of the last one.</summary>
    public (GroupMessage Commit, EpochAnnouncement Announcement) Commit(MlsCommitPlan plan)
    {
        if (_group.Pending is not null) GroupZone.Accepted(_group.DropPending());
        GroupZone.Accepted(_group.Commit(plan));
        GroupMessage commit = GroupMessage.Of(_zone, _group.Epoch, GroupMessageKind.Commit, _group.Pending!.Message.Span);
        return (commit, Order(commit));
    }

    public GroupMessage ProposeRemove(uint leaf)
    {
        GroupZone.Accepted(_group.ProposeRemove(leaf, out byte[] proposal));
        return GroupMessage.Of(_zone, _group.Epoch, GroupMessageKind.Proposal, proposal);
    }

    /// <summary>What the manifest of a commit would say; nothing keeps this one from ordering two.</summary>
    public EpochAnnouncement Order(GroupMessage commit)
    {
        GroupZone.Accepted(_group.Preview(commit.Message.Span, out MlsPreview? preview));
        using (preview)
        {
            byte[] zoneHash = new byte[32], id = new byte[8];
            _zone.ComputeHash().Value.Write(zoneHash);
            preview!.Export("FCPFAST-MLS-ZONE-KEY-ID-V1"u8, zoneHash, id);
            return new EpochAnnouncement(new ZoneKeyId(Bytes8.Read(id)), ImmutableArray.Create(commit.Id), new EpochId(preview.Epoch));
        }
    }

    public void Dispose() => _group.Dispose();
}
