using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9] (the field <c>done</c>): a set of segments as ranges that ascend and do not touch.</summary>
public sealed class IndexRangesTests
{
    [Fact]
    public void Ranges_RandomUse_EqualASet() => Seeded.Run(300, static random =>
    {
        int most = random.Next(1, 10);
        ulong origin = random.Next(3) switch { 0 => 0, 1 => ulong.MaxValue - 60, _ => 1ul << 40 };
        var ranges = new IndexRanges(most);
        var set = new HashSet<ulong>();
        for (int step = 0; step < 200; step++)
        {
            if (random.Next(60) == 0)
            {
                ranges.Clear();
                set.Clear();
            }

            if (random.Next(10) == 0 && origin < ulong.MaxValue / 2)
            {
                ulong first = (set.Count == 0 ? origin : set.Max() + 1) + (ulong)random.Next(3), count = (ulong)random.Next(1, 4);
                ranges.Append(new SegmentRange(first, count)); // what a store or a status tells is not bounded here, but by its reader
                for (ulong i = 0; i < count; i++) set.Add(first + i);
            }

            ulong index = origin + (ulong)random.Next(60);
            SegmentRange[] before = Expected(set);
            bool fits = before.Length < most || set.Contains(index) || set.Contains(unchecked(index - 1)) || set.Contains(unchecked(index + 1));
            Assert.Equal(fits, ranges.HasRoomFor(index));
            bool adds = fits && !set.Contains(index);
            Assert.Equal(adds, ranges.Add(index));
            if (adds) set.Add(index);
            Assert.Equal(Expected(set), ranges.Ranges.ToArray());
            Assert.Equal((ulong)set.Count, ranges.Count);
            for (ulong i = 0; i < 60; i++) Assert.Equal(set.Contains(origin + i), ranges.Contains(origin + i));
            ulong absent = 0;
            while (set.Contains(absent)) absent++;
            Assert.Equal(absent, ranges.FirstAbsent);
        }
    });

    [Fact]
    public void Contains_AtTheEndsOfAllNumbers_IsRight()
    {
        var ranges = new IndexRanges(4);
        Assert.True(ranges.Add(ulong.MaxValue));
        Assert.True(ranges.Add(0));
        Assert.True(ranges.Contains(ulong.MaxValue));
        Assert.False(ranges.Contains(ulong.MaxValue - 1));
        Assert.False(ranges.Contains(1));
        Assert.Equal(2, ranges.Ranges.Length); // the last and the first do not touch
    }

    [Fact]
    public void Append_RangesThatTouch_AreOne()
    {
        var ranges = new IndexRanges(4);
        ranges.Append(new SegmentRange(3, 2));
        ranges.Append(new SegmentRange(5, 1));
        ranges.Append(new SegmentRange(9, 4));
        Assert.Equal([new SegmentRange(3, 3), new SegmentRange(9, 4)], ranges.Ranges.ToArray());
        Assert.Equal(7ul, ranges.Count);
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(0, 1)]
    [InlineData(ulong.MaxValue, 1)]
    public void Append_WhatDoesNotAscendOrHasNoEnd_IsTheCallersFault(ulong first, ulong count)
    {
        var ranges = new IndexRanges(4);
        ranges.Append(new SegmentRange(3, 2));
        Assert.Throws<ArgumentException>(() => ranges.Append(new SegmentRange(first, count)));
    }

    private static SegmentRange[] Expected(HashSet<ulong> set)
    {
        var ranges = new List<SegmentRange>();
        foreach (ulong index in set.Order())
        {
            if (ranges.Count > 0 && index - ranges[^1].First == ranges[^1].Count) ranges[^1] = ranges[^1] with { Count = ranges[^1].Count + 1 };
            else ranges.Add(new SegmentRange(index, 1));
        }

        return [.. ranges];
    }
}
