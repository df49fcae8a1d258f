using System;
using System.Linq;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Tests.Support;
using FcpFast.Mls;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Groups;

/// <summary>[WIRE §14]: a member, also the coordinator, can delay and order, but neither add, remove, weaken nor split the group unseen.</summary>
public sealed class ZoneMisuseTests : IDisposable
{
    private readonly GroupZone _zone = new();

    public ZoneMisuseTests() => _zone.Grow(4);

    [Fact]
    public void Membership_WithoutTheOwnersRightGrant_ChangesNowhere()
    {
        GroupNode stranger = new(_zone, "node-9"), other = new(_zone, "node-8");
        GroupMessage package = stranger.OfferPackage();
        ulong floor = _zone.Coordinator.Group.SerialFloor;
        using OwnerKey impostor = OwnerKey.Generate(_zone.Crypto);
        MembershipGrant Forged(MembershipAction action, NodeId node) =>
            MembershipGrant.Issue(_zone.Zone, action, node, 100, impostor, GroupZone.Signer, _zone.Now);
        ZoneGroup group = _zone.Coordinator.Group;
        Refused(group.Add(Forged(MembershipAction.Add, stranger.Id), package));
        Refused(group.Add(_zone.Grant(MembershipAction.Add, other.Id), package));
        Refused(group.Add(_zone.Grant(MembershipAction.Remove, stranger.Id), package));
        Refused(group.Add(_zone.Grant(MembershipAction.Add, stranger.Id, floor), package)); // used before
        Refused(group.Add(MembershipGrant.Issue(TestZone.ZoneOf("z:other"), MembershipAction.Add, stranger.Id, 100, _zone.Owner, GroupZone.Signer, 1), package));
        Refused(group.Remove(Forged(MembershipAction.Remove, _zone.Nodes[1].Id)));
        Refused(group.Remove(_zone.Grant(MembershipAction.Add, _zone.Nodes[1].Id)));
        Assert.Equal(MlsStatus.UnknownLeaf, group.Remove(_zone.Grant(MembershipAction.Remove, stranger.Id)).Status);
        Assert.Equal(floor, group.SerialFloor);
        _zone.AssertAgree();
        stranger.Dispose();
        other.Dispose();
    }

    [Fact]
    public void Member_ThatProposesWhatNeedsAGrant_StopsNobody()
    {
        using var rogue = new Rogue(_zone.Nodes[2]);
        GroupMessage proposal = rogue.ProposeRemove(1);
        foreach (GroupNode node in _zone.Nodes.Where(node => node != _zone.Nodes[2]))
        {
            Assert.Equal(new MlsVerdict(MlsStatus.PolicyRefused, 2), node.Group.Receive(proposal));
        }

        _zone.Heal(_zone.Nodes[1]);
        _zone.AssertAgree();
    }

    [Fact]
    public void Coordinator_ThatOrdersWhatItsOwnRulesWouldForbid_IsNotFollowed()
    {
        GroupNode victim = _zone.Nodes[1];
        using var rogue = new Rogue(_zone.Coordinator);
        MembershipGrant used = _zone.Grant(MembershipAction.Remove, victim.Id, 1);
        (GroupMessage commit, EpochAnnouncement announcement) = rogue.Commit(new MlsCommitPlan { Remove = [1], AuthenticatedData = used.Encoded });
        ZoneKeyManifest manifest = _zone.Author(announcement, _zone.Nodes, _zone.Coordinator.Keys.Sign);
        foreach (GroupNode node in _zone.Nodes.Skip(1))
        {
            node.Group.Receive(commit);
            ZoneState before = node.State;
            Assert.Equal(FcpStatus.ZoneKeyIdMismatch, node.Take(manifest));
            Assert.Equal(new MlsVerdict(MlsStatus.PolicyRefused, 1), node.Group.LastVerdict);
            Assert.Same(before, node.State);
        }
    }

    [Fact]
    public void Coordinator_ThatOrdersAnEpochWithoutHealing_IsNotFollowedWhereItIsRequired()
    {
        GroupNode newcomer = new(_zone, "node-9");
        using var rogue = new Rogue(_zone.Coordinator);
        (GroupMessage commit, EpochAnnouncement announcement) = rogue.Commit(new MlsCommitPlan
        {
            Add = [newcomer.OfferPackage().Message],
            AuthenticatedData = _zone.Grant(MembershipAction.Add, newcomer.Id).Encoded,
            OmitsPath = true,
        });
        ZoneKeyManifest manifest = _zone.Author(announcement, [.. _zone.Nodes, newcomer], _zone.Coordinator.Keys.Sign);
        foreach (GroupNode node in _zone.Nodes.Skip(1))
        {
            node.Group.Receive(commit);
            Assert.Equal(FcpStatus.ZoneKeyIdMismatch, node.Take(manifest));
            Assert.Equal(new MlsVerdict(MlsStatus.PathRequired, 0), node.Group.LastVerdict);
        }

        newcomer.Dispose();
    }

    [Fact]
    public void Coordinator_ThatTellsTwoPartsDifferentEpochs_IsSeenByWhoeverSeesBoth()
    {
        GroupNode left = _zone.Nodes[1], right = _zone.Nodes[2];
        using var rogue = new Rogue(_zone.Coordinator);
        GroupZone.Accepted(left.Group.Heal());
        GroupZone.Accepted(right.Group.Heal());
        GroupMessage first = left.Group.PendingCommit!, second = right.Group.PendingCommit!;
        ZoneKeyManifest leftManifest = _zone.Author(rogue.Order(first), _zone.Nodes, _zone.Coordinator.Keys.Sign);
        ZoneKeyManifest rightManifest = _zone.Author(rogue.Order(second), _zone.Nodes, _zone.Coordinator.Keys.Sign);
        Assert.Equal(FcpStatus.Accepted, left.Take(leftManifest));
        Assert.Equal(FcpStatus.Accepted, right.Take(rightManifest));
        Assert.NotEqual(left.ActiveKey, right.ActiveKey);
        Assert.Equal(FcpStatus.ManifestEquivocation, left.Take(rightManifest));
        Assert.Equal(FcpStatus.ManifestEquivocation, right.Take(leftManifest));
        Assert.Equal(2, left.State.Manifests.Evidence.Length);
        Assert.Null(left.Ring.Find(leftManifest.ZoneKeyId)); // neither is used from now on
        Assert.Null(right.Ring.Find(rightManifest.ZoneKeyId));
    }

    [Fact]
    public void Manifests_ThatDoNotFitTheGroup_AreRefused()
    {
        GroupNode node = _zone.Nodes[1];
        GroupZone.Accepted(_zone.Coordinator.Group.Heal());
        GroupMessage commit = _zone.Coordinator.Group.PendingCommit!;
        foreach (GroupNode member in _zone.Nodes.Skip(1)) member.Group.Receive(commit);
        ZoneKeyManifest right = _zone.Order(commit, null);
        EpochAnnouncement announcement = _zone.Coordinator.Group.Announcement!;
        ZoneState before = node.State;
        ObjectSigner coordinator = _zone.Coordinator.Keys.Sign;
        EpochAnnouncement another = announcement with { ZoneKeyId = new ZoneKeyId(new Random(9).Next8()) };
        Assert.Equal(FcpStatus.ZoneKeyIdMismatch, node.Take(_zone.Author(another, _zone.Nodes, coordinator)));
        Assert.Equal(FcpStatus.InvalidSignature, node.Take(_zone.Author(announcement, _zone.Nodes, _zone.Nodes[2].Keys.Sign))); // no coordinator
        Assert.Equal(FcpStatus.Downgrade, node.Take(_zone.Author(announcement with { Messages = [] }, _zone.Nodes, coordinator)));
        Assert.Equal(FcpStatus.Downgrade, node.Take(_zone.Author(announcement, _zone.Nodes, coordinator, static draft => draft with
        {
            RekeyPolicy = RekeyPolicy.Default with { EpochRatchet = true },
        })));
        using ZoneSecrets drawn = ZoneSecrets.Generate(_zone.Crypto);
        ManifestDraft wraps = ManifestDraft.Rotate(node.State, _zone.Now, 0).To(
            _zone.Nodes.Select(static member => new System.Collections.Generic.KeyValuePair<NodeId, PublicKey>(member.Id, member.Keys.Public.Encryption)));
        Assert.Equal(
            FcpStatus.Accepted, ManifestAuthor.Author(wraps, drawn, _zone.Owner, GroupZone.Signer, 1, _zone.Crypto, out ZoneKeyManifest? wrapped));
        Assert.Equal(FcpStatus.Downgrade, node.Take(wrapped!)); // not even the owner's: the profile demands a group
        Assert.Same(before, node.State);
        Assert.Equal(FcpStatus.Accepted, node.Take(right));
        Assert.Equal(FcpStatus.Accepted, _zone.Nodes[2].Take(_zone.Author(announcement, _zone.Nodes, _zone.Owner.Sign))); // the owner may always
    }

    [Fact]
    public void Profile_OfTheWeakerMode_NeedsTheOwnersDowngrade()
    {
        ZoneState state = _zone.Nodes[1].State;
        ProfileDraft weaker = new()
        {
            Zone = _zone.Zone, CreatedAtUnixSeconds = _zone.Now, Revision = 2, Terms = SecurityTerms.Default with { MinSuite = _zone.Terms.MinSuite, MaxEpochSeconds = 3600 },
        };
        Assert.Equal(FcpStatus.Accepted, ZoneSecurityProfile.Sign(weaker, _zone.Owner, GroupZone.Signer, 1, out ZoneSecurityProfile? unnamed));
        Assert.Equal(FcpStatus.Accepted, ZoneSecurityProfile.Sign(
            weaker with { DowngradeOf = _zone.Profile.Digest }, _zone.Owner, GroupZone.Signer, 1, out ZoneSecurityProfile? named));
        Assert.Equal(FcpStatus.Downgrade, Judge(unnamed!, state));
        Assert.Equal(FcpStatus.Accepted, Judge(named!, state));
    }

    [Fact]
    public void Join_WithACommitThatGrantsAnotherNode_IsRefused()
    {
        GroupNode newcomer = new(_zone, "node-9"), envious = new(_zone, "node-8");
        envious.OfferPackage();
        GroupZone.Accepted(_zone.Coordinator.Group.Add(_zone.Grant(MembershipAction.Add, newcomer.Id), newcomer.OfferPackage()));
        GroupMessage commit = _zone.Coordinator.Group.PendingCommit!, welcome = _zone.Coordinator.Group.PendingWelcome!;
        Assert.Equal(MlsStatus.PolicyRefused, ZoneGroup.Join(envious.Membership, envious.Package!, commit, welcome, null, out _).Status);
        GroupZone.Accepted(_zone.Coordinator.Group.Drop());
        GroupZone.Accepted(_zone.Coordinator.Group.Heal());
        GroupMessage healing = _zone.Coordinator.Group.PendingCommit!;
        Assert.Equal(MlsStatus.PolicyRefused, ZoneGroup.Join(newcomer.Membership, newcomer.Package!, healing, welcome, null, out _).Status);
        newcomer.Join(commit, welcome);
        newcomer.Dispose();
        envious.Dispose();
    }

    [Fact]
    public void Add_OfANodeWhoseAttestationIsOver_IsRefusedAndSoIsAJoinThatSeesOne()
    {
        GroupNode shortLived = new(_zone, "node-7", livesSeconds: 100);
        GroupMessage package = shortLived.OfferPackage();
        _zone.Clock.UnixSeconds += 101;
        MlsVerdict verdict = _zone.Coordinator.Group.Add(_zone.Grant(MembershipAction.Add, shortLived.Id), package);
        Assert.Equal(new MlsVerdict(MlsStatus.CredentialRefused, 4), verdict);
        shortLived.Dispose();
    }

    public void Dispose() => _zone.Dispose();

    private static void Refused(MlsVerdict verdict) => Assert.Equal(MlsStatus.PolicyRefused, verdict.Status);

    private FcpStatus Judge(ZoneSecurityProfile profile, ZoneState state) =>
        ProfileAcceptance.Judge(profile.Encoded.Span, _zone.Zone, _zone.Owner.PublicKey, state.Profiles, _zone.Crypto.Signatures).Status;
}
