using System;
using System.Collections.Generic;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;

namespace FcpFast.Mls.Tree;

/// <content>Tree hashes and parent hashes.</content>
/// <remarks>Source: [RFC 9420 §7.8], [RFC 9420 §7.9].</remarks>
internal sealed partial class RatchetTree
{
    /// <summary>The hash of the whole tree.</summary>
    public byte[] TreeHash(MlsCrypto crypto) => TreeHash(crypto, Root);

    /// <summary>The hash of the tree below a node.</summary>
    public byte[] TreeHash(MlsCrypto crypto, uint node) => _hashes[node] ??= HashOf(crypto, node, []);

    /// <summary>The parent hash of a node for the side that <paramref name="copathChild"/> is not on.</summary>
    /// <remarks>Shape: the other side is hashed as it was when the node was set, without the leaves that came since.</remarks>
    public byte[] ParentHash(MlsCrypto crypto, uint node, uint copathChild)
    {
        var parent = (ParentNode)_nodes[node]!;
        using var input = new MlsWriter();
        input.Vector(parent.EncryptionKey);
        input.Vector(parent.ParentHash);
        input.Vector(OriginalTreeHash(crypto, copathChild, parent.UnmergedLeaves));
        return crypto.Hash(input.Written);
    }

    private byte[] OriginalTreeHash(MlsCrypto crypto, uint node, uint[] without)
    {
        (uint first, uint end) = TreeMath.LeavesBelow(node);
        int from = Array.BinarySearch(without, first);
        if (from < 0) from = ~from;
        return from < without.Length && without[from] < end ? HashOf(crypto, node, without) : TreeHash(crypto, node);
    }

    private byte[] HashOf(MlsCrypto crypto, uint node, uint[] without)
    {
        using var input = new MlsWriter();
        if (TreeMath.IsLeaf(node))
        {
            uint leaf = node / 2;
            input.U8(LeafType);
            input.U32(leaf);
            input.Optional(Array.BinarySearch(without, leaf) >= 0 ? null : (LeafNode?)_nodes[node]);
        }
        else
        {
            input.U8(ParentType);
            input.Optional(Without((ParentNode?)_nodes[node], without));
            input.Vector(OriginalTreeHash(crypto, TreeMath.Left(node), without));
            input.Vector(OriginalTreeHash(crypto, TreeMath.Right(node), without));
        }

        return crypto.Hash(input.Written);
    }

    private static ParentNode? Without(ParentNode? parent, uint[] without)
    {
        if (parent is null || without.Length == 0 || parent.UnmergedLeaves.Length == 0) return parent;
        var kept = new List<uint>();
        foreach (uint leaf in parent.UnmergedLeaves)
        {
            if (Array.BinarySearch(without, leaf) < 0) kept.Add(leaf);
        }

        return parent with { UnmergedLeaves = [.. kept] };
    }
}
