using System.Runtime.Intrinsics;
using FcpFast.Interop.Kernels;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>Every operation of every width against the same operation on arrays of words.</summary>
public sealed class LanesTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Groups_OfTheWidth_AreOf128Bits(int bits) => Of(bits).Groups();

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Arithmetic_RandomWords_IsThatOfEachLane(int bits) => Of(bits).Arithmetic();

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Rotations_RandomWords_AreThoseOfEachLane(int bits) => Of(bits).Rotations();

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Shifts_RandomWords_AreThoseOfEachLane(int bits) => Of(bits).Shifts();

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Interleaving_RandomWords_StaysInsideTheGroups(int bits) => Of(bits).Interleaving();

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void TransposeGroups_FourVectors_MovesGroupsAcrossAndBack(int bits) => Of(bits).TransposeGroups();

    private static ILaneChecks Of(int bits) => bits switch
    {
        128 => Widths.Require<Width128, ILaneChecks>(new LaneChecks<Lanes128, Vector128<uint>>(bits)),
        256 => Widths.Require<Width256, ILaneChecks>(new LaneChecks<Lanes256, Vector256<uint>>(bits)),
        _ => Widths.Require<Width512, ILaneChecks>(new LaneChecks<Lanes512, Vector512<uint>>(bits)),
    };
}
