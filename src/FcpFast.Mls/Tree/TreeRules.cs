using System;
using System.Collections.Generic;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;

namespace FcpFast.Mls.Tree;

/// <summary>What must hold between the nodes of a tree, whoever made them.</summary>
/// <remarks>
/// Cost:    linear in the tree.
/// Source:  [RFC 9420 §7.3], [RFC 9420 §12.4.3.1], [RFC 9420 §13.4].
/// </remarks>
internal static class TreeRules
{
    /// <summary>Keys stand once, and everyone understands everyone's credential and the group's extensions.</summary>
    public static MlsVerdict CheckTogether(RatchetTree tree, MlsExtension[] contextExtensions)
    {
        var encryptionKeys = new HashSet<byte[]>(KeyComparer.Instance);
        var signatureKeys = new HashSet<byte[]>(KeyComparer.Instance);
        var credentialTypes = new SortedSet<ushort>();
        foreach ((uint index, LeafNode leaf) in tree.Members())
        {
            if (!encryptionKeys.Add(leaf.EncryptionKey) || !signatureKeys.Add(leaf.SignatureKey)) return new MlsVerdict(MlsStatus.DuplicateKey, index);
            credentialTypes.Add(leaf.Credential.Type);
        }

        foreach ((uint node, ParentNode parent) in tree.Parents())
        {
            if (!encryptionKeys.Add(parent.EncryptionKey)) return new MlsVerdict(MlsStatus.DuplicateKey, TreeMath.LeavesBelow(node).First);
        }

        MlsStatus status = RequiredBy(contextExtensions, out RequiredCapabilities? required);
        if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
        foreach ((uint index, LeafNode leaf) in tree.Members())
        {
            if (required?.AreMetBy(leaf.Capabilities) == false) return new MlsVerdict(MlsStatus.InvalidCapabilities, index);
            foreach (ushort type in credentialTypes)
            {
                if (!leaf.Capabilities.HasCredential(type)) return new MlsVerdict(MlsStatus.UnsupportedCredential, index);
            }

            foreach (MlsExtension extension in contextExtensions)
            {
                if (!leaf.Capabilities.HasExtension(extension.Type)) return new MlsVerdict(MlsStatus.UnsupportedExtension, index);
            }
        }

        return MlsVerdict.Accepted;
    }

    /// <summary>What the group requires of every member; null if nothing.</summary>
    public static MlsStatus RequiredBy(MlsExtension[] contextExtensions, out RequiredCapabilities? required)
    {
        required = null;
        if (MlsExtension.Find(contextExtensions, ExtensionTypes.RequiredCapabilities) is not { } extension) return MlsStatus.Accepted;
        MlsStatus status = MlsCodec.Decode(extension.Data, out RequiredCapabilities decoded);
        required = status == MlsStatus.Accepted ? decoded : null;
        return status;
    }

    /// <summary>Unmerged leaves are members below, and every parent in between knows them too.</summary>
    public static MlsVerdict CheckUnmerged(RatchetTree tree)
    {
        foreach ((uint node, ParentNode parent) in tree.Parents())
        {
            foreach (uint leaf in parent.UnmergedLeaves)
            {
                if (!IsUnmerged(tree, node, leaf)) return new MlsVerdict(MlsStatus.InvalidUnmergedLeaves, leaf);
            }
        }

        return MlsVerdict.Accepted;
    }

    private static bool IsUnmerged(RatchetTree tree, uint node, uint leaf)
    {
        if (leaf >= tree.Leaves || tree.Leaf(leaf) is null || !TreeMath.IsBelow(2 * leaf, node)) return false;
        for (uint between = TreeMath.Parent(2 * leaf); between != node; between = TreeMath.Parent(between))
        {
            if (tree[between] is ParentNode parent && Array.BinarySearch(parent.UnmergedLeaves, leaf) < 0) return false;
        }

        return true;
    }
}
