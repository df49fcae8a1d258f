using System;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>[REPLAY §6.1], [REPLAY §8]: S1, S8 and L3 of what a node opens, over seeded crash points, and the mutants that the test must tell apart.</summary>
public sealed class ContentCrashTests
{
    private const int Crashes = 10;
    private const int StepsToACrash = 30;

    public static TheoryData<string, RelayedReplayRule> Faults => new()
    {
        { nameof(StoreFault.AnswersBeforeTheFlush), RelayedReplayRule.Ceilings },
        { nameof(StoreFault.BelievesAFailedFlush), RelayedReplayRule.Ceilings },
        { nameof(StoreFault.RestartsEmpty), RelayedReplayRule.Ceilings },
        { nameof(StoreFault.ForgetsDirect), RelayedReplayRule.Ceilings },
        { nameof(StoreFault.AnswersBeforeTheFlush), RelayedReplayRule.EpochFence },
        { nameof(StoreFault.BelievesAFailedFlush), RelayedReplayRule.EpochFence },
        { nameof(StoreFault.RestartsEmpty), RelayedReplayRule.EpochFence },
        { nameof(StoreFault.FenceByClockAlone), RelayedReplayRule.EpochFence },
    };

    [Theory]
    [InlineData(RelayedReplayRule.Ceilings)]
    [InlineData(RelayedReplayRule.EpochFence)]
    public void Crash_AtAnyPoint_OpensNothingTwice(RelayedReplayRule rule) =>
        Seeded.Run((int)Math.Max(100, Seeded.ModelOperations / 1000), random => Assert.Null(Run(random, rule, StoreFault.None)));

    [Theory]
    [MemberData(nameof(Faults))]
    public void Mutant_OfDurability_IsKilled(string fault, RelayedReplayRule rule)
    {
        bool isKilled = Enumerable.Range(1, 200).Any(seed => Run(new Random(seed), rule, Enum.Parse<StoreFault>(fault)) is not null);
        Assert.True(isKilled, $"the crash test does not notice the mutant '{fault}'");
    }

    /// <summary>One life of a receiver with ten crashes; null, or what was wrong.</summary>
    private static string? Run(Random random, RelayedReplayRule rule, StoreFault fault)
    {
        var world = new DurableWorld(rule, fault);
        for (int crash = 0; crash <= Crashes; crash++)
        {
            for (int step = random.Next(StepsToACrash); step > 0; step--) Step(world, random);
            if (world.Fault is not null) return world.Fault;
            if (crash == Crashes) break;
            world.Crash(() => random.Next(2) == 0);
            if (random.Next(3) == 0) world.MoveClock(random.Next(-4, 5)); // clocks go backwards, too
        }

        return fault == StoreFault.None ? StillWorks(world, rule) : world.Fault;
    }

    private static void Step(DurableWorld world, Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                ContentStreamId next = world.NewStream(isDirect: random.Next(2) == 0);
                if (world.IsDirect(next) && random.Next(2) == 0) world.Expect(next);
                break;
            case <= 4 when world.Streams.Any():
                ContentStreamId[] streams = [.. world.Streams];
                ContentStreamId stream = streams[random.Next(streams.Length)];
                bool isBody = random.Next(3) == 0;
                world.Seal(stream, isBody, world.Highest(stream, isBody) + (ulong)random.Next(1, random.Next(20) == 0 ? 12 : 3));
                if (random.Next(4) > 0) world.Deliver(world.Sealed[^1], world.IsDirect(stream));
                break;
            case <= 7 when world.Sealed.Count > 0:
                (ContentStreamId Stream, bool, ulong, EpochId) any = world.Sealed[random.Next(world.Sealed.Count)];
                world.Deliver(any, isDirect: world.IsDirect(any.Stream) && random.Next(2) == 0);
                break;
            case <= 9:
                world.Flush(fails: random.Next(4) == 0);
                break;
            case 10:
                world.TakeDurable();
                foreach (ContentStreamId announced in world.Streams.Where(world.IsDirect).Take(2).ToArray()) world.Expect(announced); // said again
                break;
            case 11 when random.Next(4) == 0:
                world.MoveClock(1);
                break;
        }
    }

    /// <summary>[REPLAY §8], L3: what is left of every stream is taken again after at most a step, or two epochs.</summary>
    private static string? StillWorks(DurableWorld world, RelayedReplayRule rule)
    {
        ulong latest = world.Sealed.Select(static frame => frame.Epoch.Value).DefaultIfEmpty(world.Epoch.Value).Max(); // the clock may have been set back far below it
        if (rule == RelayedReplayRule.EpochFence) world.MoveClock((long)(Math.Max(latest, world.Epoch.Value) - world.Epoch.Value) + 20);
        foreach (ContentStreamId stream in world.Streams.ToArray())
        {
            foreach (bool isBody in (bool[])[false, true])
            {
                ulong step = isBody ? DurableWorld.BodiesStep : DurableWorld.SymbolsStep;
                world.Seal(stream, isBody, world.Highest(stream, isBody) + step + 1);
                FcpStatus status = world.Deliver(world.Sealed[^1], world.IsDirect(stream));
                for (int retry = 0; retry < 2 && status == FcpStatus.ReplayNotDurable; retry++)
                {
                    world.Flush();
                    status = world.Deliver(world.Sealed[^1], world.IsDirect(stream));
                }

                if (status != FcpStatus.Accepted) return $"a step ahead of all that came, {stream.Instance} is refused: {status} (L3)";
            }
        }

        return world.Fault;
    }
}
