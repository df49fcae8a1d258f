using System;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Groups;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Protection;

namespace FcpFast.Mls;

/// <content>Commits: made, merged, dropped, followed.</content>
public sealed partial class MlsGroup
{
    /// <summary>Makes a commit and keeps it, with the epoch that it begins, until its order is known.</summary>
    /// <remarks>
    /// Errors:  <see cref="MlsStatus.CommitPending"/> while one waits; the rules that the plan breaks, with the leaf.
    /// Cost:    an encryption for each node of the copath, at least one for each level of the tree.
    /// Source:  [RFC 9420 §12.4.1], [RFC 9420 §14].
    /// </remarks>
    public MlsVerdict Commit(MlsCommitPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!IsOpen) return MlsVerdict.Of(MlsStatus.Closed);
        if (Pending is not null) return MlsVerdict.Of(MlsStatus.CommitPending);
        MlsVerdict verdict = CommitMaker.Make(_client, _state, _proposals, plan, out MlsPendingCommit? pending);
        if (pending is null) return verdict;
        if (!TryStore(_state, pending))
        {
            pending.Next.EraseAllBut(_state);
            return MlsVerdict.Of(MlsStatus.StorageFailed);
        }

        Pending = pending;
        return MlsVerdict.Accepted;
    }

    /// <summary>The waiting commit is the one of its epoch: goes on with what it begins.</summary>
    public MlsVerdict MergePending()
    {
        if (!IsOpen) return MlsVerdict.Of(MlsStatus.Closed);
        if (Pending is null) return MlsVerdict.Of(MlsStatus.NoCommitPending);
        if (!TryStore(Pending.Next, null)) return MlsVerdict.Of(MlsStatus.StorageFailed);
        Enter(Pending.Next);
        return MlsVerdict.Accepted;
    }

    /// <summary>The waiting commit lost, or is not wanted: its epoch is erased. What it was to do must be planned again.</summary>
    public MlsVerdict DropPending()
    {
        if (!IsOpen) return MlsVerdict.Of(MlsStatus.Closed);
        if (Pending is not { } pending) return MlsVerdict.Of(MlsStatus.NoCommitPending);
        if (!TryStore(_state, null)) return MlsVerdict.Of(MlsStatus.StorageFailed);
        Pending = null;
        pending.Next.EraseAllBut(_state);
        return MlsVerdict.Accepted;
    }

    /// <summary>Follows the commit that ends the present epoch. This member's own, if it is the one that waits, is merged; another drops it.</summary>
    /// <remarks>
    /// Errors:  <see cref="MlsStatus.Removed"/> closes the group, every other refusal leaves it as it was. A removed member cannot verify the confirmation
    ///          tag: process only a commit whose order is known.
    /// Source:  [RFC 9420 §12.4.2].
    /// </remarks>
    public MlsVerdict Process(ReadOnlySpan<byte> commit)
    {
        if (!IsOpen) return MlsVerdict.Of(MlsStatus.Closed);
        if (Pending is { } pending && commit.SequenceEqual(pending.Message.Span)) return MergePending();
        MlsVerdict verdict = Evaluate(commit, out GroupState? next, out _);
        if (next is not null)
        {
            if (!TryStore(next, null))
            {
                next.EraseAllBut(_state);
                return MlsVerdict.Of(MlsStatus.StorageFailed);
            }

            Enter(next);
        }
        else if (verdict.Status == MlsStatus.Removed)
        {
            _store?.Write(default); // what this member knew of the group is over, also on disk
            Dispose();
        }

        return verdict;
    }

    /// <summary>Says what <see cref="Process"/> would, and shows the epoch after it; nothing changes.</summary>
    /// <param name="commit">The commit, as it came.</param>
    /// <param name="preview">The epoch after it, if accepted.</param>
    public MlsVerdict Preview(ReadOnlySpan<byte> commit, out MlsPreview? preview)
    {
        preview = null;
        if (!IsOpen) return MlsVerdict.Of(MlsStatus.Closed);
        if (Pending is { } pending && commit.SequenceEqual(pending.Message.Span))
        {
            preview = new MlsPreview(pending.Next, null, OwnLeaf);
            return MlsVerdict.Accepted;
        }

        MlsVerdict verdict = Evaluate(commit, out GroupState? next, out uint committer);
        if (next is not null) preview = new MlsPreview(next, _state, committer);
        return verdict;
    }

    /// <summary>What stands beside a handshake message for everyone to read; empty if the bytes are none. Nothing about it is verified here.</summary>
    public static ReadOnlyMemory<byte> AuthenticatedDataOf(ReadOnlySpan<byte> message)
    {
        if (MlsCodec.Decode(message, out MlsMessage envelope) != MlsStatus.Accepted) return default;
        return envelope.Body switch
        {
            PublicMessage body => body.Content.AuthenticatedData,
            PrivateMessage body => body.AuthenticatedData,
            _ => default(ReadOnlyMemory<byte>),
        };
    }

    private MlsVerdict Evaluate(ReadOnlySpan<byte> commit, out GroupState? next, out uint committer)
    {
        next = null;
        committer = 0;
        MlsVerdict verdict = Open(commit, ContentType.Commit, out AuthenticatedContent? content);
        if (!verdict.IsAccepted) return verdict;
        committer = content!.Content.Sender.Index;
        return CommitFollower.Follow(_client, _state, _proposals, content, out next);
    }

    /// <summary>Opens a handshake message of another member in the present epoch.</summary>
    private MlsVerdict Open(ReadOnlySpan<byte> bytes, ContentType wanted, out AuthenticatedContent? content)
    {
        content = null;
        MlsStatus status = MlsCodec.Decode(bytes, out MlsMessage message);
        if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
        return message.Body switch
        {
            PublicMessage body => Open(body, wanted, out content),
            PrivateMessage body => Open(body, wanted, out content),
            _ => MlsVerdict.Of(MlsStatus.WrongContent),
        };
    }

    private MlsVerdict Open(PublicMessage message, ContentType wanted, out AuthenticatedContent? content)
    {
        content = null;
        FramedContent framed = message.Content;
        MlsStatus status = CheckPlace(framed.GroupId, framed.Epoch, framed.ContentType, wanted);
        if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
        if (framed.Sender == Sender.Member(OwnLeaf)) return new MlsVerdict(MlsStatus.OwnMessage, OwnLeaf);
        return PublicProtection.Unprotect(_state.Epoch, message, out content);
    }

    private MlsVerdict Open(PrivateMessage message, ContentType wanted, out AuthenticatedContent? content)
    {
        content = null;
        MlsStatus status = CheckPlace(message.GroupId, message.Epoch, message.ContentType, wanted);
        if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
        bool keepsKey = wanted == ContentType.Commit;
        return PrivateProtection.Unprotect(_state.Epoch, message, OwnLeaf, _client.Policy.GenerationsAheadMax, out content, keepsKey);
    }

    private MlsStatus CheckPlace(ReadOnlySpan<byte> groupId, ulong epoch, ContentType type, ContentType wanted)
    {
        if (!groupId.SequenceEqual(_state.Context.GroupId)) return MlsStatus.WrongGroup;
        if (epoch != Epoch) return MlsStatus.WrongEpoch;
        return type == wanted ? MlsStatus.Accepted : MlsStatus.WrongContent;
    }
}
