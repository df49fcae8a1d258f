using System.Collections.Generic;
using System.Numerics;

namespace FcpFast.Mls.Tree;

/// <summary>Where nodes lie in the array of a full binary tree: leaves at even numbers, parents between.</summary>
/// <remarks>
/// Shape:   <c>leaves</c> is a power of two; leaf i is node 2i.
/// Threads: stateless.
/// Source:  [RFC 9420 §C].
/// </remarks>
internal static class TreeMath
{
    /// <summary>The largest tree that is looked at.</summary>
    public const uint LeavesMax = 1 << 16;

    public static uint NodesOf(uint leaves) => (2 * leaves) - 1;

    public static uint Root(uint leaves) => leaves - 1;

    public static bool IsLeaf(uint node) => (node & 1) == 0;

    public static int Level(uint node) => BitOperations.TrailingZeroCount(~node);

    /// <summary>The left child of a parent.</summary>
    public static uint Left(uint node) => node ^ (1u << (Level(node) - 1));

    /// <summary>The right child of a parent.</summary>
    public static uint Right(uint node) => node ^ (3u << (Level(node) - 1));

    /// <summary>The parent of a node that is not the root.</summary>
    public static uint Parent(uint node)
    {
        int level = Level(node);
        uint bit = (node >> (level + 1)) & 1;
        return (node | (1u << level)) ^ (bit << (level + 1));
    }

    /// <summary>The other child of the parent of a node that is not the root.</summary>
    public static uint Sibling(uint node)
    {
        uint parent = Parent(node);
        return node < parent ? Right(parent) : Left(parent);
    }

    /// <summary>The nodes above, from parent to root.</summary>
    public static IEnumerable<uint> DirectPath(uint node, uint leaves)
    {
        for (uint root = Root(leaves); node != root;)
        {
            node = Parent(node);
            yield return node;
        }
    }

    /// <summary>True if <paramref name="node"/> is <paramref name="top"/> or below it.</summary>
    public static bool IsBelow(uint node, uint top)
    {
        uint reach = (1u << Level(top)) - 1;
        return node + reach >= top && node <= top + reach;
    }

    /// <summary>The indices of the first leaf below a node and of the one after the last.</summary>
    public static (uint First, uint End) LeavesBelow(uint node)
    {
        uint reach = (1u << Level(node)) - 1;
        return ((node - reach) / 2, ((node + reach) / 2) + 1);
    }

    /// <summary>The lowest node above both leaves, which differ.</summary>
    public static uint CommonAncestor(uint leaf, uint other)
    {
        int level = 32 - BitOperations.LeadingZeroCount(leaf ^ other);
        return (((2 * leaf) >> (level + 1)) << (level + 1)) + (1u << level) - 1;
    }
}
