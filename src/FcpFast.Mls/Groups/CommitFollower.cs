using System.Collections.Generic;
using System.Security.Cryptography;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>Follows another member's commit.</summary>
/// <remarks>
/// Errors:  the first check that fails, with the leaf; nothing has changed then.
/// Source:  [RFC 9420 §12.4.2].
/// </remarks>
internal static class CommitFollower
{
    /// <param name="client">The client.</param>
    /// <param name="old">The epoch that the commit ends.</param>
    /// <param name="cache">What its references may mean.</param>
    /// <param name="content">The commit, authenticated as its sender's.</param>
    /// <param name="next">The new epoch, if accepted.</param>
    public static MlsVerdict Follow(MlsClient client, GroupState old, ProposalCache cache, AuthenticatedContent content, out GroupState? next)
    {
        next = null;
        uint committer = content.Content.Sender.Index;
        Commit commit = content.Content.Commit!;
        if (content.Auth.ConfirmationTag is not { } claimed) return new MlsVerdict(MlsStatus.InvalidConfirmationTag, committer);
        MlsVerdict verdict = Resolve(commit, committer, cache, out List<SentProposal> proposals);
        if (!verdict.IsAccepted) return verdict;
        using var epoch = new NextEpoch(client, old);
        verdict = epoch.Apply(proposals, committer);
        if (!verdict.IsAccepted) return verdict;
        if (commit.Path is null && epoch.Applied.NeedsPath) return new MlsVerdict(MlsStatus.PathRequired, committer);
        if (commit.Path is not null) verdict = Merge(client, old, epoch, commit.Path, committer);
        if (verdict.IsAccepted) verdict = epoch.CheckTogether(committer, commit.Path, content.Content.AuthenticatedData);
        if (!verdict.IsAccepted) return verdict;
        if (epoch.Tree.Leaf(old.OwnLeaf) is null || epoch.Applied.NewLeaves.Contains(old.OwnLeaf)) return new MlsVerdict(MlsStatus.Removed, old.OwnLeaf);

        MlsStatus status = epoch.FindPsks(out SecretKey? pskSecret);
        using (pskSecret)
        {
            if (status != MlsStatus.Accepted) return new MlsVerdict(status, committer);
            verdict = Open(epoch, old, commit.Path, committer, out SecretKey? commitSecret);
            using (commitSecret)
            {
                if (!verdict.IsAccepted) return verdict;
                GroupState derived = epoch.Derive(content, commitSecret, pskSecret);
                if (!CryptographicOperations.FixedTimeEquals(derived.ConfirmationTag, claimed))
                {
                    derived.EraseSecrets();
                    return new MlsVerdict(MlsStatus.InvalidConfirmationTag, committer);
                }

                next = epoch.Finish(derived);
                return MlsVerdict.Accepted;
            }
        }
    }

    private static MlsVerdict Resolve(Commit commit, uint committer, ProposalCache cache, out List<SentProposal> proposals)
    {
        proposals = [];
        foreach (ProposalOrRef item in commit.Proposals)
        {
            SentProposal? proposal = item.Proposal is null ? cache.Find(item.Reference) : new SentProposal(item.Proposal, committer, null, null);
            if (proposal is null) return new MlsVerdict(MlsStatus.UnknownProposal, committer);
            proposals.Add(proposal);
        }

        return MlsVerdict.Accepted;
    }

    private static MlsVerdict Merge(MlsClient client, GroupState old, NextEpoch epoch, UpdatePath path, uint committer)
    {
        if (path.Leaf.Source != LeafNodeSource.Commit) return new MlsVerdict(MlsStatus.InvalidLeafSource, committer);
        if (!epoch.Leaves.IsSuccessor(old.Tree.Leaf(committer)!, path.Leaf)) return new MlsVerdict(MlsStatus.NoSuccessor, committer);
        MlsVerdict verdict = epoch.Leaves.Check(path.Leaf, committer, old.Context.GroupId, epoch.Applied.Extensions);
        return verdict.IsAccepted ? TreeKem.Merge(client.Crypto, epoch.Tree, committer, path) : verdict;
    }

    private static MlsVerdict Open(NextEpoch epoch, GroupState old, UpdatePath? path, uint committer, out SecretKey? commitSecret)
    {
        commitSecret = null;
        if (path is null) return MlsVerdict.Accepted;
        byte[] context = (epoch.Provisional with { TreeHash = epoch.Tree.TreeHash(old.Crypto) }).ToBytes();
        MlsVerdict verdict = TreeKem.Follow(
            old.Crypto, epoch.Tree, epoch.Keys, old.OwnLeaf, committer, path, context, epoch.Applied.NewLeaves, out commitSecret);
        epoch.Keys.DropBlank(epoch.Tree);
        return verdict;
    }
}
