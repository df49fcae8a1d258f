using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Protection;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>Makes a commit, its Welcome, and the epoch that it begins.</summary>
/// <remarks>
/// Errors:  the first rule that the plan breaks, with the leaf; nothing has changed then but a used generation of the sender's ratchet.
/// Source:  [RFC 9420 §12.4.1].
/// </remarks>
internal static class CommitMaker
{
    /// <summary>Makes what the plan says. If proposals of others stand in its way, they are left aside: no member can stop another from committing.</summary>
    public static MlsVerdict Make(MlsClient client, GroupState old, ProposalCache cache, MlsCommitPlan plan, out MlsPendingCommit? pending)
    {
        MlsVerdict verdict = TryMake(client, old, cache, plan, out pending);
        bool mayBeOthers = !verdict.IsAccepted && plan.TakesProposals && cache.All.Any();
        return mayBeOthers ? TryMake(client, old, cache, plan with { TakesProposals = false }, out pending) : verdict;
    }

    private static MlsVerdict TryMake(MlsClient client, GroupState old, ProposalCache cache, MlsCommitPlan plan, out MlsPendingCommit? pending)
    {
        pending = null;
        MlsVerdict verdict = List(client, old, cache, plan, out List<ProposalOrRef> items, out List<SentProposal> proposals);
        if (!verdict.IsAccepted) return verdict;
        using var epoch = new NextEpoch(client, old);
        verdict = epoch.Apply(proposals, old.OwnLeaf);
        if (!verdict.IsAccepted) return verdict;
        MlsStatus status = epoch.FindPsks(out SecretKey? pskSecret);
        using (pskSecret)
        {
            if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
            bool hasPath = epoch.Applied.NeedsPath || !plan.OmitsPath;
            using PathDraft? path = hasPath
                ? TreeKem.Make(
                    client.Crypto, epoch.Tree, epoch.Keys, old.OwnLeaf, client.Template(LeafNodeSource.Commit), client.Signing, epoch.Provisional,
                    epoch.Applied.NewLeaves)
                : null;
            if (hasPath && path is null) return MlsVerdict.Of(MlsStatus.InvalidPublicKey);
            epoch.Keys.DropBlank(epoch.Tree);
            verdict = epoch.CheckTogether(old.OwnLeaf, path?.Path, plan.AuthenticatedData);
            if (!verdict.IsAccepted) return verdict;
            pending = Finish(client, old, epoch, plan, new Commit([.. items], path?.Path), path, pskSecret);
            return pending is null ? MlsVerdict.Of(MlsStatus.InvalidPublicKey) : MlsVerdict.Accepted;
        }
    }

    private static MlsPendingCommit? Finish(
        MlsClient client, GroupState old, NextEpoch epoch, MlsCommitPlan plan, Commit commit, PathDraft? path, SecretKey? pskSecret)
    {
        var content = new FramedContent(
            old.Context.GroupId, old.Context.Epoch, Sender.Member(old.OwnLeaf), plan.AuthenticatedData.ToArray(), ContentType.Commit, null, null, commit);
        WireFormat format = plan.IsPublic ? WireFormat.PublicMessage : WireFormat.PrivateMessage;
        AuthenticatedContent signed = AuthenticatedContent.Sign(client.Crypto, format, content, old.Context, client.Signing);
        GroupState derived = epoch.Derive(signed, path?.CommitSecret, pskSecret);
        signed = signed with { Auth = signed.Auth with { ConfirmationTag = derived.ConfirmationTag } };
        byte[] welcome = [];
        if (epoch.Applied.Added.Count > 0)
        {
            Welcome? made = WelcomeMaker.Make(client, epoch, derived, path);
            if (made is null)
            {
                derived.EraseSecrets();
                return null;
            }

            welcome = MlsMessage.Of(made).ToBytes();
        }

        return new MlsPendingCommit(Protect(old.Epoch, signed).ToBytes(), welcome, epoch.Finish(derived));
    }

    internal static MlsMessage Protect(Epoch epoch, AuthenticatedContent signed) => signed.WireFormat == WireFormat.PublicMessage
        ? MlsMessage.Of(PublicProtection.Protect(epoch, signed))
        : MlsMessage.Of(PrivateProtection.Protect(epoch, signed));

    /// <summary>The plan's own proposals, behind those received that this member may commit.</summary>
    /// <remarks>
    /// Shape: of several changes to one leaf a removal goes before an update, and the plan before what was received; own updates are what the path does.
    /// Source: [RFC 9420 §12.2].
    /// </remarks>
    private static MlsVerdict List(
        MlsClient client, GroupState old, ProposalCache cache, MlsCommitPlan plan, out List<ProposalOrRef> items, out List<SentProposal> proposals)
    {
        items = [];
        proposals = [];
        var removed = new HashSet<uint>(plan.Remove) { old.OwnLeaf };
        if (plan.TakesProposals)
        {
            foreach ((byte[] reference, SentProposal sent) in Choose(cache, removed))
            {
                items.Add(new ProposalOrRef(null, reference));
                proposals.Add(sent);
            }
        }

        var own = new List<Proposal>();
        foreach (uint leaf in plan.Remove) own.Add(new RemoveProposal(leaf));
        foreach (ReadOnlyMemory<byte> message in plan.Add)
        {
            MlsStatus status = MlsCodec.Decode(message.Span, out MlsMessage envelope);
            if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
            if (envelope.Body is not KeyPackage package) return MlsVerdict.Of(MlsStatus.WrongContent);
            own.Add(new AddProposal(package));
        }

        foreach (ReadOnlyMemory<byte> id in plan.Psks)
        {
            byte[] nonce = new byte[Mls.Crypto.MlsCrypto.HashBytes];
            client.Crypto.Fill(nonce);
            own.Add(new PreSharedKeyProposal(PreSharedKeyId.External(id.Span, nonce)));
        }

        foreach (Proposal proposal in own)
        {
            items.Add(ProposalOrRef.Of(proposal));
            proposals.Add(new SentProposal(proposal, old.OwnLeaf, null, null));
        }

        return MlsVerdict.Accepted;
    }

    private static List<(byte[] Reference, SentProposal Proposal)> Choose(ProposalCache cache, HashSet<uint> taken)
    {
        var chosen = new List<(byte[] Reference, SentProposal Proposal)>();
        bool hasExtensions = false;
        foreach ((byte[] reference, SentProposal sent) in cache.All)
        {
            bool fits = sent.Proposal switch
            {
                RemoveProposal remove => taken.Add(remove.Removed),
                ExtensionsProposal => !hasExtensions && (hasExtensions = true),
                AddProposal or PreSharedKeyProposal => true,
                _ => false,
            };
            if (fits) chosen.Add((reference, sent));
        }

        var latest = new Dictionary<uint, (byte[] Reference, SentProposal Proposal)>();
        foreach ((byte[] reference, SentProposal sent) in cache.All)
        {
            if (sent.Proposal is UpdateProposal && !taken.Contains(sent.Sender)) latest[sent.Sender] = (reference, sent);
        }

        chosen.AddRange(latest.Values);
        return chosen;
    }
}
