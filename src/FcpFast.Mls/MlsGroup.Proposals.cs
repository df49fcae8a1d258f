using System;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Groups;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls;

/// <content>Proposals: made here, or received.</content>
/// <remarks>Source: [RFC 9420 §12.1].</remarks>
public sealed partial class MlsGroup
{
    /// <summary>Asks that fresh keys of this member be committed by someone else.</summary>
    /// <param name="message">For every member; empty if refused.</param>
    public MlsVerdict ProposeUpdate(out byte[] message)
    {
        message = [];
        if (!IsOpen) return MlsVerdict.Of(MlsStatus.Closed);
        SecretKey key = _client.Crypto.DrawKeyPair(out byte[] publicKey);
        LeafNode leaf = _client.Template(LeafNodeSource.Update) with { EncryptionKey = publicKey };
        leaf = leaf.Sign(_client.Crypto, _client.Signing, GroupId.Span, OwnLeaf);
        return Propose(new UpdateProposal(leaf), key, out message);
    }

    /// <summary>Asks that someone be added.</summary>
    /// <param name="keyPackage">The key package, as a message.</param>
    /// <param name="message">For every member; empty if refused.</param>
    public MlsVerdict ProposeAdd(ReadOnlySpan<byte> keyPackage, out byte[] message)
    {
        message = [];
        if (!IsOpen) return MlsVerdict.Of(MlsStatus.Closed);
        MlsStatus status = MlsCodec.Decode(keyPackage, out MlsMessage envelope);
        if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
        if (envelope.Body is not KeyPackage package) return MlsVerdict.Of(MlsStatus.WrongContent);
        status = new LeafRules(_client.Crypto, _client.Policy).Check(package, _state.Context.Extensions);
        return status == MlsStatus.Accepted ? Propose(new AddProposal(package), null, out message) : MlsVerdict.Of(status);
    }

    /// <summary>Asks that a member be removed, this one too.</summary>
    /// <param name="leaf">Its leaf.</param>
    /// <param name="message">For every member; empty if refused.</param>
    public MlsVerdict ProposeRemove(uint leaf, out byte[] message)
    {
        message = [];
        if (!IsOpen) return MlsVerdict.Of(MlsStatus.Closed);
        return _state.Tree.Leaf(leaf) is null ? new MlsVerdict(MlsStatus.UnknownLeaf, leaf) : Propose(new RemoveProposal(leaf), null, out message);
    }

    /// <summary>Keeps another member's proposal for the commit that will refer to it.</summary>
    /// <remarks>Errors: rules that a proposal can only break together with others are judged with the commit.</remarks>
    public MlsVerdict Receive(ReadOnlySpan<byte> proposal) => Receive(proposal, out _);

    /// <summary>The same, and tells the leaf that made it, if accepted.</summary>
    public MlsVerdict Receive(ReadOnlySpan<byte> proposal, out uint sender)
    {
        sender = 0;
        if (!IsOpen) return MlsVerdict.Of(MlsStatus.Closed);
        MlsVerdict verdict = Open(proposal, ContentType.Proposal, out AuthenticatedContent? content);
        if (!verdict.IsAccepted) return verdict;
        sender = content!.Content.Sender.Index;
        verdict = CheckAlone(content.Content.Proposal!, sender);
        if (!verdict.IsAccepted) return verdict;
        MlsStatus status = Keep(new SentProposal(content.Content.Proposal!, sender, content, null));
        return status == MlsStatus.Accepted ? MlsVerdict.Accepted : new MlsVerdict(status, sender);
    }

    /// <summary>What one proposal may not be, whatever comes with it: none that makes a commit invalid by itself is kept.</summary>
    private MlsVerdict CheckAlone(Proposal proposal, uint sender)
    {
        var rules = new LeafRules(_client.Crypto, _client.Policy);
        switch (proposal)
        {
            case UpdateProposal update:
                return rules.CheckUpdate(_state.Tree, update.Leaf, sender, GroupId.Span, _state.Context.Extensions);
            case not UpdateProposal when _client.Policy.TakesOnlyUpdates:
                return new MlsVerdict(MlsStatus.PolicyRefused, sender);
            case AddProposal add:
                MlsStatus status = rules.Check(add.KeyPackage, _state.Context.Extensions);
                return status == MlsStatus.Accepted ? MlsVerdict.Accepted : new MlsVerdict(status, sender);
            case ReInitProposal:
                return new MlsVerdict(MlsStatus.ReInitUnsupported, sender);
            case ExternalInitProposal:
                return new MlsVerdict(MlsStatus.ExternalCommitUnsupported, sender);
            case PreSharedKeyProposal { Id.IsOfAnotherGroup: true }:
                return new MlsVerdict(MlsStatus.ResumptionUnsupported, sender);
            case RemoveProposal remove when _state.Tree.Leaf(remove.Removed) is null:
                return new MlsVerdict(MlsStatus.UnknownLeaf, remove.Removed);
            default:
                return MlsVerdict.Accepted;
        }
    }

    private MlsVerdict Propose(Proposal proposal, SecretKey? leafKey, out byte[] message)
    {
        var content = new FramedContent(
            _state.Context.GroupId, Epoch, Sender.Member(OwnLeaf), [], ContentType.Proposal, null, proposal, null);
        AuthenticatedContent signed = AuthenticatedContent.Sign(_client.Crypto, WireFormat.PrivateMessage, content, _state.Context, _client.Signing);
        message = CommitMaker.Protect(_state.Epoch, signed).ToBytes();
        MlsStatus status = Keep(new SentProposal(proposal, OwnLeaf, signed, leafKey));
        if (status == MlsStatus.Accepted) return MlsVerdict.Accepted;
        leafKey?.Dispose();
        message = [];
        return MlsVerdict.Of(status);
    }

    private MlsStatus Keep(SentProposal proposal)
    {
        MlsStatus status = _proposals.Add(_client.Crypto, proposal);
        if (status != MlsStatus.Accepted || TryStore(_state, Pending)) return status;
        _proposals.Drop(_client.Crypto, proposal);
        return MlsStatus.StorageFailed;
    }
}
