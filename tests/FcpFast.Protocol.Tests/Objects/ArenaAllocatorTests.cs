using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §17]: the memory that chunks in assembly share is handed out once, whole, and given back.</summary>
public sealed class ArenaAllocatorTests
{
    private const int Page = ArenaAllocator.PageBytes;

    [Fact]
    public void Arena_RandomUse_NeverOverlapsAndFindsWhatThereIs() => Seeded.Run(100, static random =>
    {
        int pages = random.Next(1, 40);
        var arena = new ArenaAllocator(pages * Page);
        bool[] used = new bool[pages];
        var taken = new List<(int Offset, int Bytes)>();
        for (int step = 0; step < 400; step++)
        {
            if (random.Next(2) == 0 && taken.Count > 0)
            {
                (int offset, int bytes) = taken[random.Next(taken.Count)];
                taken.Remove((offset, bytes));
                arena.Free(offset, bytes);
                used.AsSpan(offset / Page, PagesOf(bytes)).Clear();
            }
            else
            {
                int bytes = random.Next(0, 8 * Page);
                bool fits = Enumerable.Range(0, pages).Any(first => first + PagesOf(bytes) <= pages && !used.AsSpan(first, PagesOf(bytes)).Contains(true));
                Assert.Equal(fits, arena.TryAllocate(bytes, out int offset)); // a run anywhere is found, wherever the last one was
                if (!fits) continue;
                Assert.Equal(0, offset % Page);
                Assert.False(used.AsSpan(offset / Page, PagesOf(bytes)).Contains(true));
                used.AsSpan(offset / Page, PagesOf(bytes)).Fill(true);
                taken.Add((offset, bytes));
            }

            Assert.Equal(used.Count(static page => page) * Page, arena.UsedBytes);
            Assert.Equal((pages * Page) - arena.UsedBytes, arena.FreeBytes);
        }

        static int PagesOf(int bytes) => Math.Max(1, (bytes + Page - 1) / Page);
    });

    [Fact]
    public void TryAllocate_WholeArenaAndOneByteMore_FitsAndDoesNot()
    {
        var arena = new ArenaAllocator(3 * Page);
        Assert.False(arena.TryAllocate((3 * Page) + 1, out _));
        Assert.False(arena.TryAllocate(int.MaxValue, out _));
        Assert.True(arena.TryAllocate(3 * Page, out int offset));
        Assert.Equal(0, offset);
        Assert.False(arena.TryAllocate(1, out _));
        arena.Free(0, 3 * Page);
        Assert.True(arena.TryAllocate(2 * Page, out _));
        Assert.True(arena.TryAllocate(1, out _)); // less than what did not fit still may
    }

    [Fact]
    public void Free_Twice_IsABrokenInvariant()
    {
        var arena = new ArenaAllocator(2 * Page);
        arena.TryAllocate(Page, out int offset);
        arena.Free(offset, Page);
        Assert.Throws<InvalidOperationException>(() => arena.Free(offset, Page));
        Assert.Throws<InvalidOperationException>(() => arena.Free(Page, Page));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4096)]
    [InlineData(4095)]
    [InlineData(4097)]
    public void Make_NoWholePages_IsTheCallersFault(int bytes) => Assert.Throws<ArgumentException>(() => new ArenaAllocator(bytes));
}
