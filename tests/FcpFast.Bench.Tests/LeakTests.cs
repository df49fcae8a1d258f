using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Leaks;

namespace FcpFast.Bench.Tests;

/// <summary>The parts of the timing-leak bench that need no clock.</summary>
public sealed class LeakTests
{
    [Fact]
    public void Statistic_TwoSmallClasses_IsWelchsT()
    {
        // Means 10 and 12, variances 4 and 1, three values each: t = 2 / sqrt(4/3 + 1/3).
        double t = WelchTest.Statistic([8, 10, 12, 11, 12, 13], [0, 0, 0, 1, 1, 1], double.MaxValue);
        Assert.Equal(2 / Math.Sqrt((4.0 / 3) + (1.0 / 3)), t, 12);
        Assert.Equal(-t, WelchTest.Statistic([8, 10, 12, 11, 12, 13], [1, 1, 1, 0, 0, 0], double.MaxValue), 12);
    }

    [Fact]
    public void Statistic_EqualTimes_IsZeroAndUnequalOnesInfinite()
    {
        Assert.Equal(0, WelchTest.Statistic([5, 5, 5, 5], [0, 1, 0, 1], double.MaxValue));
        Assert.Equal(double.PositiveInfinity, WelchTest.Statistic([5, 6, 5, 6], [0, 1, 0, 1], double.MaxValue));
        Assert.Equal(0, WelchTest.Statistic([5, 6, 5], [0, 1, 0], double.MaxValue));
    }

    [Fact]
    public void Largest_ADifferenceThatOutliersHide_IsFound()
    {
        var random = new Random(1);
        double[] times = new double[20_000];
        byte[] classes = new byte[times.Length];
        for (int i = 0; i < times.Length; i++)
        {
            classes[i] = (byte)random.Next(2);
            times[i] = 1000 + random.Next(100) + (classes[i] * 10) + (random.Next(50) == 0 ? 1_000_000 : 0);
        }

        Assert.True(Math.Abs(WelchTest.Statistic(times, classes, double.MaxValue)) < WelchTest.Threshold);
        Assert.True(WelchTest.Largest(times, classes) > WelchTest.Threshold);
    }

    [Fact]
    public void Largest_NoDifference_StaysBelowTheThreshold()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            double[] times = Enumerable.Range(0, 5_000).Select(_ => 1000.0 + random.Next(100)).ToArray();
            byte[] classes = Enumerable.Range(0, times.Length).Select(_ => (byte)random.Next(2)).ToArray();
            Assert.True(Math.Abs(WelchTest.Largest(times, classes)) < WelchTest.Threshold, $"seed {seed}");
        }
    }

    [Fact]
    public void Subjects_OfEveryEngine_RunBothClasses()
    {
        var subjects = new List<LeakSubject> { new CompareSubject(isPlanted: true), new CompareSubject(isPlanted: false) };
        subjects.AddRange(Contenders.Engines.SelectMany(static engine => engine.LeakSubjects()));
        Assert.Equal(subjects.Count, subjects.Select(static subject => subject.Name).Distinct().Count());
        Assert.Equal(2 + (8 * Contenders.Engines.Count), subjects.Count);
        Assert.Single(subjects, static subject => subject.IsPlanted);
        foreach (LeakSubject subject in subjects)
        {
            subject.FillPools(new Random(1));
            for (int i = 0; i < 4; i++)
            {
                subject.Load(i & 1);
                subject.Run();
            }
        }
    }

    [Fact]
    public void Load_EachClass_TakesInputsOfThatClassInTurns()
    {
        var subject = new Recorder();
        subject.FillPools(new Random(1));
        var seen = new List<byte>();
        foreach (int inputClass in new[] { 0, 1, 1, 0 })
        {
            subject.Load(inputClass);
            subject.Run();
            seen.Add(subject.Seen);
        }

        Assert.Equal<byte>([1, 102, 103, 4], seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Compare_EitherClass_FindsNoTagEqual(bool isPlanted)
    {
        var subject = new CompareSubject(isPlanted);
        subject.FillPools(new Random(1));
        for (int i = 0; i < 2 * LeakSubject.PoolSize; i++)
        {
            subject.Load(i & 1);
            subject.Run();
        }

        Assert.Equal(0, subject.EqualCount);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Finding_OfASubject_IsGoodIfOnlyWhatIsPlantedLeaks(bool isPlanted, bool isLeak, bool isGood) =>
        Assert.Equal(isGood, new LeakFinding("x", isPlanted, [1], isLeak).IsGood);

    /// <summary>Inputs that tell their class and their place in the pool.</summary>
    private sealed class Recorder() : LeakSubject("recorder", 37)
    {
        private byte _made;

        public byte Seen { get; private set; }

        public override void Run()
        {
            Assert.Single(Input.ToArray().Distinct());
            Seen = Input[^1];
        }

        protected override void Fill(int inputClass, Span<byte> input, Random random)
        {
            input.Fill((byte)((_made % PoolSize) + (inputClass * 100)));
            _made++;
        }
    }
}
