using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Tool.Tests.Support;
using FcpFast.Tool.Vectors;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>Our own vectors, all of them, through the checker that the verb uses.</summary>
public sealed class OwnVectorTests
{
    private static readonly Lazy<VectorReport> Report = new(static () =>
    {
        var checker = new VectorChecker();
        checker.CheckFolder(VectorFolders.Own);
        return checker.Report;
    });

    public static TheoryData<string, int> Families => ExpectedFamilies.Own;

    [Theory]
    [MemberData(nameof(Families))]
    public void Check_EveryCaseOfTheFamily_Passes(string family, int cases)
    {
        VectorFamilyReport found = Report.Value.Families[family];
        Assert.Empty(found.Failures);
        Assert.Empty(found.NotYet);
        Assert.Empty(found.Unknown);
        Assert.Equal(cases, found.Passed);
    }

    [Fact]
    public void Check_EveryFile_IsJudgedAndBelongsToAFamilyOfTheTable()
    {
        Assert.Empty(Report.Value.Unjudged);
        IEnumerable<string> expected = ExpectedFamilies.Own.Select(static row => row.Data.Item1);
        Assert.Equal(expected.Order(StringComparer.Ordinal), Report.Value.Families.Keys);
    }
}
