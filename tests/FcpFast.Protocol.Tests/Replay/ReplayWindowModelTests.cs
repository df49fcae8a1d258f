using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>[REPLAY §8]: S1, S3, S6, S7 and L1 of the window against the set model, and the mutants that the same test must tell apart from it.</summary>
public sealed class ReplayWindowModelTests
{
    private static readonly int[] AllWidths = [1, 2, 3, 63, 64, 65, 127, 128, 129, 1000, 8128, 65_472];

    public static TheoryData<int> Widths => [.. AllWidths];

    public static TheoryData<string> Mutants => [.. WindowMutants.All.Select(static mutant => mutant.Name)];

    /// <summary>What the comparison drives: the window, or a mutant of its rule.</summary>
    internal interface IWindow
    {
        ulong Highest { get; }

        ReplayVerdict Check(ulong n);

        ReplayVerdict Commit(ulong n);
    }

    internal delegate IWindow MakeWindow(int width, ulong fence);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Window_RandomBiasedNumbers_EqualsTheModel(int width)
    {
        int runs = (int)Math.Max(4, Seeded.ModelOperations / AllWidths.Length / 5000);
        Seeded.Run(runs, random => Assert.Null(FirstDifference(random, width, 5000, static (w, fence) => new Product(w, fence))));
    }

    /// <summary>A run is what its numbers are one by one, up to the first that is not fresh.</summary>
    [Theory]
    [MemberData(nameof(Widths))]
    public void CommitRun_RandomRuns_EqualsSingleNumbers(int width) => Seeded.Run(20, random =>
    {
        ulong start = BiasedNumbers.Start(random, width), fence = random.Next(3) == 0 ? start : 0;
        ReplayWindow runs = new(width, new FrameSeq(fence)), singles = new(width, new FrameSeq(fence));
        var memory = new BiasedNumbers.Memory();
        for (int step = 0; step < 400; step++)
        {
            ulong n = step == 0 ? start : BiasedNumbers.Next(random, singles.Highest.Value, width, memory.Numbers);
            int count = random.Next(4) == 0 ? random.Next(300) : random.Next(70), expected = 0;
            while (expected < count && singles.Commit(new FrameSeq(unchecked(n + (ulong)expected))) == ReplayVerdict.Fresh) expected++;
            Assert.Equal(expected, runs.CommitRun(new FrameSeq(n), count));
            Assert.Equal(singles.Highest, runs.Highest);
            for (int i = 0; i < 100; i++)
            {
                ulong probe = i < 50 ? unchecked(n + (ulong)(random.Next(400) - 50)) : BiasedNumbers.Next(random, singles.Highest.Value, width, memory.Numbers);
                Assert.Equal(singles.Check(new FrameSeq(probe)), runs.Check(new FrameSeq(probe)));
            }

            memory.Add(n);
        }
    });

    [Fact]
    public void Window_EveryShortSequenceOfASmallModel_EqualsTheModel() =>
        Assert.Null(FirstDifferenceExhaustively(5, static (w, fence) => new Product(w, fence)));

    [Fact]
    public void Reimplementation_OfTheTest_IsRightBeforeItIsMutated()
    {
        Assert.Null(FirstDifferenceExhaustively(3, static (w, fence) => new WindowMutants.Plain(w, fence)));
        foreach (int width in AllWidths)
        {
            Seeded.Run(3, random => Assert.Null(FirstDifference(random, width, 5000, static (w, fence) => new WindowMutants.Plain(w, fence))));
        }
    }

    [Theory]
    [MemberData(nameof(Mutants))]
    public void Mutant_OfTheWindowsRule_IsKilledByTheModelTest(string name)
    {
        MakeWindow make = WindowMutants.All.Single(mutant => mutant.Name == name).Make;
        bool killed = AllWidths.Any(width => Enumerable.Range(1, 4).Any(seed => FirstDifference(new Random(seed), width, 5000, make) is not null));
        Assert.True(killed, $"the model test does not notice the mutant '{name}'");
    }

    [Fact]
    public void Mutants_OfTheSpecification_AreAllThere()
    {
        // REPLAY §8 as far as it concerns the window; the others belong to the rooms around it.
        string[] named =
        [
            "no second check in commit", "<= for < at the window edge", "window emptied on restart", "ring one word short",
            "clearing loop one word short on a jump", "H - n computed unsigned when n > H",
        ];
        Assert.Empty(named.Except(WindowMutants.All.Select(static mutant => mutant.Name)));
    }

    /// <summary>Random steps on both; the first step where they differ, or null.</summary>
    internal static string? FirstDifference(Random random, int width, int steps, MakeWindow make)
    {
        ulong fence = random.Next(4) == 0 ? BiasedNumbers.Start(random, width) : 0;
        var model = new ReplayModel(width, fence);
        IWindow window = make(width, fence);
        var memory = new BiasedNumbers.Memory();
        ulong start = BiasedNumbers.Start(random, width), ceiling = fence;
        HashSet<ulong> acceptedEver = [];
        for (int step = 0; step < steps; step++)
        {
            if (random.Next(1000) == 0) // a restart with a ceiling at or above everything accepted
            {
                ceiling = Math.Max(model.Highest, unchecked(model.Highest + (ulong)random.Next(3)));
                model.Restart(ceiling);
                window = make(width, ceiling);
                memory = new BiasedNumbers.Memory();
            }

            ulong n = step == 0 ? start : BiasedNumbers.Next(random, model.Highest, width, memory.Numbers);
            ReplayVerdict filtered = window.Check(n);
            if (filtered != model.Judge(n)) return $"step {step}: check of {n} is {filtered}, the model says {model.Judge(n)}";
            if (random.Next(8) == 0) continue; // its verification failed: nothing may have changed
            ReplayVerdict expected = model.Commit(n), found = window.Commit(n);
            if (found != expected) return $"step {step}: commit of {n} is {found}, the model says {expected}";
            if (window.Highest != model.Highest) return $"step {step}: the highest is {window.Highest}, the model says {model.Highest}";
            if (found == ReplayVerdict.Fresh && !acceptedEver.Add(n)) return $"step {step}: {n} was accepted twice";
            if (found == ReplayVerdict.Fresh && n <= ceiling) return $"step {step}: {n} is not above the fence {ceiling}";
            memory.Add(n);
        }

        return null;
    }

    /// <summary>Width 3, seven numbers in a row (and 0), up to two restarts, every sequence of a length, at each place where arithmetic breaks.</summary>
    private static string? FirstDifferenceExhaustively(int length, MakeWindow make)
    {
        const int Choices = 8;
        const int Restart = 7;
        foreach (ulong origin in new ulong[] { 1, 60, 124, (1ul << 32) - 3, (1ul << 63) - 3, ulong.MaxValue - 6 })
        {
            for (long sequence = 0; sequence < Math.Pow(Choices, length); sequence++)
            {
                var model = new ReplayModel(3);
                IWindow window = make(3, 0);
                HashSet<ulong> accepted = [];
                int restarts = 0;
                for (long rest = sequence, step = 0; step < length; step++, rest /= Choices)
                {
                    int choice = (int)(rest % Choices);
                    if (choice == Restart && restarts++ < 2)
                    {
                        ulong ceiling = model.Highest == ulong.MaxValue ? ulong.MaxValue : model.Highest + 1;
                        model.Restart(ceiling);
                        window = make(3, ceiling);
                        continue;
                    }

                    ulong n = choice == Restart ? 0 : origin + (ulong)choice;
                    ReplayVerdict expected = model.Judge(n), filtered = window.Check(n), found = window.Commit(n);
                    model.Commit(n);
                    bool twice = found == ReplayVerdict.Fresh && !accepted.Add(n);
                    if (filtered != expected || found != expected || twice || window.Highest != model.Highest)
                    {
                        return $"origin {origin}, sequence {sequence}, step {step}: {n} is {filtered}/{found}, the model says {expected}";
                    }
                }
            }
        }

        return null;
    }

    internal sealed class Product(int width, ulong fence) : IWindow
    {
        private readonly ReplayWindow _window = new(width, new FrameSeq(fence));

        public ulong Highest => _window.Highest.Value;

        public ReplayVerdict Check(ulong n) => _window.Check(new FrameSeq(n));

        public ReplayVerdict Commit(ulong n) => _window.Commit(new FrameSeq(n));
    }
}
