using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Interop.Libsodium;
using FcpFast.Mls;
using FcpFast.Mls.Tests.Support;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Support;

/// <summary>An MLS zone: its owner, its coordinator (the first node) and the others.</summary>
internal sealed class GroupZone : IDisposable
{
    private readonly SecretKey _objectIdKey;
    private readonly ObjectIdKeyId _objectIdKeyId = new(new Random(3).Next8());
    private ulong _serial;

    public GroupZone(int seed = 1, bool requirePcs = true)
    {
        Crypto = LibsodiumGate.Open() with { Random = new SeededRandom(seed), Vault = Vault };
        Owner = OwnerKey.Generate(Crypto);
        _objectIdKey = NodeKeys.Draw(Crypto);
        Terms = new SecurityTerms(KeyMode.MlsTreeKem, requirePcs, 3600, MacSuite.Blake3, RequireRatchet: false);
        var draft = new ProfileDraft
        {
            Zone = Zone, CreatedAtUnixSeconds = Now, Terms = Terms, Revision = 1, Coordinator = TestZone.NodeOf("node-0"),
        };
        Assert.Equal(FcpStatus.Accepted, ZoneSecurityProfile.Sign(draft, Owner, Signer, Now, out ZoneSecurityProfile? profile));
        Profile = profile!;
        Nodes.Add(new GroupNode(this, "node-0"));
        Coordinator.Group = ZoneGroup.Create(Coordinator.Membership, Coordinator.Store)!;
    }

    public RecordingVault Vault { get; } = new();

    public CryptoProvider Crypto { get; }

    public TestClock Clock { get; } = new();

    public ulong Now => Clock.UnixSeconds;

    public OwnerKey Owner { get; }

    public SecurityTerms Terms { get; }

    public ZoneSecurityProfile Profile { get; }

    public ZoneId Zone { get; } = TestZone.ZoneOf("z:secret");

    public static NodeId Signer => TestZone.NodeOf("owner-1");

    public List<GroupNode> Nodes { get; } = [];

    public GroupNode Coordinator => Nodes[0];

    public MembershipGrant Grant(MembershipAction action, NodeId node, ulong? serial = null) =>
        MembershipGrant.Issue(Zone, action, node, serial ?? ++_serial, Owner, Signer, Now);

    /// <summary>Makes nodes members, one epoch each.</summary>
    public void Grow(int nodes)
    {
        while (Nodes.Count < nodes) Add(new GroupNode(this, $"node-{Nodes.Count}"));
    }

    public void Add(GroupNode node)
    {
        Accepted(Coordinator.Group.Add(Grant(MembershipAction.Add, node.Id), node.OfferPackage()));
        GroupMessage commit = Coordinator.Group.PendingCommit!, welcome = Coordinator.Group.PendingWelcome!;
        ZoneKeyManifest manifest = Order(commit, welcome, [.. Nodes, node]);
        node.Join(commit, welcome);
        Nodes.Add(node);
        Deliver(commit, manifest);
    }

    /// <summary>The coordinator orders a commit and signs its manifest.</summary>
    public ZoneKeyManifest Order(GroupMessage commit, GroupMessage? welcome, IEnumerable<GroupNode>? members = null)
    {
        Clock.UnixSeconds++;
        Accepted(Coordinator.Group.Order(commit, welcome, out EpochAnnouncement? announcement));
        return Author(announcement!, members ?? Nodes, Coordinator.Keys.Sign);
    }

    public ZoneKeyManifest Author(
        EpochAnnouncement announcement, IEnumerable<GroupNode> members, ObjectSigner sign, Func<ManifestDraft, ManifestDraft>? change = null)
    {
        ManifestDraft draft = ManifestDraft.Rotate(Coordinator.State, Now, 0) with { EpochMessages = announcement.Messages, Profile = Profile.Digest };
        draft = draft.To(members.Select(static node => new KeyValuePair<NodeId, PublicKey>(node.Id, node.Keys.Public.Encryption)));
        draft = change?.Invoke(draft) ?? draft;
        FcpStatus status = ManifestAuthor.AuthorEpoch(
            draft, announcement.ZoneKeyId, _objectIdKeyId, _objectIdKey, sign, Coordinator.Id, Now, Crypto, out ZoneKeyManifest? manifest);
        Assert.Equal(FcpStatus.Accepted, status);
        return manifest!;
    }

    /// <summary>Everyone gets commit and manifest.</summary>
    public void Deliver(GroupMessage commit, ZoneKeyManifest manifest, IEnumerable<GroupNode>? to = null)
    {
        foreach (GroupNode node in to ?? Nodes)
        {
            if (node != Coordinator) node.Group.Receive(commit);
            Assert.Equal(FcpStatus.Accepted, node.Take(manifest));
        }
    }

    /// <summary>One node heals, the coordinator orders, everyone follows.</summary>
    public (GroupMessage Commit, ZoneKeyManifest Manifest) Heal(GroupNode node, IEnumerable<GroupNode>? to = null)
    {
        Accepted(node.Group.Heal());
        GroupMessage commit = node.Group.PendingCommit!;
        ZoneKeyManifest manifest = Order(commit, null);
        Deliver(commit, manifest, to);
        return (commit, manifest);
    }

    public void AssertAgree(IEnumerable<GroupNode>? among = null)
    {
        GroupNode[] nodes = [.. among ?? Nodes];
        Assert.Single(nodes.Select(static node => Convert.ToHexString(node.ActiveKey)).Distinct());
        Assert.Single(nodes.Select(static node => (node.Ring.Active!.Id, node.Ring.Active.OnlyEpoch, node.Group.Epoch)).Distinct());
        Assert.Equal(nodes[0].Group.Epoch, nodes[0].Ring.Active!.OnlyEpoch);
    }

    public static void Accepted(MlsVerdict verdict) => Assert.True(verdict.IsAccepted, verdict.ToString());

    public void Dispose()
    {
        foreach (GroupNode node in Nodes) node.Dispose();
        _objectIdKey.Dispose();
        Owner.Dispose();
    }
}
