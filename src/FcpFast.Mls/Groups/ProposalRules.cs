using System;
using System.Collections.Generic;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>Judges the list of a commit and applies it to a copy of the tree and keys.</summary>
/// <remarks>
/// Errors:  the first rule broken, and the leaf; the copies are then worth nothing.
/// Source:  [RFC 9420 §12.2], [RFC 9420 §12.3].
/// </remarks>
internal sealed class ProposalRules(MlsCrypto crypto, LeafRules leaves, GroupContext context, RatchetTree tree, PathKeys keys, uint own)
{
    private readonly AppliedProposals _applied = new(context.Extensions);

    public MlsVerdict Apply(IReadOnlyList<SentProposal> proposals, uint committer, out AppliedProposals applied)
    {
        applied = _applied;
        _applied.NeedsPath = proposals.Count == 0;
        MlsVerdict verdict = CheckList(proposals, committer);
        if (verdict.IsAccepted) verdict = Each<ExtensionsProposal>(proposals, ApplyExtensions);
        if (verdict.IsAccepted) verdict = Each<UpdateProposal>(proposals, ApplyUpdate);
        if (verdict.IsAccepted) verdict = Each<RemoveProposal>(proposals, ApplyRemove);
        if (verdict.IsAccepted) verdict = Each<AddProposal>(proposals, ApplyAdd);
        if (verdict.IsAccepted) verdict = Each<PreSharedKeyProposal>(proposals, ApplyPsk);
        keys.DropBlank(tree);
        return verdict;
    }

    /// <summary>What is wrong with the list as a list.</summary>
    private MlsVerdict CheckList(IReadOnlyList<SentProposal> proposals, uint committer)
    {
        var touched = new HashSet<uint>();
        int extensions = 0;
        foreach (SentProposal sent in proposals)
        {
            _applied.NeedsPath |= sent.Proposal.NeedsPath;
            switch (sent.Proposal)
            {
                case ReInitProposal:
                    return new MlsVerdict(MlsStatus.ReInitUnsupported, sent.Sender);
                case ExternalInitProposal:
                    return new MlsVerdict(MlsStatus.ExternalCommitUnsupported, sent.Sender);
                case ExtensionsProposal when ++extensions > 1:
                    return new MlsVerdict(MlsStatus.InvalidProposalList, sent.Sender);
                case UpdateProposal when sent.Sender == committer || !touched.Add(sent.Sender):
                    return new MlsVerdict(MlsStatus.InvalidProposalList, sent.Sender);
                case RemoveProposal remove when remove.Removed == committer || !touched.Add(remove.Removed):
                    return new MlsVerdict(MlsStatus.InvalidProposalList, remove.Removed);
            }
        }

        return MlsVerdict.Accepted;
    }

    private static MlsVerdict Each<T>(IReadOnlyList<SentProposal> proposals, Func<SentProposal, T, MlsVerdict> apply)
        where T : Proposal
    {
        foreach (SentProposal sent in proposals)
        {
            if (sent.Proposal is T proposal && apply(sent, proposal) is { IsAccepted: false } verdict) return verdict;
        }

        return MlsVerdict.Accepted;
    }

    private MlsVerdict ApplyExtensions(SentProposal sent, ExtensionsProposal proposal)
    {
        _applied.Extensions = proposal.Extensions;
        _applied.ChangesExtensions = true;
        return MlsVerdict.Accepted;
    }

    private MlsVerdict ApplyUpdate(SentProposal sent, UpdateProposal update)
    {
        MlsVerdict verdict = leaves.CheckUpdate(tree, update.Leaf, sent.Sender, context.GroupId, _applied.Extensions);
        if (!verdict.IsAccepted) return verdict;
        tree.UpdateLeaf(sent.Sender, update.Leaf);
        _applied.Updated.Add((sent.Sender, update.Leaf));
        if (sent.Sender != own) return MlsVerdict.Accepted;
        if (sent.LeafKey is null) return new MlsVerdict(MlsStatus.UnknownProposal, own);
        using KeyLease lease = sent.LeafKey.Lease();
        keys.Set(2 * own, crypto.Vault.Import(lease.Bytes)); // a copy: the proposal keeps its own until the epoch is over
        return MlsVerdict.Accepted;
    }

    private MlsVerdict ApplyRemove(SentProposal sent, RemoveProposal remove)
    {
        if (tree.Leaf(remove.Removed) is not { } leaf) return new MlsVerdict(MlsStatus.UnknownLeaf, remove.Removed);
        tree.RemoveLeaf(remove.Removed);
        _applied.Removed.Add((remove.Removed, leaf));
        return MlsVerdict.Accepted;
    }

    private MlsVerdict ApplyAdd(SentProposal sent, AddProposal add)
    {
        if (tree.AddLeaf(add.KeyPackage.Leaf) is not { } leaf) return MlsVerdict.Of(MlsStatus.TooLarge);
        MlsStatus status = leaves.Check(add.KeyPackage, _applied.Extensions);
        if (status != MlsStatus.Accepted) return new MlsVerdict(status, leaf);
        _applied.NewLeaves.Add(leaf);
        _applied.Added.Add((leaf, add.KeyPackage));
        return MlsVerdict.Accepted;
    }

    private MlsVerdict ApplyPsk(SentProposal sent, PreSharedKeyProposal psk)
    {
        if (psk.Id.IsOfAnotherGroup) return new MlsVerdict(MlsStatus.ResumptionUnsupported, sent.Sender);
        if (_applied.Psks.Count == PreSharedKeyId.ListMax) return new MlsVerdict(MlsStatus.TooLarge, sent.Sender);
        bool isRight = psk.Id.Nonce.Length == MlsCrypto.HashBytes && !_applied.Psks.Exists(psk.Id.IsSame);
        if (!isRight) return new MlsVerdict(MlsStatus.InvalidPsk, sent.Sender);
        _applied.Psks.Add(psk.Id);
        return MlsVerdict.Accepted;
    }
}
