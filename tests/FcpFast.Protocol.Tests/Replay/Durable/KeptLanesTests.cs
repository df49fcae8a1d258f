using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>
/// [REPLAY §6.2], [REPLAY §8]: mode M1 in every course of events of a small model (width 3, seven numbers, two crashes), and over seeded crash
/// points of several lanes; and the mutants that both must tell apart.
/// </summary>
public sealed class KeptLanesTests
{
    private const int StatesMax = 400_000;
    private const ulong Numbers = 7;
    private const int CrashesMax = 2;

    public static TheoryData<ulong> Origins => [1, 61, (1ul << 63) - 3, ulong.MaxValue - 6];

    [Theory]
    [MemberData(nameof(Origins))]
    public void EveryCourse_OfOneKeptLane_KeepsTheProperties(ulong origin)
    {
        Explorer<Small> explorer = Explore(origin, StoreFault.None);
        Assert.Null(explorer.FirstFault(StatesMax));
        Assert.InRange(explorer.States, 500, StatesMax); // it has explored something
    }

    [Theory]
    [InlineData(nameof(StoreFault.AnswersBeforeTheFlush))] // delivery before the ceiling is durable
    [InlineData(nameof(StoreFault.RestartsEmpty))] // window emptied on restart
    [InlineData(nameof(StoreFault.BelievesAFailedFlush))] // failed flush retried and believed
    [InlineData(nameof(StoreFault.HasNoCeilings))]
    [InlineData(nameof(StoreFault.StoresTheSessionFirst))]
    [InlineData(nameof(StoreFault.ForgetsRetiredLanes))] // lane evicted without tombstone
    public void Mutant_OfKeptLanes_IsFoundInTheSmallModel(string fault) =>
        Assert.NotNull(Explore(1, Enum.Parse<StoreFault>(fault)).FirstFault(StatesMax));

    [Fact]
    public void Crash_AtAnyPoint_AcceptsNothingTwice() =>
        Seeded.Run((int)Math.Max(100, Seeded.ModelOperations / 1000), random => Assert.Null(Run(random, StoreFault.None)));

    [Theory]
    [InlineData(nameof(StoreFault.AnswersBeforeTheFlush))]
    [InlineData(nameof(StoreFault.RestartsEmpty))]
    [InlineData(nameof(StoreFault.BelievesAFailedFlush))]
    [InlineData(nameof(StoreFault.HasNoCeilings))]
    [InlineData(nameof(StoreFault.StoresTheSessionFirst))]
    [InlineData(nameof(StoreFault.ForgetsRetiredLanes))]
    public void Mutant_OfKeptLanes_IsKilledByCrashes(string fault) => Assert.True(
        Enumerable.Range(1, 500).Any(seed => Run(new Random(seed), Enum.Parse<StoreFault>(fault)) is not null),
        $"the crash test does not notice the mutant '{fault}'");

    private static Explorer<Small> Explore(ulong origin, StoreFault fault)
    {
        List<(string, Func<Small, bool>)> actions = [];
        for (ulong i = 0; i < Numbers; i++)
        {
            ulong n = origin + i;
            actions.Add(($"{n} arrives", small => small.Do(world => world.Deliver(1, n))));
        }

        actions.Add(("keep", static small => small.World.Keep()));
        actions.Add(("retire", static small => small.Retire()));
        actions.Add(("flush", static small => small.Flush(fails: false)));
        actions.Add(("failed flush", static small => small.Flush(fails: true)));
        actions.Add(("crash, the cache is lost", static small => small.Crash(static _ => false)));
        actions.Add(("crash, the cache was written", static small => small.Crash(static _ => true)));
        actions.Add(("crash, the first piece was written", static small => small.Crash(static piece => piece == 0)));
        actions.Add(("crash, all but the first were written", static small => small.Crash(static piece => piece > 0)));
        return new Explorer<Small>(() => new Small(origin, fault), actions, static small => small.State, static small => small.World.Fault);
    }

    /// <summary>One life of a receiver with some crashes, over several lanes; null, or what was wrong.</summary>
    private static string? Run(Random random, StoreFault fault)
    {
        var world = new KeptWorld(fault);
        for (int crash = 0; crash <= 8 && world is { IsOver: false, Fault: null }; crash++)
        {
            for (int step = random.Next(30); step > 0; step--) Step(world, random);
            if (crash == 8) break;
            world.Crash(() => random.Next(2) == 0);
        }

        return fault == StoreFault.None && !world.IsOver ? StillWorks(world) : world.Fault;
    }

    private static void Step(KeptWorld world, Random random)
    {
        ulong instance = (ulong)random.Next(1, 5);
        switch (random.Next(14))
        {
            case <= 4:
                world.Deliver(instance, world.Highest(instance) + (ulong)random.Next(1, random.Next(10) == 0 ? 20 : 3));
                break;
            case <= 7:
                world.Deliver(instance, (ulong)random.Next(0, (int)world.Highest(instance) + 2));
                break;
            case <= 9:
                world.Flush(fails: random.Next(4) == 0);
                break;
            case 10:
                world.TakeDurable();
                break;
            case 11:
                world.Keep();
                break;
            case 12:
                world.Expect(instance);
                break;
            case 13 when random.Next(8) == 0:
                world.Retire();
                break;
        }
    }

    /// <summary>[REPLAY §8], L3: the first number above the ceiling of a lane is taken, as soon as the disk has kept up.</summary>
    private static string? StillWorks(KeptWorld world)
    {
        world.Flush(fails: false);
        foreach (ulong instance in world.Instances.ToArray())
        {
            ulong ceiling = world.Store.CeilingOf(new SenderInstanceId(instance));
            if (ceiling == LaneRecord.Retired) continue;
            ulong n = Math.Max(world.Highest(instance), ceiling) + 1;
            FcpStatus status = world.Deliver(instance, n);
            for (int retry = 0; retry < 2 && status == FcpStatus.ReplayNotDurable; retry++)
            {
                world.Flush(fails: false);
                status = world.Deliver(instance, n);
            }

            if (status is not (FcpStatus.Accepted or FcpStatus.ReplayRetired)) return $"above its ceiling and all that counted, {instance} is refused: {status} (L3)";
        }

        return world.Fault;
    }

    private sealed class Small(ulong origin, StoreFault fault)
    {
        private int _crashes;
        private int _retirements;

        public KeptWorld World { get; } = new(fault);

        public string State => $"{World.StateOf(1, Enumerable.Range(0, (int)Numbers).Select(i => origin + (ulong)i))} {_crashes} {_retirements}";

        public bool Do(Action<KeptWorld> act)
        {
            if (World.IsOver) return false;
            act(World);
            return true;
        }

        public bool Retire() => _retirements++ == 0 && Do(static world => world.Retire());

        public bool Flush(bool fails) => World.Store.Unflushed > 0 && Do(world => world.Flush(fails));

        public bool Crash(Func<int, bool> keeps)
        {
            int piece = 0;
            return _crashes++ < CrashesMax && Do(world => world.Crash(() => keeps(piece++)));
        }
    }
}
