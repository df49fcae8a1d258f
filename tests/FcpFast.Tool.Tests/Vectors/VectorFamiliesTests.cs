using System;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Tool.Vectors;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>The contract's table of families and ops.</summary>
public sealed class VectorFamiliesTests
{
    [Fact]
    public void Has_EveryOpOfTheTool_InExactlyOneFamily()
    {
        foreach (string op in new VectorOps(LibsodiumGate.Open()).Names)
        {
            Assert.True(VectorFamilies.Names.Count(family => VectorFamilies.Has(family, op)) == 1, op);
            Assert.True(VectorFamilies.Has("corpus", op), op);
        }
    }

    [Theory]
    [InlineData("epochs", "kid")]
    [InlineData("epoch", "epoch_number")]
    [InlineData("corpus", "nothing")]
    [InlineData("", "")]
    [InlineData("mls", "tree-math")]
    public void Has_AnOpOfAnotherFamilyOrNone_IsFalse(string family, string op) => Assert.False(VectorFamilies.Has(family, op));

    [Fact]
    public void Names_OfTheContractAndOurOwn_AreNineteen() => Assert.Equal(19, VectorFamilies.Names.Distinct(StringComparer.Ordinal).Count());
}
