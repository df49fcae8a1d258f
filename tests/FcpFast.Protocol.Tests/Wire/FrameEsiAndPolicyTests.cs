using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Wire;

/// <summary>[WIRE §4.3] F9, [REPLAY §2.3] (D3), and [WIRE §4.4]: what a codec accepts and the data plane does not.</summary>
public sealed class FrameEsiAndPolicyTests
{
    private static readonly Random Fixed = new(12);

    [Fact]
    public void CheckEsis_EveryOrderOfFour_FindsTheDuplicate()
    {
        foreach (uint[] esis in Permutations([0, 1, 2, 3])) Assert.Equal(FcpStatus.Accepted, Esis(esis));
        foreach (uint[] esis in Permutations([0, 1, 2, 2])) Assert.Equal(FcpStatus.DuplicateEsi, Esis(esis));
        foreach (uint[] esis in Permutations([5, 0, uint.MaxValue, uint.MaxValue])) Assert.Equal(FcpStatus.DuplicateEsi, Esis(esis));
        foreach (uint[] esis in Permutations([0, 0, 7, 9])) Assert.Equal(FcpStatus.DuplicateEsi, Esis(esis));
    }

    [Fact]
    public void CheckEsis_RandomCountsAndOrders_EqualsTheSetModel() => Seeded.Run(400, static random =>
    {
        int count = random.Next(8) == 0 ? random.Next(250, 600) : random.Next(1, 40); // more than 256 only where no policy was asked for
        uint range = (uint)random.Next(count, (count * count) + 2);
        uint[] esis = Enumerable.Range(0, count).Select(_ => (uint)random.NextInt64(range)).ToArray();
        if (random.Next(2) == 0) esis = [.. esis.Distinct()];
        if (random.Next(3) == 0) Array.Sort(esis);
        if (random.Next(3) == 0) Array.Reverse(esis);
        bool distinct = new HashSet<uint>(esis).Count == esis.Length;
        Assert.Equal(distinct ? FcpStatus.Accepted : FcpStatus.DuplicateEsi, Esis(esis));
    });

    [Fact]
    public void CheckEsis_DuplicateAtEveryPairOfPlaces_IsFound()
    {
        for (int first = 0; first < 20; first++)
        {
            for (int second = first + 1; second < 20; second++)
            {
                uint[] esis = Enumerable.Range(0, 20).Select(static i => (uint)i).ToArray();
                esis[second] = esis[first];
                Assert.Equal(FcpStatus.DuplicateEsi, Esis(esis));
            }
        }
    }

    [Fact]
    public void CheckPolicy_CountAndSizeBorders_AreTheLimits()
    {
        Assert.Equal(FcpStatus.Accepted, Policy(WireSamples.Frame(Fixed, 256, Ascending(256))));
        Assert.Equal(FcpStatus.TooManySymbols, Policy(WireSamples.Frame(Fixed, 256, Ascending(257))));
        Assert.Equal(FcpStatus.SymbolSizeOutOfRange, Policy(WireSamples.Frame(Fixed, 255, [1])));
        Assert.Equal(FcpStatus.Accepted, Policy(WireSamples.Frame(Fixed, 16_384, [1])));
        Assert.Equal(FcpStatus.SymbolSizeOutOfRange, Policy(WireSamples.Frame(Fixed, 16_385, [1])));
        Assert.Equal(FcpStatus.Accepted, Policy(WireSamples.Frame(Fixed, 16_352, Ascending(256)))); // 114 + 256 * 16,374 < 4 MiB
        Assert.Equal(FcpStatus.ExceedsMtu, Policy(WireSamples.Frame(Fixed, 16_384, Ascending(256)))); // 4,199,538 > 4 MiB
        Assert.Equal(FcpStatus.NoSymbols, Policy(WireSamples.Header(Fixed, 1024, 0)));
    }

    [Fact]
    public void CheckPolicy_RecordsAndFlags_HaveTheirNames()
    {
        Assert.Equal(FcpStatus.NotEncrypted, Policy(WireSamples.Frame(Fixed, 256, [1], flags: 0x0400)));
        Assert.Equal(FcpStatus.NotEncrypted, Policy(WireSamples.Frame(Fixed, 256, [1], flags: 0x0fff & ~0x0004)));
        Assert.Equal(FcpStatus.Accepted, Policy(WireSamples.Frame(Fixed, 256, [1], flags: 0x0fff)));
        Assert.Equal(FcpStatus.Accepted, Policy(WireSamples.Frame(Fixed, 256, [(1 << 24) - 1])));
        Assert.Equal(FcpStatus.InvalidEsi, Policy(WireSamples.Frame(Fixed, 256, [1 << 24])));
        Assert.Equal(FcpStatus.InvalidEsi, Policy(WireSamples.Frame(Fixed, 256, [1, 2, uint.MaxValue])));
        Assert.Equal(FcpStatus.InvalidK, Policy(WireSamples.Frame(Fixed, 256, [1], k: 0)));
        Assert.Equal(FcpStatus.Accepted, Policy(WireSamples.Frame(Fixed, 256, [1], k: ushort.MaxValue)));
        byte[] frame = WireSamples.Frame(Fixed, 256, [1, 2, 3]);
        for (int record = 0; record < 3; record++)
        {
            Assert.Equal(FcpStatus.InvalidK, Policy(frame.With(114 + (record * 278) + 4, 8, 2)));
        }
    }

    [Fact]
    public void CheckPolicy_TwoRulesBroken_GivesTheEarlierName()
    {
        (FcpStatus Name, Func<byte[], byte[]> Break)[] rules =
        [
            (FcpStatus.TooManySymbols, static _ => WireSamples.Frame(Fixed, 255, [.. Ascending(257).Select(static esi => esi | (1u << 24))], 0, 0)),
            (FcpStatus.SymbolSizeOutOfRange, static _ => WireSamples.Frame(Fixed, 255, [1 << 24], 0, 0)),
            (FcpStatus.NotEncrypted, static _ => WireSamples.Frame(Fixed, 256, [1 << 24], 0, 0)),
            (FcpStatus.InvalidEsi, static _ => WireSamples.Frame(Fixed, 256, [1 << 24], 0)),
        ];
        Assert.All(rules, static rule => Assert.Equal(rule.Name, Policy(rule.Break([]))));
        Assert.Equal(FcpStatus.SymbolSizeOutOfRange, Policy(WireSamples.Header(Fixed, 255, 0, 0)));
        Assert.Equal(FcpStatus.NoSymbols, Policy(WireSamples.Header(Fixed, 256, 0, 0)));
    }

    [Theory] // [WIRE §8]: flags 0x0800, its echo 0x0808, no symbols
    [InlineData(0x0800, true)]
    [InlineData(0x0808, true)]
    [InlineData(0x0804, false)]
    [InlineData(0x0c04, false)]
    [InlineData(0x0008, false)]
    [InlineData(0x0000, false)]
    [InlineData(0x0900, false)]
    public void IsProbe_FlagsOfFramesWithoutSymbols_AreExemptExactlyThen(ushort flags, bool probe)
    {
        byte[] frame = WireSamples.Header(Fixed, 256, 0, flags);
        Assert.Equal(FcpStatus.Accepted, FrameView.Parse(frame, 200, out FrameView view));
        Assert.Equal(probe, view.IsProbe);
        Assert.Equal(probe ? FcpStatus.Accepted : FcpStatus.NoSymbols, view.CheckPolicy());
        FrameView.Parse(WireSamples.Frame(Fixed, 256, [1], flags: flags), 1000, out view);
        Assert.False(view.IsProbe); // with a symbol it is none
        Assert.Equal((flags & 4) != 0 ? FcpStatus.Accepted : FcpStatus.NotEncrypted, view.CheckPolicy());
    }

    [Fact]
    public void CheckPolicy_ProbeOfAnImpossibleSymbolSize_IsRefused()
    {
        FrameView.Parse(WireSamples.Header(Fixed, 1, 0, 0x0800), 200, out FrameView view);
        Assert.True(view.IsProbe);
        Assert.Equal(FcpStatus.SymbolSizeOutOfRange, view.CheckPolicy());
    }

    private static uint[] Ascending(int count) => Enumerable.Range(0, count).Select(static i => (uint)i).ToArray();

    private static FcpStatus Esis(uint[] esis)
    {
        byte[] frame = WireSamples.Frame(Fixed, 1, esis);
        Assert.Equal(FcpStatus.Accepted, FrameView.Parse(frame, frame.Length, out FrameView view));
        return view.CheckEsis();
    }

    private static FcpStatus Policy(byte[] frame)
    {
        Assert.Equal(FcpStatus.Accepted, FrameView.Parse(frame, frame.Length, out FrameView view));
        return view.CheckPolicy();
    }

    private static IEnumerable<uint[]> Permutations(uint[] items)
    {
        if (items.Length == 0)
        {
            yield return [];
            yield break;
        }

        for (int i = 0; i < items.Length; i++)
        {
            foreach (uint[] rest in Permutations([.. items[..i], .. items[(i + 1)..]])) yield return [items[i], .. rest];
        }
    }
}
