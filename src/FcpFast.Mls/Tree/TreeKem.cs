using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tree;

/// <summary>Makes and follows update paths.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Cost:    a path makes one HPKE encryption for each node of the copath's resolutions; following one opens one.
/// Source:  [RFC 9420 §7.4], [RFC 9420 §7.5], [RFC 9420 §7.6].
/// </remarks>
internal static class TreeKem
{
    private static ReadOnlySpan<byte> Label => "UpdatePathNode"u8;

    /// <summary>Gives the sender's leaf and the nodes above it fresh keys, in the tree and among its own.</summary>
    /// <param name="crypto">The suite.</param>
    /// <param name="tree">The tree after the proposals; changed.</param>
    /// <param name="keys">The sender's keys; changed.</param>
    /// <param name="sender">Its leaf.</param>
    /// <param name="template">The leaf's new content; keys, parent hash and signature are set here.</param>
    /// <param name="seed">Signs the leaf.</param>
    /// <param name="context">The group's context before; its tree hash is replaced by that of the new tree.</param>
    /// <param name="newLeaves">Leaves that this commit adds: they are told by Welcome.</param>
    /// <returns>Null if the secret cannot be encrypted to some node's key; then <paramref name="keys"/> holds keys that nobody knows.</returns>
    public static PathDraft? Make(
        MlsCrypto crypto, RatchetTree tree, PathKeys keys, uint sender, LeafNode template, SecretKey seed, GroupContext context,
        IReadOnlySet<uint> newLeaves)
    {
        tree.BlankPath(sender);
        List<PathStep> steps = tree.FilteredDirectPath(sender);
        var pathSecrets = new Dictionary<uint, SecretKey>();
        SecretKey next = crypto.Draw();
        foreach (PathStep step in steps)
        {
            pathSecrets[step.Node] = next;
            keys.Set(step.Node, DeriveNode(crypto, next, out byte[] publicKey));
            tree.Set(step.Node, new ParentNode(publicKey, [], []));
            next = DeriveNext(crypto, next);
        }

        byte[] parentHash = SetParentHashes(crypto, tree, steps);
        keys.Set(2 * sender, crypto.DrawKeyPair(out byte[] leafKey));
        LeafNode leaf = template with { EncryptionKey = leafKey, Source = LeafNodeSource.Commit, ParentHash = parentHash };
        leaf = leaf.Sign(crypto, seed, context.GroupId, sender);
        tree.Set(2 * sender, leaf);

        byte[] hpkeContext = (context with { TreeHash = tree.TreeHash(crypto) }).ToBytes();
        var nodes = new UpdatePathNode[steps.Count];
        bool encrypted = true;
        for (int i = 0; i < nodes.Length && encrypted; i++)
        {
            encrypted = TryEncrypt(crypto, tree, steps[i], pathSecrets[steps[i].Node], hpkeContext, newLeaves, out nodes[i]);
        }

        var draft = new PathDraft(new UpdatePath(leaf, nodes), next, pathSecrets);
        if (encrypted) return draft;
        draft.Dispose();
        return null;
    }

    /// <summary>Puts a received path into the tree; no secret is touched.</summary>
    public static MlsVerdict Merge(MlsCrypto crypto, RatchetTree tree, uint sender, UpdatePath path)
    {
        var seen = new HashSet<byte[]>(KeyComparer.Instance);
        if (tree.HasKey(path.Leaf.EncryptionKey) || !seen.Add(path.Leaf.EncryptionKey)) return new MlsVerdict(MlsStatus.DuplicateKey, sender);
        foreach (UpdatePathNode node in path.Nodes)
        {
            if (node.EncryptionKey.Length != CryptoSizes.KeyBytes) return new MlsVerdict(MlsStatus.InvalidPublicKey, sender);
            if (tree.HasKey(node.EncryptionKey) || !seen.Add(node.EncryptionKey)) return new MlsVerdict(MlsStatus.DuplicateKey, sender);
        }

        tree.BlankPath(sender);
        List<PathStep> steps = tree.FilteredDirectPath(sender);
        if (steps.Count != path.Nodes.Length) return new MlsVerdict(MlsStatus.InvalidPath, sender);
        for (int i = 0; i < steps.Count; i++) tree.Set(steps[i].Node, new ParentNode(path.Nodes[i].EncryptionKey, [], []));
        byte[] parentHash = SetParentHashes(crypto, tree, steps);
        tree.Set(2 * sender, path.Leaf);
        return parentHash.AsSpan().SequenceEqual(path.Leaf.ParentHash)
            ? MlsVerdict.Accepted
            : new MlsVerdict(MlsStatus.InvalidParentHash, sender);
    }

    /// <summary>Opens the one secret of a path that is for this member, and derives those above.</summary>
    /// <param name="crypto">The suite.</param>
    /// <param name="tree">The tree with the path in it.</param>
    /// <param name="keys">The member's keys; changed.</param>
    /// <param name="own">Its leaf.</param>
    /// <param name="sender">The leaf that made the path.</param>
    /// <param name="path">The path.</param>
    /// <param name="hpkeContext">The provisional context, encoded.</param>
    /// <param name="newLeaves">Leaves that this commit adds.</param>
    /// <param name="commitSecret">The secret above the root, if accepted.</param>
    public static MlsVerdict Follow(
        MlsCrypto crypto, RatchetTree tree, PathKeys keys, uint own, uint sender, UpdatePath path, ReadOnlySpan<byte> hpkeContext,
        IReadOnlySet<uint> newLeaves, out SecretKey? commitSecret)
    {
        commitSecret = null;
        List<PathStep> steps = tree.FilteredDirectPath(sender);
        for (int i = 0; i < steps.Count; i++)
        {
            List<uint> resolution = Recipients(tree, steps[i].CopathChild, newLeaves);
            if (resolution.Count != path.Nodes[i].EncryptedPathSecret.Length) return new MlsVerdict(MlsStatus.InvalidPath, sender);
        }

        int at = steps.FindIndex(step => TreeMath.IsBelow(2 * own, step.CopathChild));
        if (at < 0) return new MlsVerdict(MlsStatus.InvalidPath, sender);
        List<uint> recipients = Recipients(tree, steps[at].CopathChild, newLeaves);
        int entry = recipients.FindIndex(node => keys.Find(node) is not null && TreeMath.IsBelow(2 * own, node));
        if (entry < 0) return new MlsVerdict(MlsStatus.InvalidPath, sender);
        byte[]? opened = crypto.DecryptWithLabel(
            keys.Find(recipients[entry])!, Label, hpkeContext, path.Nodes[at].EncryptedPathSecret[entry]);
        if (opened is null) return new MlsVerdict(MlsStatus.DecryptFailed, sender);
        if (opened.Length != MlsCrypto.HashBytes)
        {
            CryptographicOperations.ZeroMemory(opened);
            return new MlsVerdict(MlsStatus.Malformed, sender);
        }

        return Climb(crypto, tree, keys, steps, at, crypto.Keep(opened), out commitSecret)
            ? MlsVerdict.Accepted
            : new MlsVerdict(MlsStatus.PathKeyMismatch, sender);
    }

    /// <summary>Takes over the secret that a Welcome gives a joiner for the lowest node shared with the committer.</summary>
    /// <remarks>Shape: the secret is consumed. Source: [RFC 9420 §12.4.3.1].</remarks>
    public static MlsVerdict Join(MlsCrypto crypto, RatchetTree tree, PathKeys keys, uint own, uint committer, SecretKey pathSecret)
    {
        List<PathStep> steps = tree.FilteredDirectPath(committer);
        uint ancestor = TreeMath.CommonAncestor(own, committer);
        int at = steps.FindIndex(step => step.Node == ancestor);
        if (at < 0)
        {
            pathSecret.Dispose();
            return new MlsVerdict(MlsStatus.InvalidPath, committer);
        }

        bool climbed = Climb(crypto, tree, keys, steps, at, pathSecret, out SecretKey? commitSecret);
        commitSecret?.Dispose();
        return climbed ? MlsVerdict.Accepted : new MlsVerdict(MlsStatus.PathKeyMismatch, committer);
    }

    /// <summary>Those to whom a node's secret is encrypted.</summary>
    private static List<uint> Recipients(RatchetTree tree, uint copathChild, IReadOnlySet<uint> newLeaves)
    {
        List<uint> resolution = tree.Resolution(copathChild);
        if (newLeaves.Count > 0) resolution.RemoveAll(node => TreeMath.IsLeaf(node) && newLeaves.Contains(node / 2));
        return resolution;
    }

    private static bool TryEncrypt(
        MlsCrypto crypto, RatchetTree tree, PathStep step, SecretKey pathSecret, ReadOnlySpan<byte> hpkeContext, IReadOnlySet<uint> newLeaves,
        out UpdatePathNode node)
    {
        List<uint> recipients = Recipients(tree, step.CopathChild, newLeaves);
        var ciphertexts = new HpkeCiphertext[recipients.Count];
        node = new UpdatePathNode(tree[step.Node]!.EncryptionKey, ciphertexts);
        using KeyLease lease = pathSecret.Lease();
        for (int i = 0; i < ciphertexts.Length; i++)
        {
            HpkeCiphertext? ciphertext = crypto.EncryptWithLabel(tree[recipients[i]]!.EncryptionKey, Label, hpkeContext, lease.Bytes);
            if (ciphertext is null) return false;
            ciphertexts[i] = ciphertext;
        }

        return true;
    }

    /// <summary>Derives keys from a path secret upwards; all must be those in the tree, or none is kept. The secret is consumed.</summary>
    private static bool Climb(
        MlsCrypto crypto, RatchetTree tree, PathKeys keys, List<PathStep> steps, int at, SecretKey pathSecret, out SecretKey? commitSecret)
    {
        var derived = new List<(uint Node, SecretKey Key)>();
        SecretKey next = pathSecret;
        bool matches = true;
        for (int i = at; i < steps.Count && matches; i++)
        {
            derived.Add((steps[i].Node, DeriveNode(crypto, next, out byte[] publicKey)));
            matches = tree[steps[i].Node] is { } node && publicKey.AsSpan().SequenceEqual(node.EncryptionKey);
            SecretKey above = DeriveNext(crypto, next);
            next.Dispose();
            next = above;
        }

        commitSecret = matches ? next : null;
        if (!matches) next.Dispose();
        foreach ((uint node, SecretKey key) in derived)
        {
            if (matches) keys.Set(node, key);
            else key.Dispose();
        }

        return matches;
    }

    private static SecretKey DeriveNode(MlsCrypto crypto, SecretKey pathSecret, out byte[] publicKey)
    {
        Span<byte> nodeSecret = stackalloc byte[MlsCrypto.HashBytes];
        using KeyLease lease = pathSecret.Lease();
        crypto.DeriveSecret(lease.Bytes, "node"u8, nodeSecret);
        SecretKey key = crypto.DeriveKeyPair(nodeSecret, out publicKey);
        CryptographicOperations.ZeroMemory(nodeSecret);
        return key;
    }

    private static SecretKey DeriveNext(MlsCrypto crypto, SecretKey pathSecret)
    {
        using KeyLease lease = pathSecret.Lease();
        return crypto.Derive(lease.Bytes, "path"u8);
    }

    /// <summary>Sets the parent hashes of fresh nodes from the root down.</summary>
    /// <returns>The leaf's.</returns>
    private static byte[] SetParentHashes(MlsCrypto crypto, RatchetTree tree, List<PathStep> steps)
    {
        byte[] above = [];
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            tree.Set(steps[i].Node, ((ParentNode)tree[steps[i].Node]!) with { ParentHash = above });
            above = tree.ParentHash(crypto, steps[i].Node, steps[i].CopathChild);
        }

        return above;
    }
}
