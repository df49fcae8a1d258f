using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>Hands out runs of pages of one block of memory.</summary>
/// <remarks>
/// Shape:   next fit over pages of 4 KiB; knows offsets only, the memory is its owner's.
/// Threads: one user at a time.
/// Cost:    O(pages asked for) as a rule, O(all pages) when the memory is nearly full; where nothing fits, once until something is given back,
///          however often a sender's symbols ask. No allocation.
/// </remarks>
public sealed class ArenaAllocator
{
    /// <summary>The unit of allocation.</summary>
    public const int PageBytes = 4 * 1024;

    private readonly bool[] _used;
    private int _cursor;
    private int _pagesThatDoNotFit = int.MaxValue;

    /// <summary>Makes an allocator over <paramref name="arenaBytes"/>, a multiple of the page size.</summary>
    public ArenaAllocator(int arenaBytes)
    {
        if (arenaBytes < PageBytes || arenaBytes % PageBytes != 0) ThrowHelper.BadArgument(nameof(arenaBytes), "a positive multiple of 4,096");
        _used = new bool[arenaBytes / PageBytes];
    }

    /// <summary>Bytes not handed out.</summary>
    public int FreeBytes => (_used.Length * PageBytes) - UsedBytes;

    /// <summary>Bytes handed out.</summary>
    public int UsedBytes { get; private set; }

    /// <summary>Takes room for <paramref name="bytes"/>; false if there is no run of pages long enough.</summary>
    public bool TryAllocate(int bytes, out int offset)
    {
        int pages = Pages(bytes);
        offset = 0;
        if (pages >= _pagesThatDoNotFit) return false; // looked for before, and only taken from since
        if (!TryFind(_cursor, _used.Length, pages, out int first) && !TryFind(0, Math.Min(_used.Length, _cursor + pages), pages, out first))
        {
            _pagesThatDoNotFit = pages;
            return false;
        }

        _used.AsSpan(first, pages).Fill(true);
        UsedBytes += pages * PageBytes;
        _cursor = first + pages;
        offset = first * PageBytes;
        return true;
    }

    /// <summary>Gives back what <see cref="TryAllocate"/> gave.</summary>
    public void Free(int offset, int bytes)
    {
        int pages = Pages(bytes), first = offset / PageBytes;
        Invariant.Require(!_used.AsSpan(first, pages).Contains(false), "memory is given back once");
        _used.AsSpan(first, pages).Clear();
        UsedBytes -= pages * PageBytes;
        _pagesThatDoNotFit = int.MaxValue;
    }

    private static int Pages(int bytes) => Math.Max(1, (int)(((long)bytes + PageBytes - 1) / PageBytes));

    private bool TryFind(int from, int to, int pages, out int first)
    {
        first = from;
        for (int page = from; page < to; page++)
        {
            if (_used[page]) first = page + 1;
            else if (page + 1 - first == pages) return true;
        }

        return false;
    }
}
