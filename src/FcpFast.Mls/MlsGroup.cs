using System;
using System.Collections.Generic;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Groups;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Mls;

/// <summary>A member's view of a group: its present epoch, what was proposed in it, and the commit that waits.</summary>
/// <remarks>
/// Errors:  what others send gives a verdict, and anything but accepted leaves the group as it was. Only <see cref="MlsStatus.Removed"/> closes it.
/// Threads: one user at a time.
/// Source:  [RFC 9420].
/// </remarks>
public sealed partial class MlsGroup : IDisposable
{
    private readonly ProposalCache _proposals = new();
    private MlsClient _client;
    private GroupState _state;

    private MlsGroup(MlsClient client, GroupState state, IMlsGroupStore? store)
    {
        _client = client;
        _state = state;
        _store = store;
    }

    /// <summary>False once the member was removed, or the group disposed: its secrets are erased.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>The group's id.</summary>
    public ReadOnlyMemory<byte> GroupId => _state.Context.GroupId;

    /// <summary>The present epoch.</summary>
    public ulong Epoch => _state.Context.Epoch;

    /// <summary>This member's leaf.</summary>
    public uint OwnLeaf => _state.OwnLeaf;

    /// <summary>The content of the credential that this member shows in the tree.</summary>
    public ReadOnlyMemory<byte> OwnIdentity => _state.Tree.Leaf(OwnLeaf)!.Credential.Content;

    /// <summary>What members compare to know that they see the same group.</summary>
    public ReadOnlyMemory<byte> Authenticator => _state.Secrets.Authenticator;

    /// <summary>The commit that waits; null if none does.</summary>
    public MlsPendingCommit? Pending { get; private set; }

    internal GroupState State => _state;

    internal ProposalCache Proposals => _proposals;

    /// <summary>Begins a group with one member. A first commit brings in the others.</summary>
    /// <param name="client">The creator.</param>
    /// <param name="groupId">The id; no other group's.</param>
    /// <param name="store">Where the record lies; null keeps it in memory only.</param>
    /// <returns>Null if the record could not be written.</returns>
    /// <remarks>Source: [RFC 9420 §11].</remarks>
    public static MlsGroup? Create(MlsClient client, ReadOnlySpan<byte> groupId, IMlsGroupStore? store = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        MlsCrypto crypto = client.Crypto;
        var keys = new PathKeys();
        keys.Set(0, crypto.DrawKeyPair(out byte[] leafKey));
        ulong now = client.Policy.NowSeconds, skew = Math.Min(client.Policy.SkewSeconds, now);
        LeafNode leaf = client.Template(LeafNodeSource.KeyPackage) with
        {
            EncryptionKey = leafKey,
            NotBefore = now - skew,
            NotAfter = now - skew + client.Policy.LifetimeSecondsMax,
        };
        var tree = new RatchetTree(leaf.Sign(crypto, client.Signing, groupId, 0));
        var context = new GroupContext(crypto.Suite, groupId.ToArray(), 0, tree.TreeHash(crypto), [], []);
        EpochSecrets secrets = EpochSecrets.From(crypto, crypto.Draw(), 1);
        byte[] tag = secrets.ConfirmationTag(crypto, default), interim = AuthenticatedContent.InterimTranscriptHash(crypto, default, tag);
        return Begin(client, new GroupState(crypto, context, tree, keys, secrets, new ResumptionKeys(), interim, tag, 0), store);
    }

    /// <summary>Joins a group.</summary>
    /// <param name="client">The client.</param>
    /// <param name="package">The key package that was published; its secrets are copied, and should be erased after a success.</param>
    /// <param name="welcome">The Welcome, as it came.</param>
    /// <param name="ratchetTree">The tree, if it was sent another way; else empty.</param>
    /// <param name="isKnownGroup">True for ids of groups that the client is in already; null if it is in none.</param>
    /// <param name="store">Where the record lies; null keeps it in memory only.</param>
    /// <param name="group">The group, if accepted.</param>
    /// <remarks>Source: [RFC 9420 §12.4.3.1].</remarks>
    public static MlsVerdict Join(
        MlsClient client, MlsKeyPackage package, ReadOnlySpan<byte> welcome, ReadOnlySpan<byte> ratchetTree, Predicate<ReadOnlyMemory<byte>>? isKnownGroup,
        IMlsGroupStore? store, out MlsGroup? group)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(package);
        group = null;
        MlsStatus status = Codec.MlsCodec.Decode(welcome, out MlsMessage message);
        if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
        if (message.Body is not Welcome body) return MlsVerdict.Of(MlsStatus.WrongContent);
        RatchetTree? tree = null;
        if (!ratchetTree.IsEmpty)
        {
            status = Codec.MlsCodec.Decode(ratchetTree, out RatchetTree given);
            if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
            tree = given;
        }

        MlsVerdict verdict = WelcomeReader.Join(client, package, body, tree, out GroupState? state);
        if (state is null) return verdict;
        if (isKnownGroup?.Invoke(state.Context.GroupId) == true)
        {
            state.EraseAllBut(null);
            return MlsVerdict.Of(MlsStatus.WrongGroup);
        }

        group = Begin(client, state, store);
        return MlsVerdict.Of(group is null ? MlsStatus.StorageFailed : MlsStatus.Accepted);
    }

    /// <summary>The members of the present epoch.</summary>
    public IReadOnlyList<MlsMember> Members()
    {
        var members = new List<MlsMember>();
        foreach ((uint index, LeafNode leaf) in _state.Tree.Members()) members.Add(NextEpoch.Show(index, leaf));
        return members;
    }

    /// <summary>A secret for use outside of MLS, bound to the present epoch.</summary>
    /// <remarks>Source: [RFC 9420 §8.5].</remarks>
    public void Export(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        RequireOpen();
        _state.Export(label, context, output);
    }

    /// <summary>Takes a renewed identity of this client; the next update or commit with a path shows it to the others.</summary>
    public void Renew(MlsClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (!client.SignatureKey.AsSpan().SequenceEqual(_client.SignatureKey)) ThrowHelper.BadArgument(nameof(client), "the same signing key");
        _client = client;
    }

    /// <summary>Erases every secret.</summary>
    public void Dispose()
    {
        if (!IsOpen) return;
        IsOpen = false;
        Pending?.Next.EraseAllBut(_state);
        Pending = null;
        _proposals.Clear();
        _state.EraseAllBut(null);
    }

    private static MlsGroup? Begin(MlsClient client, GroupState state, IMlsGroupStore? store)
    {
        var group = new MlsGroup(client, state, store);
        if (group.TryStore(state, null)) return group;
        group.Dispose();
        return null;
    }

    /// <summary>Goes on with an epoch whose record is written; the old one, the proposals and the waiting commit are erased.</summary>
    private void Enter(GroupState next)
    {
        if (Pending is { } pending && !ReferenceEquals(pending.Next, next)) pending.Next.EraseAllBut(_state);
        Pending = null;
        _state.EraseAllBut(next);
        _proposals.Clear();
        _state = next;
    }

    private void RequireOpen()
    {
        if (!IsOpen) ThrowHelper.BadState("the group is open");
    }
}
