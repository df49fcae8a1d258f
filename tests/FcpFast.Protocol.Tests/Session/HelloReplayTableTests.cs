using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[REPLAY §6.3], [REPLAY §8]: a pair is known for as long as its timestamp may be within the skew, and a full table forgets none.</summary>
public sealed class HelloReplayTableTests
{
    private const long Life = 242 * Instant.TicksPerSecond;

    public static TheoryData<string> Mutants => [.. AllMutants.Select(static mutant => mutant.Name)];

    private static IReadOnlyList<(string Name, Func<ITable> Make)> AllMutants { get; } =
    [
        ("handshake table forgetting by count", static () => new Plain { ForgetsByCount = true }),
        ("a full table lets everyone in", static () => new Plain { IsOpenWhenFull = true }),
        ("pairs are forgotten too soon", static () => new Plain { LifeTicks = Life - (2 * Instant.TicksPerSecond) }),
        ("pairs are kept for ever", static () => new Plain { LifeTicks = long.MaxValue / 2 }),
        ("a nonce is known whoever sent it", static () => new Plain { IgnoresFrom = true }),
        ("a pair counts anew each time it is seen", static () => new Plain { Refreshes = true }),
        ("no peer has a bound of its own", static () => new Plain { PerPeer = int.MaxValue }),
    ];

    /// <summary>What the comparison drives.</summary>
    internal interface ITable
    {
        FcpStatus Add(string from, int nonce, long now);
    }

    [Fact]
    public void Table_RandomHellosAroundItsBounds_EqualsTheModel() =>
        Seeded.Run(2, static random => Assert.Null(FirstDifference(random, static () => new Product())));

    [Fact]
    public void Reimplementation_OfTheTest_IsRightBeforeItIsMutated() =>
        Seeded.Run(1, static random => Assert.Null(FirstDifference(random, static () => new Plain())));

    [Theory]
    [MemberData(nameof(Mutants))]
    public void Mutant_OfTheTable_IsKilledByTheModelTest(string name)
    {
        Func<ITable> make = AllMutants.Single(mutant => mutant.Name == name).Make;
        Assert.True(FirstDifference(new Random(1), make) is not null, $"the model test does not notice the mutant '{name}'");
    }

    [Fact]
    public void Judge_OfAnyPair_AddsNone()
    {
        var table = new HelloReplayTable();
        for (int i = 0; i < 1000; i++) Assert.Equal(FcpStatus.Accepted, table.Judge(TestNodes.Node("a"), Nonce(1), TestNodes.Start));
        Assert.Equal(FcpStatus.Accepted, table.Add(TestNodes.Node("a"), Nonce(1), TestNodes.Start));
        Assert.Equal(FcpStatus.HelloReplayed, table.Judge(TestNodes.Node("a"), Nonce(1), TestNodes.Start));
    }

    [Fact]
    public void Add_OneNodesHellosWithoutEnd_LeavesTheRoomOfOthers()
    {
        var table = new HelloReplayTable();
        NodeId greedy = TestNodes.Node("greedy");
        for (int i = 0; i < HelloReplayTable.PairsPerPeerMax; i++) Assert.Equal(FcpStatus.Accepted, table.Add(greedy, Nonce(i), TestNodes.Start));
        Assert.Equal(FcpStatus.HelloBudgetExceeded, table.Add(greedy, Nonce(-1), TestNodes.Start));
        Assert.Equal(FcpStatus.HelloReplayed, table.Add(greedy, Nonce(0), TestNodes.Start)); // known is known
        Assert.Equal(FcpStatus.Accepted, table.Add(TestNodes.Node("modest"), Nonce(0), TestNodes.Start));
        Assert.Equal(FcpStatus.Accepted, table.Add(greedy, Nonce(-1), new Instant(TestNodes.Start.Ticks + Life, 0)));
    }

    [Fact]
    public void Bounds_OfTheTable_AreNamed()
    {
        Assert.Equal((65_536, 512), (HelloReplayTable.PairsMax, HelloReplayTable.PairsPerPeerMax));
        Assert.True(SessionRules.CookieRequiredTicks >= 2 * (long)SessionRules.SkewSecondsMax * Instant.TicksPerSecond);
    }

    /// <summary>Fills a table with 65,536 pairs of many nodes, with repeats, then lets time pass by the ends of their lives.</summary>
    private static string? FirstDifference(Random random, Func<ITable> make)
    {
        const int Filling = 80_000, Passing = 3_000;
        ITable table = make();
        var known = new HashSet<(string, int)>();
        var ofPeer = new Dictionary<string, int>();
        var inOrder = new Queue<(string From, int Nonce, long Ticks)>();
        var tried = new List<(string From, int Nonce)>();
        long now = 0;
        for (int step = 0; step < Filling + Passing; step++)
        {
            now += step < Filling ? random.Next(2_000) : random.Next(20) == 0 ? random.NextInt64(4 * Instant.TicksPerSecond) : 0;
            if (step >= Filling && inOrder.Count > 0 && random.Next(4) == 0) now = Math.Max(now, inOrder.Peek().Ticks + Life - random.Next(3));
            while (inOrder.TryPeek(out (string From, int Nonce, long Ticks) oldest) && now - oldest.Ticks >= Life)
            {
                inOrder.Dequeue();
                known.Remove((oldest.From, oldest.Nonce));
                ofPeer[oldest.From]--;
            }

            (string from, int nonce) = random.Next(step < Filling ? 20 : 4) switch
            {
                0 when tried.Count > 0 => tried[random.Next(tried.Count)],
                1 when inOrder.Count > 0 => (inOrder.Peek().From, inOrder.Peek().Nonce),
                2 when tried.Count > 0 => (tried[^1].From + "x", tried[^1].Nonce), // its nonce, from another node
                _ => (random.Next(60) == 0 ? "greedy" : $"node-{random.Next(160)}", step),
            };
            tried.Add((from, nonce));
            FcpStatus expected = known.Count >= 65_536 || known.Contains((from, nonce)) ? FcpStatus.HelloReplayed
                : ofPeer.GetValueOrDefault(from) >= 512 ? FcpStatus.HelloBudgetExceeded
                : FcpStatus.Accepted;
            FcpStatus found = table.Add(from, nonce, now);
            if (found != expected) return $"step {step}: {from}/{nonce} is {found}, not {expected} ({known.Count} known)";
            if (found != FcpStatus.Accepted) continue;
            known.Add((from, nonce));
            ofPeer[from] = ofPeer.GetValueOrDefault(from) + 1;
            inOrder.Enqueue((from, nonce, now));
        }

        return null;
    }

    private static byte[] Nonce(int number)
    {
        byte[] nonce = new byte[16];
        BitConverter.TryWriteBytes(nonce, number);
        return nonce;
    }

    private sealed class Product : ITable
    {
        private readonly HelloReplayTable _table = new();

        public FcpStatus Add(string from, int nonce, long now) => _table.Add(TestNodes.Node(from), Nonce(nonce), new Instant(now, 0));
    }

    /// <summary>The table a second time, with the ways of getting it wrong.</summary>
    private sealed class Plain : ITable
    {
        private readonly Dictionary<(string From, int Nonce), long> _until = [];
        private readonly Dictionary<string, int> _ofPeer = [];
        private readonly Queue<(string From, int Nonce)> _inOrder = new();

        public bool ForgetsByCount { get; init; }

        public bool IsOpenWhenFull { get; init; }

        public bool IgnoresFrom { get; init; }

        public bool Refreshes { get; init; }

        public long LifeTicks { get; init; } = Life;

        public int PerPeer { get; init; } = 512;

        public FcpStatus Add(string from, int nonce, long now)
        {
            while (_inOrder.TryPeek(out (string From, int Nonce) oldest) && _until[oldest] <= now) Forget();
            (string, int) pair = (IgnoresFrom ? "" : from, nonce);
            if (_until.ContainsKey(pair))
            {
                if (Refreshes) _until[pair] = now + LifeTicks;
                return FcpStatus.HelloReplayed;
            }

            if (_until.Count >= 65_536)
            {
                if (IsOpenWhenFull) return FcpStatus.Accepted;
                if (!ForgetsByCount) return FcpStatus.HelloReplayed;
                Forget();
            }

            if (_ofPeer.GetValueOrDefault(pair.Item1) >= PerPeer && !IgnoresFrom) return FcpStatus.HelloBudgetExceeded;
            _until[pair] = now + LifeTicks;
            _ofPeer[pair.Item1] = _ofPeer.GetValueOrDefault(pair.Item1) + 1;
            _inOrder.Enqueue(pair);
            return FcpStatus.Accepted;
        }

        private void Forget()
        {
            (string From, int Nonce) oldest = _inOrder.Dequeue();
            _until.Remove(oldest);
            _ofPeer[oldest.From]--;
        }
    }
}
