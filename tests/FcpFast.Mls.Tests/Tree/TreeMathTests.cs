using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Tree;

namespace FcpFast.Mls.Tests.Tree;

/// <summary>[RFC 9420 §C]: the arithmetic against itself, over every node of trees to 64 leaves.</summary>
public sealed class TreeMathTests
{
    public static TheoryData<uint> Sizes => new(1u, 2u, 4u, 8u, 16u, 32u, 64u);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ParentAndChildren_OfEveryNode_AreInverse(uint leaves)
    {
        for (uint node = 1; node < TreeMath.NodesOf(leaves); node += 2)
        {
            Assert.Equal(node, TreeMath.Parent(TreeMath.Left(node)));
            Assert.Equal(node, TreeMath.Parent(TreeMath.Right(node)));
            Assert.Equal(TreeMath.Right(node), TreeMath.Sibling(TreeMath.Left(node)));
            Assert.Equal(TreeMath.Left(node), TreeMath.Sibling(TreeMath.Right(node)));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void IsBelow_EveryPair_SaysWhatTheDirectPathSays(uint leaves)
    {
        for (uint node = 0; node < TreeMath.NodesOf(leaves); node++)
        {
            HashSet<uint> above = [node, .. TreeMath.DirectPath(node, leaves)];
            for (uint top = 0; top < TreeMath.NodesOf(leaves); top++) Assert.Equal(above.Contains(top), TreeMath.IsBelow(node, top));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void CommonAncestor_EveryPairOfLeaves_IsTheFirstSharedNode(uint leaves)
    {
        for (uint leaf = 0; leaf < leaves; leaf++)
        {
            for (uint other = 0; other < leaves; other++)
            {
                if (leaf == other) continue;
                HashSet<uint> above = [.. TreeMath.DirectPath(2 * other, leaves)];
                Assert.Equal(TreeMath.DirectPath(2 * leaf, leaves).First(above.Contains), TreeMath.CommonAncestor(leaf, other));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void LeavesBelow_EveryNode_AreThoseThatAreBelow(uint leaves)
    {
        for (uint node = 0; node < TreeMath.NodesOf(leaves); node++)
        {
            (uint first, uint end) = TreeMath.LeavesBelow(node);
            for (uint leaf = 0; leaf < leaves; leaf++) Assert.Equal(TreeMath.IsBelow(2 * leaf, node), leaf >= first && leaf < end);
        }
    }
}
