using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using FcpFast.Bench.Micro;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Groups;
using FcpFast.Tool.Bench.Runs;

[assembly: CollectionBehavior(DisableTestParallelization = true)] // allocations are counted here, and bodies keep one core busy each

namespace FcpFast.Bench.Tests;

/// <summary>[STYLE 7], [STYLE 8]: every bench body runs once, so that none rots, and holds its allocation ceiling.</summary>
public sealed class BodyTests
{
    public static TheoryData<string> Steps => [.. Tool.Bench.Steps.InMemory];

    public static TheoryData<Type> MicroClasses =>
        [.. typeof(LadderBench).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(LadderBench)) && !type.IsAbstract)];

    [Theory]
    [MemberData(nameof(Steps))]
    public void Bodies_OfEveryContender_DoTheirWorkAgreeAndHoldTheirCeiling(string step)
    {
#if DEBUG
        Assert.SkipWhen(step is Tool.Bench.Steps.OpenFrames or Tool.Bench.Steps.VerifyFrames or Tool.Bench.Steps.Memory, "takes half a minute without optimisation; Release runs it");
#endif
        int ran = 0;
        var faults = new List<string>();
        foreach (BenchCase subject in Smoke.Cases().Where(subject => subject.Step == step)) faults.AddRange(Smoke.FaultsOf(subject, ref ran));
        Assert.Empty(faults);
        Assert.True(ran > 0, $"no contender takes the step {step}");
    }

    [Fact]
    public void Ceilings_OfTheFile_AreThoseOfTheSteps()
    {
        Assert.Equal(Tool.Bench.Steps.InMemory.Order(), AllocationCeilings.Read().Keys.Order());
        Assert.Equal(["handshake"], AllocationCeilings.Read().Where(static ceiling => ceiling.Value > 0).Select(static ceiling => ceiling.Key));
    }

    [Fact]
    public void FaultsOf_ABodyThatAllocates_AreFound()
    {
        int ran = 0;
        var subject = new BenchCase(Tool.Bench.Steps.Handshake, 0, 1, default, Traffic.Valid);
        Assert.Empty(Smoke.FaultsOf(subject, ref ran));
        using var body = new AllocatingBody();
        Assert.False(Smoke.StaysBelow(body, 0, out double least));
        Assert.True(least >= 24);
        Assert.True(Smoke.StaysBelow(body, least, out _));
    }

    [Theory]
    [MemberData(nameof(MicroClasses))]
    public void MicroBench_FirstAndLastCase_Run(Type type)
    {
        var bench = (LadderBench)Activator.CreateInstance(type)!;
        MicroCase[] cases = bench.Cases().ToArray();
        foreach (MicroCase subject in new[] { cases[0], cases[^1] })
        {
            bench.Case = subject;
            bench.Prepare();
            for (int i = 0; i < 3; i++) bench.Pass();
            bench.Release();
        }

        Assert.Equal(cases.Length, cases.Select(static subject => subject.ToString()).Distinct().Count());
    }

    [Fact]
    public void GroupBench_OfAFewMembers_RunsOnce()
    {
        using var bench = new FcpFast.Bench.Micro.Mls.GroupBench { Members = 5 };
        bench.Prepare();
        bench.MakeCommit();
        bench.FollowCommit();
        bench.Join();
    }

    [Fact]
    public void GroupBodies_OfAFewMembers_DoTheirWorkAndTellTheirSize()
    {
        foreach (string step in Tool.Bench.Steps.Groups)
        {
            using var body = new GroupBody(step, 5);
            body.Check();
            Assert.Equal(5, (int)body.Details!["members"]!);
            Assert.Equal(step == Tool.Bench.Steps.MlsJoin, body.Details["kept_bytes_per_member"] is not null);
            Assert.Single(new BenchPlan { Steps = [step] }.Rungs());
        }
    }

    [Fact]
    public void MicroBenches_ForEveryStep_ThereIsOneInTheFolderOfARoom()
    {
        string[] covered = MicroClasses.Select(static row => row.Data)
            .Select(static type => (string)typeof(LadderBench).GetProperty("Step", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(Activator.CreateInstance(type))!)
            .ToArray();
        Assert.Equal(Tool.Bench.Steps.InMemory.Order(), covered.Order());
    }

    [Fact]
    public void Rungs_OfTheWholePlan_NameEverySizeBatchSuiteAndTraffic()
    {
        BenchCase[] all = new BenchPlan
        {
            Payloads = BenchPlan.DesignPayloads, Batches = BenchPlan.DesignBatches, Traffic = Enum.GetValues<Traffic>(),
        }.Rungs().SelectMany(static rung => rung).ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
        foreach (string step in new[] { "verify-frames", "open-frames" })
        {
            Assert.Equal(4 * 4 * 3 * 2, all.Count(subject => subject.Step == step));
        }

        Assert.Equal(4 * 4 * 2, all.Count(static subject => subject.Step == "open"));
        Assert.Equal(4 * 4 * 2, all.Count(static subject => subject.Step == "mac"));
        Assert.Equal(4 * 4, all.Count(static subject => subject.Step == "seal"));
    }

    private sealed class AllocatingBody : BenchBody
    {
        private object? _escaped;

        public override void Check() => Pass();

        public override void Pass() => _escaped = new object();

        public override string Digest => _escaped!.ToString()!;
    }
}
