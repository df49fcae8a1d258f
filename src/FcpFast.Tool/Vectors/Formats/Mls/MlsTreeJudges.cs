using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using FcpFast.Mls;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats.Mls;

/// <summary>Judges tree-operations, tree-validation and treekem.</summary>
internal sealed class MlsTreeJudges(CryptoProvider provider)
{
    private static readonly HashSet<uint> NoLeaves = [];

    public string? TreeOperations(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        RatchetTree tree = MlsExpect.Decode<RatchetTree>(inputs.Bytes("tree_before"));
        string? difference = MlsExpect.Same(inputs, "tree_hash_before", tree.TreeHash(crypto));
        switch (MlsExpect.Decode<Proposal>(inputs.Bytes("proposal")))
        {
            case AddProposal add:
                tree.AddLeaf(add.KeyPackage.Leaf);
                break;
            case UpdateProposal update:
                tree.UpdateLeaf(inputs.UInt("proposal_sender"), update.Leaf);
                break;
            case RemoveProposal remove:
                tree.RemoveLeaf(remove.Removed);
                break;
            default:
                return "the proposal is neither add, update nor remove";
        }

        return difference ?? MlsExpect.Same(inputs, "tree_after", tree.ToBytes()) ?? MlsExpect.Same(inputs, "tree_hash_after", tree.TreeHash(crypto));
    }

    public string? TreeValidation(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        RatchetTree tree = MlsExpect.Decode<RatchetTree>(inputs.Bytes("tree"));
        JsonElement resolutions = inputs.Raw("resolutions"), hashes = inputs.Raw("tree_hashes");
        if (resolutions.GetArrayLength() != tree.Nodes) return $"the tree has {tree.Nodes} nodes";
        for (uint node = 0; node < tree.Nodes; node++)
        {
            uint[] expected = resolutions[(int)node].EnumerateArray().Select(static item => item.GetUInt32()).ToArray();
            if (!tree.Resolution(node).SequenceEqual(expected)) return $"the resolution of {node} is another";
            string? difference = VectorComparison.Difference($"tree hash of {node}", hashes[(int)node].GetString()!, tree.TreeHash(crypto, node));
            if (difference is not null) return difference;
        }

        foreach ((uint index, LeafNode leaf) in tree.Members())
        {
            if (!leaf.Verify(crypto, inputs.Bytes("group_id"), index)) return $"the signature of leaf {index} does not verify";
        }

        return MlsExpect.Accepted("rules", TreeRules.CheckTogether(tree, [])) ?? MlsExpect.Accepted("unmerged", TreeRules.CheckUnmerged(tree))
            ?? MlsExpect.Accepted("parent hashes", ParentHashes.Verify(crypto, tree));
    }

    public string? TreeKems(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        RatchetTree tree = MlsExpect.Decode<RatchetTree>(inputs.Bytes("ratchet_tree"));
        var context = new GroupContext(
            crypto.Suite, inputs.Bytes("group_id"), inputs.ULong("epoch"), [], inputs.Bytes("confirmed_transcript_hash"), []);
        VectorInputs[] leaves = inputs.Objects("leaves_private");
        foreach (VectorInputs leaf in leaves)
        {
            string? difference = Consistent(crypto, tree, KeysOf(crypto, leaf));
            if (difference is not null) return $"leaf {leaf.UInt("index")}: {difference}";
        }

        foreach (VectorInputs update in inputs.Objects("update_paths"))
        {
            string? difference = Given(crypto, tree, context, leaves, update) ?? Own(crypto, tree, context, leaves, update.UInt("sender"));
            if (difference is not null) return $"path of {update.UInt("sender")}: {difference}";
        }

        return null;
    }

    private static PathKeys KeysOf(MlsCrypto crypto, VectorInputs leaf)
    {
        var keys = new PathKeys();
        keys.Set(2 * leaf.UInt("index"), crypto.Keep(leaf.Bytes("encryption_priv")));
        foreach (VectorInputs secret in leaf.Objects("path_secrets")) keys.Set(secret.UInt("node"), NodeKey(crypto, secret.Bytes("path_secret"), out _));
        return keys;
    }

    private static string? Consistent(MlsCrypto crypto, RatchetTree tree, PathKeys keys)
    {
        foreach ((uint node, SecretKey key) in keys.ByNode)
        {
            if (tree[node] is not { } present) return $"node {node} is blank";
            if (!crypto.PublicOf(key).AsSpan().SequenceEqual(present.EncryptionKey)) return $"the key of node {node} is another";
        }

        return null;
    }

    private static string? Given(MlsCrypto crypto, RatchetTree tree, GroupContext context, VectorInputs[] leaves, VectorInputs update)
    {
        uint sender = update.UInt("sender");
        UpdatePath path = MlsExpect.Decode<UpdatePath>(update.Bytes("update_path"));
        RatchetTree merged = tree.Clone();
        string? difference = MlsExpect.Accepted("merge", TreeKem.Merge(crypto, merged, sender, path))
            ?? MlsExpect.Same(update, "tree_hash_after", merged.TreeHash(crypto));
        if (difference is not null) return difference;
        if (!path.Leaf.Verify(crypto, context.GroupId, sender)) return "the leaf's signature does not verify";
        byte[] hpkeContext = (context with { TreeHash = merged.TreeHash(crypto) }).ToBytes();
        JsonElement secrets = update.Raw("path_secrets");
        foreach (VectorInputs leaf in leaves)
        {
            uint own = leaf.UInt("index");
            if (own == sender) continue;
            PathKeys keys = KeysOf(crypto, leaf);
            MlsVerdict verdict = TreeKem.Follow(crypto, merged, keys, own, sender, path, hpkeContext, NoLeaves, out SecretKey? commitSecret);
            if (commitSecret is null) return $"leaf {own}: {verdict}";
            NodeKey(crypto, VectorInputs.ParseBytes(secrets[(int)own]), out byte[] publicKey);
            uint ancestor = TreeMath.CommonAncestor(own, sender);
            byte[] found = crypto.PublicOf(keys.Find(ancestor)!);
            difference = MlsExpect.Same(update, "commit_secret", commitSecret)
                ?? VectorComparison.Difference("path_secret", Convert.ToHexStringLower(publicKey), found) ?? Consistent(crypto, merged, keys);
            if (difference is not null) return $"leaf {own}: {difference}";
        }

        return null;
    }

    private static string? Own(MlsCrypto crypto, RatchetTree tree, GroupContext context, VectorInputs[] leaves, uint sender)
    {
        VectorInputs maker = leaves.Single(leaf => leaf.UInt("index") == sender);
        RatchetTree made = tree.Clone(), merged = tree.Clone();
        using SecretKey seed = crypto.Keep(maker.Bytes("signature_priv"));
        using PathDraft? draft = TreeKem.Make(crypto, made, KeysOf(crypto, maker), sender, tree.Leaf(sender)!, seed, context, NoLeaves);
        if (draft is null) return "no path could be made";
        string? difference = MlsExpect.Accepted("own merge", TreeKem.Merge(crypto, merged, sender, draft.Path));
        if (difference is not null) return difference;
        byte[] hpkeContext = (context with { TreeHash = merged.TreeHash(crypto) }).ToBytes();
        using KeyLease expected = draft.CommitSecret.Lease();
        foreach (VectorInputs leaf in leaves)
        {
            uint own = leaf.UInt("index");
            if (own == sender) continue;
            MlsVerdict verdict = TreeKem.Follow(
                crypto, merged, KeysOf(crypto, leaf), own, sender, draft.Path, hpkeContext, NoLeaves, out SecretKey? commitSecret);
            if (commitSecret is null) return $"own path, leaf {own}: {verdict}";
            using KeyLease found = commitSecret.Lease();
            if (!found.Bytes.SequenceEqual(expected.Bytes)) return $"own path, leaf {own}: another commit secret";
        }

        return null;
    }

    private static SecretKey NodeKey(MlsCrypto crypto, byte[] pathSecret, out byte[] publicKey)
    {
        byte[] nodeSecret = new byte[MlsCrypto.HashBytes];
        crypto.DeriveSecret(pathSecret, "node"u8, nodeSecret);
        return crypto.DeriveKeyPair(nodeSecret, out publicKey);
    }
}
