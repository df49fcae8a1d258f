using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>[REPLAY §8]: S1, S2, S5 and L1 of the lanes of a session against the set model, and the mutants that the same test must tell apart.</summary>
public sealed class LaneTableModelTests
{
    private const int Steps = 4_000;

    public static TheoryData<string> Mutants => [.. LaneMutants.All.Select(static mutant => mutant.Name)];

    /// <summary>What the comparison drives: the table, or a mutant of its rules.</summary>
    internal interface ILanes
    {
        int Count { get; }

        int TombstoneCount { get; }

        FcpStatus Check(ulong instance, ulong n);

        FcpStatus Commit(ulong instance, ulong n, int zone, int key, long now);

        void Retire(int zone, int key);
    }

    internal delegate ILanes MakeLanes(int lanesMax, int width);

    [Fact]
    public void Lanes_RandomFrames_EqualTheModel() => Seeded.Run(
        (int)Math.Max(12, Seeded.ModelOperations / 10 / Steps), static random => Assert.Null(FirstDifference(random, static (max, w) => new Product(max, w))));

    [Fact]
    public void Reimplementation_OfTheTest_IsRightBeforeItIsMutated() =>
        Seeded.Run(12, static random => Assert.Null(FirstDifference(random, static (max, w) => new LaneMutants.Plain(max, w))));

    [Theory]
    [MemberData(nameof(Mutants))]
    public void Mutant_OfTheLanesRules_IsKilledByTheModelTest(string name)
    {
        MakeLanes make = LaneMutants.All.Single(mutant => mutant.Name == name).Make;
        bool killed = Enumerable.Range(1, 12).Any(seed => FirstDifference(new Random(seed), make) is not null);
        Assert.True(killed, $"the model test does not notice the mutant '{name}'");
    }

    [Fact]
    public void Mutants_OfTheSpecification_AreAllThere()
    {
        // REPLAY §8 as far as it concerns lanes; the others belong to the rooms around them.
        string[] named = ["lane evicted without tombstone", "no second check in commit"];
        Assert.Empty(named.Except(LaneMutants.All.Select(static mutant => mutant.Name)));
    }

    /// <summary>Random frames of some instances, two zones and colliding key ids; the first step where table and model differ, or null.</summary>
    internal static string? FirstDifference(Random random, MakeLanes make)
    {
        int lanesMax = random.Next(1, 5), width = random.Next(2) == 0 ? 1 : 64;
        var model = new LaneModel(lanesMax, width);
        ILanes lanes = make(lanesMax, width);
        HashSet<(ulong, ulong)> acceptedEver = [];
        long now = 0;
        ulong newest = (ulong)lanesMax;
        for (int step = 0; step < Steps; step++)
        {
            now += random.Next(8) switch
            {
                0 => 0,
                1 when random.Next(6) == 0 => 600 * Instant.TicksPerSecond,
                2 when random.Next(6) == 0 => (600 * Instant.TicksPerSecond) - random.NextInt64(2 * Instant.TicksPerSecond),
                3 => random.Next(300) * Instant.TicksPerSecond,
                _ => random.Next(1000),
            };
            if (random.Next(200) == 0)
            {
                if (RetireKey(random.Next(2), random.Next(2), model, lanes) is { } wrong) return $"step {step}: {wrong}";
                continue;
            }

            newest += random.Next(20) == 0 ? 1ul : 0;
            ulong instance = newest - (ulong)random.Next((int)Math.Min(newest, random.Next(10) == 0 ? 60ul : (ulong)lanesMax + 1));
            int zone = random.Next(6) == 0 ? 1 : 0;
            ulong n = BiasedNumbers.Next(random, model.Open.FirstOrDefault(open => open.Instance == instance).Accepted, width, default);
            if (lanes.Check(instance, n) != model.Check(instance, n)) return $"step {step}: check of {instance}/{n} is not {model.Check(instance, n)}";
            if (random.Next(8) == 0) continue; // its verification failed: nothing may have changed
            FcpStatus expected = model.Judge(instance, n, now, out ulong[] mayRetire);
            FcpStatus found = lanes.Commit(instance, n, zone, random.Next(2), now, model, expected, mayRetire);
            if (found != expected) return $"step {step}: commit of {instance}/{n} is {found}, the model says {expected}";
            if (found == FcpStatus.Accepted && !acceptedEver.Add((instance, n))) return $"step {step}: {instance}/{n} was accepted twice";
            if (lanes.Count != model.Count) return $"step {step}: {lanes.Count} lanes, the model has {model.Count}";
            if (lanes.TombstoneCount != model.TombstoneCount) return $"step {step}: {lanes.TombstoneCount} tombstones, the model has {model.TombstoneCount}";
        }

        return null;
    }

    /// <summary>A key leaves its zone's ring: its lanes become tombstones, as many as there is room for.</summary>
    private static string? RetireKey(int zone, int key, LaneModel model, ILanes lanes)
    {
        ulong[] ofKey = model.OfKey(zone, key).ToArray();
        (ulong Instance, ulong Accepted)[] before = model.Open.ToArray();
        int expected = Math.Min(ofKey.Length, model.TombstonesLeft);
        lanes.Retire(zone, key);
        ulong[] gone = before.Where(open => lanes.Check(open.Instance, open.Accepted) == FcpStatus.Accepted).Select(static open => open.Instance).ToArray();
        foreach (ulong instance in gone) model.Retire(instance);
        return gone.Length != expected || gone.Except(ofKey).Any() ? $"{gone.Length} lanes left with the key, the model says {expected}" : null;
    }

    internal sealed class Product(int lanesMax, int width) : ILanes
    {
        private readonly LaneTable _table = new(lanesMax, width);

        public int Count => _table.Count;

        public int TombstoneCount => _table.TombstoneCount;

        public FcpStatus Check(ulong instance, ulong n) => _table.Check(new SenderInstanceId(instance), new FrameSeq(n), out _);

        public FcpStatus Commit(ulong instance, ulong n, int zone, int key, long now)
        {
            FcpStatus status = _table.Commit(new SenderInstanceId(instance), new FrameSeq(n), Zone(zone), Key(key), new Instant(now, 0), out Lane? lane);
            Assert.Equal(status == FcpStatus.Accepted, lane is not null);
            return status;
        }

        public void Retire(int zone, int key) => _table.Retire(Zone(zone), Key(key));

        private static ZoneIdHash Zone(int number) => new(new Bytes32((ulong)number, 0, 0, 0));

        private static ZoneKeyId Key(int number) => new(new Bytes8((ulong)number));
    }
}

/// <summary>A commit on both sides: where a lane has to make room, the model follows the table's choice if it is one of those allowed.</summary>
internal static class LaneSteps
{
    public static FcpStatus Commit(
        this LaneTableModelTests.ILanes lanes, ulong instance, ulong n, int zone, int key, long now, LaneModel model, FcpStatus expected, ulong[] mayRetire)
    {
        (ulong Instance, ulong Accepted)[] before = model.Open.ToArray();
        FcpStatus found = lanes.Commit(instance, n, zone, key, now);
        if (found != FcpStatus.Accepted || expected != FcpStatus.Accepted) return found;
        foreach ((ulong open, ulong accepted) in before)
        {
            if (mayRetire.Contains(open) && lanes.Check(open, accepted) == FcpStatus.Accepted) model.Retire(open);
        }

        model.Accept(instance, n, zone, key, now);
        return found;
    }
}
