using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Groups;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Protection;
using FcpFast.Mls.Tests.Support;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>
/// Post-compromise security: whoever has taken all of a member's state in epoch n gets nothing of epoch n + 1 once that member has healed itself, or was removed.
/// </summary>
/// <remarks>
/// The attacker has the member's whole record, opens what it can of the public commit, and tries every private key on every ciphertext. That the same
/// attack succeeds with the keys of a member that was not taken shows that it would notice.
/// </remarks>
public sealed class HealingTests
{
    private static readonly byte[] Label = [.. "UpdatePathNode"u8];

    public static TheoryData<int> Sizes => new(2, 3, 5, 8, 33, 128);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Commit_OfTheTakenMember_TellsItsOldStateNothing(int size)
    {
        using var fleet = new Fleet(size);
        List<MlsGroup> groups = Mixed(fleet, size);
        for (int taken = 0; taken < size; taken++)
        {
            int other = (taken + 1) % size;
            Fleet.Commit(groups[taken], new MlsCommitPlan { IsPublic = true });
            byte[] commit = groups[taken].Pending!.Message.ToArray();
            GroupState attacker = groups[taken].State;
            Assert.Equal(0, Opened(fleet, attacker, attacker.Keys.ByNode.Values, commit));
            Assert.Equal(1, Opened(fleet, groups[other].State, groups[other].State.Keys.ByNode.Values, commit)); // the attack works where it must
            Assert.Null(WouldFollow(fleet, attacker, commit));
            Fleet.Accepted(groups[taken].DropPending());
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Commit_ThatRemovesTheTakenMember_TellsItsOldStateNothing(int size)
    {
        using var fleet = new Fleet(size);
        List<MlsGroup> groups = Mixed(fleet, size);
        for (int taken = 0; taken < size; taken++)
        {
            int remover = (taken + size - 1) % size, third = (taken + 1) % size;
            Fleet.Commit(groups[remover], new MlsCommitPlan { Remove = [groups[taken].OwnLeaf], IsPublic = true });
            byte[] commit = groups[remover].Pending!.Message.ToArray();
            Assert.Equal(0, Opened(fleet, groups[taken].State, groups[taken].State.Keys.ByNode.Values, commit));
            if (third != remover) Assert.Equal(1, Opened(fleet, groups[third].State, groups[third].State.Keys.ByNode.Values, commit));
            Fleet.Accepted(groups[remover].DropPending());
        }
    }

    /// <summary>The whole way, with a record that was stolen and taken up elsewhere.</summary>
    [Fact]
    public void Restore_OfAStolenRecord_FollowsUntilTheMemberHeals()
    {
        using var fleet = new Fleet(41);
        MlsClient[] clients = fleet.Clients(4);
        var store = new MemoryStore();
        List<MlsGroup> groups = fleet.Group(clients, i => i == 2 ? store : null);
        MlsGroup thief = MlsGroup.Restore(clients[2], store.Record, null)!;
        Fleet.Heal(groups, 1);
        Assert.Equal(MlsStatus.WrongEpoch, thief.Process(CommitThatIsDropped(groups, 0)).Status); // one commit behind
        thief = MlsGroup.Restore(clients[2], store.Record, null)!;
        Fleet.Commit(groups[3]);
        Fleet.Accepted(thief.Process(groups[3].Pending!.Message.Span)); // others' healing does not help
        Fleet.Deliver(groups, groups[3]);
        Assert.Equal(Fleet.ExportOf(groups[0]), Fleet.ExportOf(thief));
        Fleet.Commit(groups[2]);
        byte[] healing = groups[2].Pending!.Message.ToArray();
        Assert.Equal(MlsStatus.OwnMessage, thief.Process(healing).Status);
        Fleet.Deliver(groups, groups[2]);
        Fleet.Commit(groups[0]);
        Assert.Equal(MlsStatus.WrongEpoch, thief.Process(groups[0].Pending!.Message.Span).Status);
        Assert.NotEqual(Fleet.ExportOf(groups[0]), Fleet.ExportOf(thief));
    }

    /// <summary>Members joined in several commits, some of them without keys of their own above their leaf.</summary>
    private static List<MlsGroup> Mixed(Fleet fleet, int size)
    {
        List<MlsGroup> groups = fleet.Group(fleet.Clients(size));
        for (int i = 0; i < size; i += Math.Max(1, size / 5)) Fleet.Heal(groups, i);
        return groups;
    }

    private static byte[] CommitThatIsDropped(List<MlsGroup> groups, int committer)
    {
        Fleet.Commit(groups[committer]);
        byte[] commit = groups[committer].Pending!.Message.ToArray();
        Fleet.Accepted(groups[committer].DropPending());
        return commit;
    }

    /// <summary>How many ciphertexts of a commit's path open with any of these keys.</summary>
    private static int Opened(Fleet fleet, GroupState state, IEnumerable<SecretKey> keys, byte[] message)
    {
        (Commit commit, uint sender) = Read(state, message);
        RatchetTree tree = state.Tree.Clone();
        foreach (ProposalOrRef item in commit.Proposals)
        {
            if (item.Proposal is RemoveProposal remove) tree.RemoveLeaf(remove.Removed);
        }

        Fleet.Accepted(TreeKem.Merge(fleet.Crypto, tree, sender, commit.Path!));
        byte[] context = (state.Context with { Epoch = state.Context.Epoch + 1, TreeHash = tree.TreeHash(fleet.Crypto) }).ToBytes();
        return (from node in commit.Path!.Nodes
                from ciphertext in node.EncryptedPathSecret
                from key in keys
                where fleet.Crypto.DecryptWithLabel(key, Label, context, ciphertext) is not null
                select node).Count();
    }

    /// <summary>The commit as anyone with the epoch's secrets reads it. The members' own clients refuse their own messages; a thief's would not.</summary>
    private static (Commit Commit, uint Sender) Read(GroupState state, byte[] message)
    {
        Assert.Equal(MlsStatus.Accepted, MlsCodec.Decode(message, out MlsMessage envelope));
        var body = Assert.IsType<PublicMessage>(envelope.Body);
        Fleet.Accepted(PublicProtection.Unprotect(state.Epoch, body, out AuthenticatedContent content));
        return (content.Content.Commit!, content.Content.Sender.Index);
    }

    private static GroupState? WouldFollow(Fleet fleet, GroupState attacker, byte[] message)
    {
        Assert.Equal(MlsStatus.Accepted, MlsCodec.Decode(message, out MlsMessage envelope));
        Fleet.Accepted(PublicProtection.Unprotect(attacker.Epoch, (PublicMessage)envelope.Body, out AuthenticatedContent content));
        MlsVerdict verdict = CommitFollower.Follow(fleet.Client("client x"), attacker, new ProposalCache(), content, out GroupState? next);
        Assert.False(verdict.IsAccepted);
        return next;
    }
}
