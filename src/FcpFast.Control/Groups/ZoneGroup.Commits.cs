using System;
using System.Collections.Generic;
using FcpFast.Mls;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <content>Commits of this node's own, and messages of others.</content>
public sealed partial class ZoneGroup
{
    /// <summary>Commits of others kept until a manifest says which counts; further ones push out the oldest, which are then asked for.</summary>
    public const int CommitsKeptMax = 32;

    /// <summary>Bytes of them all.</summary>
    public const int CommitBytesMax = 8 * 1024 * 1024;

    private readonly List<GroupMessage> _commits = []; // of the present epoch, oldest first

    /// <summary>The own commit that waits to be ordered; null if none does.</summary>
    public GroupMessage? PendingCommit =>
        _group.Pending is { } pending ? GroupMessage.Of(_membership.Zone, pending.Epoch - 1, GroupMessageKind.Commit, pending.Message.Span) : null;

    /// <summary>Its Welcome; null if nobody joins by it.</summary>
    public GroupMessage? PendingWelcome => _group.Pending is { Welcome.IsEmpty: false } pending
        ? GroupMessage.Of(_membership.Zone, pending.Epoch - 1, GroupMessageKind.Welcome, pending.Welcome.Span)
        : null;

    /// <summary>Makes a commit that gives this node fresh keys.</summary>
    /// <remarks>The commit waits: send it to whoever orders. Once another of the epoch is ordered it is gone, and must be made again.</remarks>
    public MlsVerdict Heal()
    {
        bool wanted = _record.WantsHealing;
        _record.WantsHealing = true;
        MlsVerdict verdict = Commit(new MlsCommitPlan { TakesProposals = true });
        if (!verdict.IsAccepted) _record.WantsHealing = wanted;
        return verdict;
    }

    /// <summary>Says whether a commit that came would be followed, if a manifest named it; a proposal is kept, if it counts.</summary>
    /// <param name="message">The commit or proposal.</param>
    /// <param name="maker">The member that made it, if accepted.</param>
    public MlsVerdict Judge(GroupMessage message, out NodeId maker)
    {
        ArgumentNullException.ThrowIfNull(message);
        maker = default;
        uint leaf = 0;
        switch (message.Kind)
        {
            case GroupMessageKind.Commit:
                LastVerdict = _group.Preview(message.Message.Span, out MlsPreview? preview);
                leaf = preview?.Committer ?? 0;
                preview?.Dispose();
                break;
            case GroupMessageKind.Proposal:
                LastVerdict = _group.Receive(message.Message.Span, out leaf);
                break;
            default:
                LastVerdict = MlsVerdict.Of(MlsStatus.WrongContent);
                break;
        }

        if (LastVerdict.IsAccepted) maker = NodeAt(leaf);
        return LastVerdict;
    }

    /// <summary>Makes a commit that adds a node.</summary>
    /// <param name="grant">The owner's leave.</param>
    /// <param name="keyPackage">The node's key package.</param>
    public MlsVerdict Add(MembershipGrant grant, GroupMessage keyPackage)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(keyPackage);
        if (keyPackage.Kind != GroupMessageKind.KeyPackage) return MlsVerdict.Of(MlsStatus.WrongContent);
        return Commit(new MlsCommitPlan { Add = [keyPackage.Message], AuthenticatedData = grant.Encoded });
    }

    /// <summary>Makes a commit that removes a node.</summary>
    /// <param name="grant">The owner's leave.</param>
    public MlsVerdict Remove(MembershipGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (LeafOf(grant.Node) is not { } leaf) return MlsVerdict.Of(MlsStatus.UnknownLeaf);
        return Commit(new MlsCommitPlan { Remove = [leaf], AuthenticatedData = grant.Encoded });
    }

    /// <summary>Asks others to commit fresh keys of this node: for a node that may not order.</summary>
    /// <param name="message">For every member; null if refused.</param>
    public MlsVerdict ProposeHealing(out GroupMessage? message)
    {
        LastVerdict = _group.ProposeUpdate(out byte[] proposal);
        message = LastVerdict.IsAccepted ? GroupMessage.Of(_membership.Zone, _group.Epoch, GroupMessageKind.Proposal, proposal) : null;
        return LastVerdict;
    }

    /// <summary>Takes a message of another member: a proposal is judged and kept, a commit kept until a manifest names it.</summary>
    public MlsVerdict Receive(GroupMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Zone != _membership.Zone) return LastVerdict = MlsVerdict.Of(MlsStatus.WrongGroup);
        switch (message.Kind)
        {
            case GroupMessageKind.Proposal:
                return LastVerdict = _group.Receive(message.Message.Span);
            case GroupMessageKind.Commit:
                return LastVerdict = Keep(message);
            default:
                return LastVerdict = MlsVerdict.Of(MlsStatus.WrongContent);
        }
    }

    /// <summary>Gives up the own commit that waits.</summary>
    public MlsVerdict Drop() => LastVerdict = _group.DropPending();

    private MlsVerdict Commit(MlsCommitPlan plan) => LastVerdict = _group.Commit(plan);

    private MlsVerdict Keep(GroupMessage commit)
    {
        if (commit.Epoch != _group.Epoch) return MlsVerdict.Of(MlsStatus.WrongEpoch);
        if (_commits.Exists(kept => kept.Id == commit.Id)) return MlsVerdict.Accepted;
        _commits.Add(commit);
        while (_commits.Count > CommitsKeptMax || BytesOf(_commits) > CommitBytesMax) _commits.RemoveAt(0);
        return MlsVerdict.Accepted;
    }

    private static long BytesOf(List<GroupMessage> messages)
    {
        long bytes = 0;
        foreach (GroupMessage message in messages) bytes += message.Encoded.Length;
        return bytes;
    }

    private GroupMessage? FindCommit(ObjectId id)
    {
        if (PendingCommit is { } own && own.Id == id) return own;
        return _commits.Find(commit => commit.Id == id);
    }
}
