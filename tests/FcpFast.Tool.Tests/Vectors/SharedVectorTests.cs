using System;
using System.Linq;
using FcpFast.Tool.Tests.Support;
using FcpFast.Tool.Vectors;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>Golden and third parties' vectors, read where they lie.</summary>
public sealed class SharedVectorTests
{
    private static readonly Lazy<VectorReport> Report = new(static () =>
    {
        var checker = new VectorChecker();
        checker.CheckFolder(VectorFolders.RequireShared("all families"));
        return checker.Report;
    });

    public static TheoryData<string, int> Families => ExpectedFamilies.Shared;

    public static TheoryData<string, int> LaterFamilies => ExpectedFamilies.Later;

    [Theory]
    [MemberData(nameof(Families))]
    public void Check_EveryCaseOfTheFamily_Passes(string family, int casesMin)
    {
        VectorFolders.RequireShared(family);
        VectorFamilyReport found = Report.Value.Families[family];
        Assert.Empty(found.Failures);
        Assert.Empty(found.NotYet);
        Assert.Empty(found.Unknown);
        Assert.InRange(found.Passed, casesMin, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(LaterFamilies))]
    public void Check_AFamilyOfALaterIssue_IsCountedAndNeverPassed(string family, int casesMin)
    {
        VectorFolders.RequireShared(family);
        VectorFamilyReport found = Report.Value.Families[family];
        Assert.Equal(0, found.Passed);
        Assert.Empty(found.Unknown);
        Assert.InRange(found.NotYet.Values.Sum(), casesMin, int.MaxValue);
    }

    [Fact]
    public void Check_EveryFile_IsJudged()
    {
        VectorFolders.RequireShared("every file");
        Assert.Empty(Report.Value.Unjudged);
    }
}
