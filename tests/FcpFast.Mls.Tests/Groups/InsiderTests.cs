using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tests.Support;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>[RFC 9420 §12.2], [RFC 9420 §7.3]: what a member may not do is refused by name and leaf, and changes nothing.</summary>
public sealed class InsiderTests : IDisposable
{
    private const int Members = 5;
    private readonly Fleet _fleet = new(11);
    private readonly MlsClient[] _clients;
    private readonly List<MlsGroup> _groups;

    public InsiderTests()
    {
        _clients = _fleet.Clients(Members + 2);
        _groups = _fleet.Group(_clients[..Members]);
        Fleet.Heal(_groups, 3);
    }

    [Fact]
    public void Process_ListsThatContradictThemselves_NameTheLeaf()
    {
        KeyPackage package = PackageOf(Members);
        var psk = new PreSharedKeyProposal(PreSharedKeyId.External("id"u8, new byte[32]));
        var resumed = new PreSharedKeyProposal(new PreSharedKeyId(IsResumption: true, 2, Fleet.GroupId, 1, new byte[32]));
        var reinit = new ReInitProposal([1], 1, 3, []);
        Refuse(MlsStatus.PathRequired, 1);
        Refuse(MlsStatus.PathRequired, 1, new RemoveProposal(2));
        Refuse(MlsStatus.PathRequired, 1, new ExtensionsProposal([]));
        Refuse(MlsStatus.InvalidProposalList, 1, new RemoveProposal(1));
        Refuse(MlsStatus.InvalidProposalList, 2, new RemoveProposal(2), new RemoveProposal(2));
        Refuse(MlsStatus.InvalidProposalList, 1, new UpdateProposal(LeafOf(1, LeafNodeSource.Update)));
        Refuse(MlsStatus.InvalidProposalList, 1, new ExtensionsProposal([]), new ExtensionsProposal([]));
        Refuse(MlsStatus.UnknownLeaf, 77, new RemoveProposal(77));
        Refuse(MlsStatus.UnknownLeaf, 6, new RemoveProposal(6));
        Refuse(MlsStatus.ReInitUnsupported, 1, reinit);
        Refuse(MlsStatus.ExternalCommitUnsupported, 1, new ExternalInitProposal([1]));
        Refuse(MlsStatus.ResumptionUnsupported, 1, resumed);
        Refuse(MlsStatus.InvalidPsk, 1, psk, psk);
        Refuse(MlsStatus.InvalidPsk, 1, new PreSharedKeyProposal(PreSharedKeyId.External("id"u8, new byte[31])));
        Refuse(MlsStatus.UnknownPsk, 1, psk);
        Refuse(MlsStatus.UnknownPsk, 1, new PreSharedKeyProposal(new PreSharedKeyId(IsResumption: true, 1, Fleet.GroupId, 99, new byte[32])));
        Refuse(MlsStatus.UnknownPsk, 1, new PreSharedKeyProposal(new PreSharedKeyId(IsResumption: true, 1, [1], 1, new byte[32])));
        Refuse(MlsStatus.InvalidConfirmationTag, 1, new PreSharedKeyProposal(new PreSharedKeyId(IsResumption: true, 1, Fleet.GroupId, 1, new byte[32])));
        Refuse(MlsStatus.DuplicateKey, 6, new AddProposal(package), new AddProposal(package));
        Refuse(MlsStatus.InvalidConfirmationTag, 1, new AddProposal(package));
        byte[] unknown = Insider.Commit(_fleet, _groups[1], _clients[1], new Commit([new ProposalOrRef(null, new byte[32])], null));
        Refuse(MlsStatus.UnknownProposal, 1, unknown);
    }

    [Fact]
    public void Process_KeyPackagesThatBreakARule_NameTheLeafThatTheyWouldTake()
    {
        const uint place = Members; // the first blank leaf
        KeyPackage right = PackageOf(Members);
        KeyPackage Resigned(Func<LeafNode, LeafNode> change) => Sign(Members, right with { Leaf = SignLeaf(Members, change(right.Leaf)) });
        RefuseAdd(MlsStatus.InvalidKeyPackageSignature, place, right with { InitKey = new byte[32] });
        RefuseAdd(MlsStatus.InvalidLeafSignature, place, Sign(Members, right with { Leaf = right.Leaf with { NotAfter = right.Leaf.NotAfter - 1 } }));
        RefuseAdd(MlsStatus.CipherSuiteMismatch, place, Sign(Members, right with { CipherSuite = MlsCipherSuite.X25519Aes128GcmSha256Ed25519 }));
        RefuseAdd(MlsStatus.InitKeyReused, place, Sign(Members, right with { InitKey = right.Leaf.EncryptionKey }));
        RefuseAdd(MlsStatus.InvalidPublicKey, place, Sign(Members, right with { InitKey = [1, 2] }));
        RefuseAdd(MlsStatus.InvalidLeafSource, place, Sign(Members, right with { Leaf = LeafOf(Members, LeafNodeSource.Update) }));
        RefuseAdd(MlsStatus.InvalidLifetime, place, Resigned(static leaf => leaf with { NotAfter = 1_749_999_000 }));
        RefuseAdd(MlsStatus.InvalidLifetime, place, Resigned(static leaf => leaf with { NotBefore = 1_750_001_000 }));
        RefuseAdd(MlsStatus.InvalidLifetime, place, Resigned(static leaf => leaf with { NotBefore = 0, NotAfter = ulong.MaxValue }));
        RefuseAdd(MlsStatus.InvalidLifetime, place, Resigned(static leaf => leaf with { NotBefore = leaf.NotAfter, NotAfter = leaf.NotBefore }));
        RefuseAdd(MlsStatus.CredentialRefused, place, Resigned(static leaf => leaf with { Credential = MlsCredential.Basic("a stranger"u8) }));
        RefuseAdd(MlsStatus.CredentialRefused, place, Resigned(static leaf => leaf with
        {
            Credential = new MlsCredential(CredentialTypes.X509, []),
            Capabilities = leaf.Capabilities with { Credentials = [CredentialTypes.Basic, CredentialTypes.X509] },
        }));
        RefuseAdd(MlsStatus.UnsupportedCredential, place, Resigned(static leaf => leaf with { Capabilities = leaf.Capabilities with { Credentials = [] } }));
        RefuseAdd(MlsStatus.InvalidCapabilities, place, Resigned(static leaf => leaf with { Capabilities = leaf.Capabilities with { Versions = [] } }));
        RefuseAdd(MlsStatus.InvalidCapabilities, place, Resigned(static leaf => leaf with { Capabilities = leaf.Capabilities with { CipherSuites = [1] } }));
        RefuseAdd(MlsStatus.UnsupportedExtension, place, Resigned(static leaf => leaf with { Extensions = [new MlsExtension(0x0A0A, [])] }));
        RefuseAdd(MlsStatus.DuplicateClient, place, Resigned(static leaf => leaf with { Credential = MlsCredential.Basic("client 2/5"u8) }));
        RefuseAdd(MlsStatus.DuplicateKey, place, Resigned(leaf => leaf with { EncryptionKey = _groups[0].State.Tree.Leaf(2)!.EncryptionKey }));
        RefuseAdd(MlsStatus.InvalidConfirmationTag, 1, right); // as far as an insider comes with a right one
    }

    [Fact]
    public void Process_PathsThatBreakARule_NameTheCommitter()
    {
        UpdatePath Path(Func<LeafNode, LeafNode>? change = null, Func<UpdatePathNode[], UpdatePathNode[]>? nodes = null)
        {
            UpdatePath path = MakePath(1);
            if (change is not null) path = path with { Leaf = SignLeaf(1, change(path.Leaf)) };
            return nodes is null ? path : path with { Nodes = nodes(path.Nodes) };
        }

        RefusePath(MlsStatus.InvalidConfirmationTag, Path());
        RefusePath(MlsStatus.InvalidLeafSignature, MakePath(1) with { Leaf = MakePath(1).Leaf with { ParentHash = new byte[32] } });
        RefusePath(MlsStatus.InvalidParentHash, Path(static leaf => leaf with { ParentHash = new byte[32] }));
        RefusePath(MlsStatus.InvalidLeafSource, Path(static leaf => leaf with { Source = LeafNodeSource.Update }));
        RefusePath(MlsStatus.DuplicateKey, Path(leaf => leaf with { EncryptionKey = _groups[1].State.Tree.Leaf(1)!.EncryptionKey }));
        RefusePath(MlsStatus.NoSuccessor, Path(static leaf => leaf with { Credential = MlsCredential.Basic("client 77"u8) }));
        RefusePath(MlsStatus.InvalidPath, Path(null, static nodes => nodes[..^1]));
        RefusePath(MlsStatus.InvalidPath, Path(null, static nodes => [nodes[0] with { EncryptedPathSecret = [] }, .. nodes[1..]]));
        RefusePath(MlsStatus.InvalidPublicKey, Path(null, static nodes => [nodes[0] with { EncryptionKey = [] }, .. nodes[1..]]));
        RefusePath(MlsStatus.DuplicateKey, Path(null, static nodes => [nodes[0] with { EncryptionKey = nodes[1].EncryptionKey }, .. nodes[1..]]));
        RefusePath(MlsStatus.InvalidParentHash, Path(null, nodes => [nodes[0] with { EncryptionKey = Fresh() }, .. nodes[1..]]));
    }

    [Fact]
    public void Process_AContextThatNotEveryoneUnderstands_NamesTheLeaf()
    {
        MlsExtension required = new(ExtensionTypes.RequiredCapabilities, new RequiredCapabilities([0x0A0A], [], []).ToBytes());
        RefuseWithPath(MlsStatus.InvalidCapabilities, 1, new ExtensionsProposal([required]));
        RefuseWithPath(MlsStatus.UnsupportedExtension, 0, new ExtensionsProposal([new MlsExtension(0x0A0A, [])]));
        RefuseWithPath(MlsStatus.Malformed, 1, new ExtensionsProposal([new MlsExtension(ExtensionTypes.RequiredCapabilities, [9])]));
        RefuseWithPath(MlsStatus.InvalidConfirmationTag, 1, new ExtensionsProposal([new MlsExtension(ExtensionTypes.ApplicationId, [9])]));
    }

    [Fact]
    public void Receive_ProposalsOfOthers_AreJudgedAndBounded()
    {
        MlsGroup judge = _groups[0];
        Fleet.Refused(MlsStatus.ReInitUnsupported, 1, judge.Receive(Insider.Propose(_fleet, _groups[1], _clients[1], new ReInitProposal([1], 1, 3, []))));
        Fleet.Refused(MlsStatus.UnknownLeaf, 66, judge.Receive(Insider.Propose(_fleet, _groups[1], _clients[1], new RemoveProposal(66))));
        for (int i = 0; i < 64; i++)
        {
            PreSharedKeyId id = PreSharedKeyId.External([(byte)i], new byte[32]);
            Fleet.Accepted(judge.Receive(Insider.Propose(_fleet, _groups[1], _clients[1], new PreSharedKeyProposal(id))));
        }

        Fleet.Refused(MlsStatus.TooLarge, 1, judge.Receive(Insider.Propose(_fleet, _groups[1], _clients[1], new RemoveProposal(2))));
        Fleet.Accepted(judge.Receive(Insider.Propose(_fleet, _groups[2], _clients[2], new RemoveProposal(3))));
    }

    [Fact]
    public void Receive_AnUpdateThatBreaksARule_IsNotKeptAndItsCommitUnknown()
    {
        void RefuseUpdate(MlsStatus status, LeafNode leaf)
        {
            byte[] proposal = Insider.Propose(_fleet, _groups[2], _clients[2], new UpdateProposal(leaf));
            Fleet.Refused(status, 2, _groups[0].Receive(proposal));
            Assert.Empty(_groups[0].Proposals.All);
        }

        RefuseUpdate(MlsStatus.InvalidLeafSource, LeafOf(2, LeafNodeSource.Commit));
        RefuseUpdate(MlsStatus.DuplicateKey, LeafOf(2, LeafNodeSource.Update, _groups[0].State.Tree.Leaf(2)!.EncryptionKey));
        RefuseUpdate(MlsStatus.InvalidLeafSignature, LeafOf(2, LeafNodeSource.Update) with { EncryptionKey = Fresh() });
        RefuseUpdate(MlsStatus.NoSuccessor, SignLeaf(2, LeafOf(2, LeafNodeSource.Update) with { Credential = MlsCredential.Basic("client 8"u8) }));
        AddProposal add = new(PackageOf(Members) with { InitKey = Fresh() });
        Fleet.Refused(MlsStatus.InvalidKeyPackageSignature, 2, _groups[0].Receive(Insider.Propose(_fleet, _groups[2], _clients[2], add)));
    }

    [Fact]
    public void Commit_AmongProposalsThatContradictEachOther_IsMadeWithoutThem()
    {
        AddProposal one = new(PackageOf(Members)), same = new(PackageOf(Members));
        var unknown = new PreSharedKeyProposal(PreSharedKeyId.External("nobody's"u8, new byte[32]));
        foreach (Proposal proposal in new Proposal[] { one, same, unknown, new ExtensionsProposal([new MlsExtension(0x0A0A, [])]) })
        {
            byte[] message = Insider.Propose(_fleet, _groups[2], _clients[2], proposal);
            foreach (MlsGroup group in _groups.Where(group => group != _groups[2])) Fleet.Accepted(group.Receive(message));
        }

        Fleet.Commit(_groups[0], new MlsCommitPlan { Remove = [4] });
        byte[] commit = _groups[0].Pending!.Message.ToArray();
        Assert.Equal(MlsStatus.Removed, _groups[4].Process(commit).Status);
        _groups.RemoveAt(4);
        Fleet.Deliver(_groups, _groups[0]);
        Fleet.AssertAgree(_groups);
    }

    [Fact]
    public void Process_MessagesOfOtherKindsGroupsAndEpochs_AreRefused()
    {
        MlsGroup judge = _groups[0];
        Fleet.Commit(_groups[1]);
        byte[] commit = _groups[1].Pending!.Message.ToArray();
        Assert.Equal(MlsStatus.WrongContent, judge.Receive(commit).Status);
        Assert.Equal(MlsStatus.WrongContent, judge.Process(MlsKeyPackage.Generate(_clients[5], 60).Message.Span).Status);
        MlsGroup other = MlsGroup.Create(_clients[6], "another"u8)!;
        Assert.Equal(MlsStatus.WrongGroup, other.Process(commit).Status);
        Fleet.Deliver(_groups, _groups[1]);
        Assert.Equal(MlsStatus.WrongEpoch, judge.Process(commit).Status);
        Assert.Equal(MlsStatus.NoCommitPending, judge.MergePending().Status);
        Assert.Equal(MlsStatus.NoCommitPending, judge.DropPending().Status);
        Fleet.Commit(judge);
        Assert.Equal(MlsStatus.CommitPending, judge.Commit(new MlsCommitPlan()).Status);
        byte[] own = judge.Pending!.Message.ToArray();
        Fleet.Accepted(judge.DropPending());
        Assert.Equal(MlsStatus.OwnMessage, judge.Process(own).Status);
    }

    [Fact]
    public void Process_AGroupsOwnRule_RefusesMakerAndFollower()
    {
        string before = Fleet.Everything(_groups[0]);
        Fleet.Commit(_groups[1], new MlsCommitPlan { Remove = [4], AuthenticatedData = new byte[] { 7 } });
        byte[] commit = _groups[1].Pending!.Message.ToArray();
        MlsCommitSummary? seen = null;
        _fleet.Judge.Rule = summary =>
        {
            seen = summary;
            return new MlsVerdict(MlsStatus.PolicyRefused, summary.Committer.Leaf);
        };
        Fleet.Refused(MlsStatus.PolicyRefused, 1, _groups[0].Process(commit));
        Assert.Equal((1u, 4u, true), (seen!.Committer.Leaf, Assert.Single(seen.Removed).Leaf, seen.HasPath));
        Assert.Equal([7], seen.AuthenticatedData.ToArray());
        Assert.Equal(1u, Assert.Single(seen.Updated).Leaf);
        Fleet.Refused(MlsStatus.PolicyRefused, 0, _groups[0].Commit(new MlsCommitPlan()));
        Fleet.Refused(MlsStatus.PolicyRefused, 1, _groups[4].Process(commit)); // not even its removal counts
        Assert.Equal(before, Fleet.Everything(_groups[0]));
        _fleet.Judge.Rule = null;
        Assert.Equal(MlsStatus.Removed, _groups[4].Process(commit).Status);
    }

    public void Dispose()
    {
        foreach (MlsGroup group in _groups) group.Dispose();
        _fleet.Dispose();
    }

    private void Refuse(MlsStatus status, uint leaf, params Proposal[] proposals) =>
        Refuse(status, leaf, Insider.Commit(_fleet, _groups[1], _clients[1], proposals));

    private void Refuse(MlsStatus status, uint leaf, byte[] commit)
    {
        string before = Fleet.Everything(_groups[0]);
        int secrets = _fleet.LiveSecrets;
        Fleet.Refused(status, leaf, _groups[0].Process(commit));
        Assert.Equal(before, Fleet.Everything(_groups[0]));
        Assert.Equal(secrets, _fleet.LiveSecrets);
    }

    private void RefuseAdd(MlsStatus status, uint leaf, KeyPackage package) => Refuse(status, leaf, new AddProposal(package));

    private void RefusePath(MlsStatus status, UpdatePath path) =>
        Refuse(status, 1, Insider.Commit(_fleet, _groups[1], _clients[1], new Commit([], path)));

    private void RefuseWithPath(MlsStatus status, uint leaf, Proposal proposal)
    {
        byte[] commit = Insider.Commit(_fleet, _groups[1], _clients[1], new Commit([ProposalOrRef.Of(proposal)], MakePath(1, proposal)));
        string before = Fleet.Everything(_groups[0]);
        MlsVerdict verdict = _groups[0].Process(commit);
        Assert.Equal(status, verdict.Status);
        Assert.Equal(before, Fleet.Everything(_groups[0]));
        if (verdict.Leaf is { } named && status != MlsStatus.InvalidCapabilities) Assert.Equal(leaf, named);
    }

    private UpdatePath MakePath(int member, Proposal? proposal = null)
    {
        MlsGroup group = _groups[member];
        RatchetTree tree = group.State.Tree.Clone();
        PathKeys keys = group.State.Keys.Clone();
        MlsExtension[] extensions = proposal is ExtensionsProposal change ? change.Extensions : group.State.Context.Extensions;
        GroupContext context = group.State.Context with { Epoch = group.Epoch + 1, Extensions = extensions };
        using PathDraft? draft = TreeKem.Make(
            _fleet.Crypto, tree, keys, group.OwnLeaf, group.State.Tree.Leaf(group.OwnLeaf)!, _clients[member].Signing, context, new HashSet<uint>());
        keys.EraseAllBut(group.State.Keys);
        return draft!.Path;
    }

    private KeyPackage PackageOf(int client)
    {
        using MlsKeyPackage package = MlsKeyPackage.Generate(_clients[client], Fleet.Lifetime);
        return package.Package;
    }

    private KeyPackage Sign(int client, KeyPackage package) => package.Sign(_fleet.Crypto, _clients[client].Signing);

    private LeafNode SignLeaf(int client, LeafNode leaf) => leaf.Sign(_fleet.Crypto, _clients[client].Signing, Fleet.GroupId, (uint)client);

    private LeafNode LeafOf(int client, LeafNodeSource source, byte[]? key = null) => SignLeaf(
        client, _clients[client].Template(source) with { EncryptionKey = key ?? Fresh() });

    private byte[] Fresh()
    {
        using SecretKey secret = _fleet.Crypto.DrawKeyPair(out byte[] publicKey);
        return publicKey;
    }
}
