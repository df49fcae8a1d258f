using System;
using System.Collections.Generic;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>The next epoch in the making: copies of tree and keys that a commit changes, and what comes out of them.</summary>
/// <remarks>
/// Shape:   made for one commit. Until <see cref="Finish"/> succeeds nothing of the old epoch has changed; disposing without it erases the new keys.
/// Source:  [RFC 9420 §12.4.1], [RFC 9420 §12.4.2].
/// </remarks>
internal sealed class NextEpoch : IDisposable
{
    private readonly MlsClient _client;
    private readonly GroupState _old;
    private bool _isTaken;

    public NextEpoch(MlsClient client, GroupState old)
    {
        _client = client;
        _old = old;
        Leaves = new LeafRules(client.Crypto, client.Policy);
        Tree = old.Tree.Clone();
        Keys = old.Keys.Clone();
        Applied = new AppliedProposals(old.Context.Extensions);
    }

    public LeafRules Leaves { get; }

    public RatchetTree Tree { get; }

    public PathKeys Keys { get; }

    public AppliedProposals Applied { get; private set; }

    /// <summary>The secret that joiners are given; set by <see cref="Finish"/>, erased with this.</summary>
    public SecretKey? Joiner { get; private set; }

    /// <summary>The secret behind the joiner's, with pre-shared keys in it.</summary>
    public SecretKey? Member { get; private set; }

    private MlsCrypto Crypto => _client.Crypto;

    /// <summary>The context that a path's secrets are encrypted in, but for the tree hash.</summary>
    public GroupContext Provisional => _old.Context with { Epoch = checked(_old.Context.Epoch + 1), Extensions = Applied.Extensions };

    /// <summary>Judges the proposals and applies them.</summary>
    public MlsVerdict Apply(IReadOnlyList<SentProposal> proposals, uint committer)
    {
        if (_old.Context.Epoch == ulong.MaxValue) return MlsVerdict.Of(MlsStatus.TooLarge);
        var rules = new ProposalRules(Crypto, Leaves, _old.Context, Tree, Keys, _old.OwnLeaf);
        MlsVerdict verdict = rules.Apply(proposals, committer, out AppliedProposals applied);
        Applied = applied;
        return verdict;
    }

    /// <summary>Judges what holds between all members, and asks the application.</summary>
    public MlsVerdict CheckTogether(uint committer, UpdatePath? path, ReadOnlyMemory<byte> authenticatedData)
    {
        MlsVerdict verdict = TreeRules.CheckTogether(Tree, Applied.Extensions);
        if (verdict.IsAccepted) verdict = Leaves.CheckClients(Tree);
        if (!verdict.IsAccepted || _client.Policy.Commits is not { } judge) return verdict;
        var added = Applied.Added.ConvertAll(static added => Show(added.Leaf, added.Package.Leaf));
        var removed = Applied.Removed.ConvertAll(static removed => Show(removed.Leaf, removed.Node));
        var updated = Applied.Updated.ConvertAll(static updated => Show(updated.Leaf, updated.Node));
        if (path is not null) updated.Add(Show(committer, path.Leaf));
        return judge.Judge(new MlsCommitSummary(
            _old.Context.Epoch, Show(committer, _old.Tree.Leaf(committer)!), authenticatedData, path is not null, added, removed, updated,
            Applied.ChangesExtensions));
    }

    /// <summary>The pre-shared keys at hand become one secret.</summary>
    public MlsStatus FindPsks(out SecretKey? secret) => PskSecret(_client, Applied.Psks, _old, out secret);

    /// <summary>Derives the new epoch from a signed commit.</summary>
    /// <param name="commit">The commit; its confirmation tag is not looked at.</param>
    /// <param name="commitSecret">From its path; null without one.</param>
    /// <param name="pskSecret">From its pre-shared keys; null without any.</param>
    /// <returns>The new state; the caller compares its confirmation tag and then takes it, or erases it.</returns>
    public GroupState Derive(AuthenticatedContent commit, SecretKey? commitSecret, SecretKey? pskSecret)
    {
        byte[] confirmed = commit.ConfirmedTranscriptHash(Crypto, _old.InterimTranscriptHash);
        GroupContext context = Provisional with { TreeHash = Tree.TreeHash(Crypto), ConfirmedTranscriptHash = confirmed };
        Joiner = KeySchedule.Joiner(Crypto, _old.Secrets.Init, commitSecret, context);
        Member = KeySchedule.Member(Crypto, Joiner, pskSecret);
        EpochSecrets secrets = EpochSecrets.From(Crypto, KeySchedule.Epoch(Crypto, Member, context), Tree.Leaves);
        ResumptionKeys past = _old.Past.Next(Crypto, _old.Context.Epoch, _old.Secrets.Resumption);
        byte[] tag = secrets.ConfirmationTag(Crypto, confirmed);
        byte[] interim = AuthenticatedContent.InterimTranscriptHash(Crypto, confirmed, tag);
        return new GroupState(Crypto, context, Tree, Keys, secrets, past, interim, tag, _old.OwnLeaf);
    }

    /// <summary>Gives tree and keys away with a derived state.</summary>
    public GroupState Finish(GroupState derived)
    {
        _isTaken = true;
        return derived;
    }

    public void Dispose()
    {
        Joiner?.Dispose();
        Member?.Dispose();
        if (!_isTaken) Keys.EraseAllBut(_old.Keys);
    }

    internal static MlsMember Show(uint index, LeafNode leaf) => new(index, leaf.Credential.Content, leaf.SignatureKey);

    internal static MlsStatus PskSecret(MlsClient client, IReadOnlyList<PreSharedKeyId> ids, GroupState? group, out SecretKey? secret)
    {
        secret = null;
        var found = new List<(PreSharedKeyId Id, SecretKey Key)>();
        foreach (PreSharedKeyId id in ids)
        {
            SecretKey? key = id.IsResumption ? group?.Resumption(id) : client.Psks?.Find(id.Id);
            if (key is null) return MlsStatus.UnknownPsk;
            found.Add((id, key));
        }

        secret = KeySchedule.Psk(client.Crypto, found);
        return MlsStatus.Accepted;
    }
}
