using System;
using System.Collections.Generic;
using FcpFast.Mls.Messages;

namespace FcpFast.Mls.Tree;

/// <summary>The public part of a group's tree.</summary>
/// <remarks>
/// Shape:   a full binary tree in an array; nodes are immutable and shared between copies, hashes are kept until a node at or below theirs changes.
/// Threads: one user at a time.
/// Source:  [RFC 9420 §4.1], [RFC 9420 §7.7].
/// </remarks>
internal sealed partial class RatchetTree
{
    private TreeNode?[] _nodes;
    private byte[]?[] _hashes;

    private RatchetTree(TreeNode?[] nodes, byte[]?[] hashes)
    {
        _nodes = nodes;
        _hashes = hashes;
    }

    /// <summary>A tree of one leaf.</summary>
    public RatchetTree(LeafNode leaf)
        : this([leaf], new byte[]?[1])
    {
    }

    /// <summary>Leaves, blank ones included: a power of two.</summary>
    public uint Leaves => ((uint)_nodes.Length + 1) / 2;

    public uint Nodes => (uint)_nodes.Length;

    public uint Root => TreeMath.Root(Leaves);

    public TreeNode? this[uint node] => node < Nodes ? _nodes[node] : null;

    /// <summary>The member at a leaf; null if the leaf is blank or outside.</summary>
    public LeafNode? Leaf(uint leaf) => leaf < Leaves ? (LeafNode?)_nodes[2 * leaf] : null;

    public RatchetTree Clone() => new((TreeNode?[])_nodes.Clone(), (byte[]?[])_hashes.Clone());

    /// <summary>The leaves that are not blank, from left to right.</summary>
    public IEnumerable<(uint Index, LeafNode Leaf)> Members()
    {
        for (uint leaf = 0; leaf < Leaves; leaf++)
        {
            if (Leaf(leaf) is { } member) yield return (leaf, member);
        }
    }

    /// <summary>The parents that are not blank, from left to right.</summary>
    public IEnumerable<(uint Node, ParentNode Parent)> Parents()
    {
        for (uint node = 1; node < Nodes; node += 2)
        {
            if (_nodes[node] is ParentNode parent) yield return (node, parent);
        }
    }

    /// <summary>Puts a new member at the leftmost blank leaf, or doubles the tree.</summary>
    /// <returns>The leaf; null if the tree is full and may not grow.</returns>
    public uint? AddLeaf(LeafNode member)
    {
        uint leaf = 0;
        while (leaf < Leaves && Leaf(leaf) is not null) leaf++;
        if (leaf == TreeMath.LeavesMax) return null;
        if (leaf == Leaves) Resize(2 * Leaves);
        Set(2 * leaf, member);
        foreach (uint node in TreeMath.DirectPath(2 * leaf, Leaves))
        {
            if (_nodes[node] is ParentNode parent) Set(node, parent.WithUnmerged(leaf));
        }

        return leaf;
    }

    /// <summary>Replaces a member's leaf and blanks the nodes above.</summary>
    public void UpdateLeaf(uint leaf, LeafNode member)
    {
        BlankPath(leaf);
        Set(2 * leaf, member);
    }

    /// <summary>Blanks a leaf and the nodes above; halves the tree while its right half is empty.</summary>
    public void RemoveLeaf(uint leaf)
    {
        BlankPath(leaf);
        Set(2 * leaf, null);
        uint last = Leaves - 1;
        while (last > 0 && Leaf(last) is null) last--;
        uint leaves = Leaves;
        while (leaves > 1 && last < leaves / 2) leaves /= 2;
        if (leaves != Leaves) Resize(leaves);
    }

    /// <summary>Blanks the nodes above a leaf.</summary>
    public void BlankPath(uint leaf)
    {
        foreach (uint node in TreeMath.DirectPath(2 * leaf, Leaves)) Set(node, null);
    }

    /// <summary>Sets a node and forgets the hashes at and above it.</summary>
    public void Set(uint node, TreeNode? value)
    {
        _nodes[node] = value;
        _hashes[node] = null;
        foreach (uint above in TreeMath.DirectPath(node, Leaves)) _hashes[above] = null;
    }

    /// <summary>The fewest nodes whose keys reach everyone below a node.</summary>
    public List<uint> Resolution(uint node)
    {
        var resolution = new List<uint>();
        AddResolution(node, resolution);
        return resolution;
    }

    /// <summary>The nodes above a leaf whose other side is not empty.</summary>
    public List<PathStep> FilteredDirectPath(uint leaf)
    {
        var path = new List<PathStep>();
        uint child = 2 * leaf;
        foreach (uint node in TreeMath.DirectPath(child, Leaves))
        {
            uint other = TreeMath.Sibling(child);
            if (!IsEmptyBelow(other)) path.Add(new PathStep(node, other));
            child = node;
        }

        return path;
    }

    /// <summary>True if a key stands at any node.</summary>
    public bool HasKey(ReadOnlySpan<byte> encryptionKey)
    {
        foreach (TreeNode? node in _nodes)
        {
            if (node is not null && encryptionKey.SequenceEqual(node.EncryptionKey)) return true;
        }

        return false;
    }

    private bool IsEmptyBelow(uint node)
    {
        if (_nodes[node] is not null) return false;
        return TreeMath.IsLeaf(node) || (IsEmptyBelow(TreeMath.Left(node)) && IsEmptyBelow(TreeMath.Right(node)));
    }

    private void AddResolution(uint node, List<uint> resolution)
    {
        switch (_nodes[node])
        {
            case ParentNode parent:
                resolution.Add(node);
                foreach (uint leaf in parent.UnmergedLeaves) resolution.Add(2 * leaf);
                break;
            case LeafNode:
                resolution.Add(node);
                break;
            default:
                if (TreeMath.IsLeaf(node)) break;
                AddResolution(TreeMath.Left(node), resolution);
                AddResolution(TreeMath.Right(node), resolution);
                break;
        }
    }

    private void Resize(uint leaves)
    {
        int nodes = (int)TreeMath.NodesOf(leaves);
        Array.Resize(ref _nodes, nodes);
        Array.Resize(ref _hashes, nodes);
    }
}
