using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Runs;

namespace FcpFast.Bench.Tests;

/// <summary>DESIGN §4: what <c>fcpfast bench</c> measures and prints.</summary>
public sealed class RunnerTests
{
    private static readonly BenchCase Seal = new(Steps.Seal, 1024, 54, MacSuite.Unset, Traffic.Valid);

    private static readonly BenchPlan Short = new() { Steps = [Steps.Seal], Batches = [2], Rounds = 3, SampleMilliseconds = 0.01, WarmUpMilliseconds = 0 };

    [Fact]
    public void Run_TwoContenders_MeasuresEachAndRelatesThemToTheBase()
    {
        List<BenchRow> rows = new BenchRunner(Short, [Fake(BenchRunner.RatioBase, 100), Fake("twice as fast", 50)]).Run();
        Assert.Equal([100d, 50d], rows.Select(static row => row.NanosecondsPerFrame));
        Assert.Equal([1d, 2d], rows.Select(static row => row.Ratio!.Value));
        Assert.Equal([10.24, 20.48], rows.Select(static row => Math.Round(row.GigabytesPerSecond, 2)));
    }

    [Fact]
    public void Run_OnlyOneNamed_LeavesTheOthersOut() =>
        Assert.Equal(["b"], new BenchRunner(Short with { Only = ["b"] }, [Fake("a", 1), Fake("b", 1)]).Run().Select(static row => row.Engine));

    [Fact]
    public void Run_ContendersThatDisagree_Throws()
    {
        var runner = new BenchRunner(Short, [Fake("a", 1, "00"), Fake("b", 1, "01")]);
        Assert.Contains("b and a disagree", Assert.Throws<InvalidOperationException>(runner.Run).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShardRun_InMemory_MeasuresOneThreadAndTwo()
    {
        var run = new ShardRun(Short with { Steps = [Steps.ShardsMemory] }, static _ => { });
        List<BenchRow> rows = run.Measure(Contenders.Engines[0], MacSuite.HmacSha256, passes: 1, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], rows.Select(static row => (int)row.ToJson()["shards"]!));
        Assert.Equal(1d, (double)rows[0].ToJson()["ratio_to_one_shard"]!);
        Assert.All(rows, static row => Assert.True(row.NanosecondsPerFrame > 0 && row.Case.Step == Steps.ShardsMemory));
    }

    [Fact]
    public void WithRatios_BaseOfOneSuiteOnly_ServesTheOtherSuiteToo()
    {
        var one = Seal with { Step = Steps.Mac, Suite = MacSuite.HmacSha256 };
        BenchCase two = one with { Suite = MacSuite.Blake3 };
        List<BenchRow> rows = BenchRunner.WithRatios([new(one, BenchRunner.RatioBase, 400, 0, 0), new(one, "x", 200, 0, 0), new(two, "x", 100, 0, 0)]);
        Assert.Equal([1d, 2d, 4d], rows.Select(static row => row.Ratio!.Value));
    }

    [Fact]
    public void WithRatios_WithoutC_AreToLibsodiumFromManagedCodeAndSaySo()
    {
        List<BenchRow> rows = BenchRunner.WithRatios([new(Seal, Contenders.Libsodium, 90, 0, 0), new(Seal, "x", 30, 0, 0)]);
        JsonObject json = rows[1].ToJson();
        Assert.Equal(3d, (double)json["ratio_to_c_libsodium"]!);
        Assert.Equal("libsodium", (string)json["ratio_is_to"]!);
        Assert.Null(BenchRunner.WithRatios([new(Seal, "x", 30, 0, 0)])[0].Ratio);
    }

    [Theory]
    [InlineData(0.5, 3)]
    [InlineData(0.25, 2)]
    [InlineData(1, 5)]
    [InlineData(0.6, 3.4)]
    public void Quantile_FiveValues_InterpolatesBetweenNeighbours(double quantile, double expected) =>
        Assert.Equal(expected, BenchRunner.Quantile([5, 1, 4, 2, 3], quantile), 9);

    [Fact]
    public void Report_AsJson_HasTheFieldsOfTheDesign()
    {
        JsonObject json = Report().ToJson();
        Assert.True(json["machine"]!["cpu"]!.ToString().Length > 0);
        var row = (JsonObject)json["rows"]!.AsArray()[0]!;
        string[] fields = ["step", "payload_bytes", "batch", "engine", "suite", "ns_per_frame", "gb_per_s", "allocated_bytes_per_frame", "ratio_to_c_libsodium"];
        Assert.All(fields, field => Assert.True(row.ContainsKey(field), field));
        Assert.Null(row["suite"]);
    }

    [Fact]
    public void Report_AsTable_ShowsEveryRowAndWhatWasSkipped()
    {
        var output = new StringWriter();
        Report().Write(output);
        Assert.Contains("seal", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1000.0", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("skipped: x: it is not here", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Picture_OfAReport_IsAnSvgWithEveryLabel()
    {
        string file = Path.GetTempFileName();
        try
        {
            LadderPicture.Write(Report(), file);
            string text = XDocument.Load(file).Root!.Value;
            Assert.Contains("seal 1024×54: libsodium-c", text, StringComparison.Ordinal);
            Assert.Contains("logarithmic", text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Make_SeedOne_IsWhatTheReadmeSays() => Assert.Equal("3c5e81b4", Convert.ToHexStringLower(BenchData.Make(1, 4))); // by hand

    private static BenchReport Report() => new(
        Machine.Describe(Short, "none"), BenchRunner.WithRatios([new BenchRow(Seal, BenchRunner.RatioBase, 1000, 1, 0), new BenchRow(Seal, "x", 400, 1, 0)]), ["x: it is not here"]);

    private static Contender Fake(string name, double nanosecondsPerFrame, string digest = "") =>
        new(name, subject => new FakeBody(nanosecondsPerFrame * subject.Batch, digest));

    private sealed class FakeBody(double nanosecondsPerPass, string digest) : BenchBody
    {
        public override string Digest => digest;

        public override void Check()
        {
            // nothing to prove
        }

        public override void Pass() => Assert.Fail("a body that times itself is not passed");

        public override BenchSample Sample(int passes) => new(nanosecondsPerPass * passes, 0);
    }
}
