using System;
using System.Collections.Generic;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;

namespace FcpFast.Mls.Tree;

/// <summary>Checks that every parent was put there by a member below it.</summary>
/// <remarks>
/// Cost:    one or two hashes a parent, and its unmerged leaves' paths.
/// Source:  [RFC 9420 §7.9.2].
/// </remarks>
internal static class ParentHashes
{
    /// <summary>Checks a whole tree; lists of unmerged leaves have been checked before.</summary>
    public static MlsVerdict Verify(MlsCrypto crypto, RatchetTree tree)
    {
        foreach ((uint node, ParentNode parent) in tree.Parents())
        {
            uint left = TreeMath.Left(node), right = TreeMath.Right(node);
            int children = CountValid(crypto, tree, node, parent, left, right) + CountValid(crypto, tree, node, parent, right, left);
            if (children != 1) return new MlsVerdict(MlsStatus.InvalidParentHash, TreeMath.LeavesBelow(node).First);
        }

        return MlsVerdict.Accepted;
    }

    /// <summary>How many nodes on the side of <paramref name="child"/> were set together with the parent.</summary>
    private static int CountValid(MlsCrypto crypto, RatchetTree tree, uint node, ParentNode parent, uint child, uint sibling)
    {
        List<uint> resolution = tree.Resolution(child);
        HashSet<uint> unmerged = UnmergedBelow(parent, child);
        if (resolution.Count != unmerged.Count + 1) return 0;
        uint? only = null;
        foreach (uint below in resolution)
        {
            if (unmerged.Contains(below)) continue;
            if (only is not null) return 0;
            only = below;
        }

        if (only is null || ParentHashOf(tree[only.Value]) is not { } claimed) return 0;
        return claimed.AsSpan().SequenceEqual(tree.ParentHash(crypto, node, sibling)) ? 1 : 0;
    }

    private static HashSet<uint> UnmergedBelow(ParentNode parent, uint child)
    {
        var below = new HashSet<uint>();
        foreach (uint leaf in parent.UnmergedLeaves)
        {
            if (TreeMath.IsBelow(2 * leaf, child)) below.Add(2 * leaf);
        }

        return below;
    }

    private static byte[]? ParentHashOf(TreeNode? node) => node switch
    {
        ParentNode parent => parent.ParentHash,
        LeafNode { Source: LeafNodeSource.Commit } leaf => leaf.ParentHash,
        _ => null,
    };
}
