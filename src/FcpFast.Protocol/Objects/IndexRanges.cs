using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>A set of segment numbers as ascending ranges that do not touch, bounded in how many ranges it may have.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Cost:    O(log ranges) to ask, O(ranges) to add; allocates only while it grows.
/// Source:  [WIRE §16.9] (the field <c>done</c>).
/// </remarks>
public sealed class IndexRanges
{
    private readonly int _rangesMax;
    private SegmentRange[] _ranges = new SegmentRange[8];
    private int _count;

    /// <summary>Makes an empty set of at most <paramref name="rangesMax"/> ranges.</summary>
    public IndexRanges(int rangesMax) => _rangesMax = rangesMax;

    /// <summary>The ranges, ascending; valid until the next change.</summary>
    public ReadOnlySpan<SegmentRange> Ranges => _ranges.AsSpan(0, _count);

    /// <summary>How many numbers are in the set.</summary>
    public ulong Count { get; private set; }

    /// <summary>The first number that is not in the set.</summary>
    public ulong FirstAbsent => _count > 0 && _ranges[0].First == 0 ? _ranges[0].Count : 0;

    /// <summary>True if the number is in the set.</summary>
    public bool Contains(ulong index)
    {
        int at = LastStartingAtOrBefore(index);
        return at >= 0 && index - _ranges[at].First < _ranges[at].Count;
    }

    /// <summary>True if adding the number would not need a range too many.</summary>
    public bool HasRoomFor(ulong index) =>
        _count < _rangesMax || Contains(index) || TouchesLeft(LastStartingAtOrBefore(index), index) || TouchesRight(LastStartingAtOrBefore(index), index);

    /// <summary>Adds one number; false if it is there already or there is no room for another range.</summary>
    public bool Add(ulong index)
    {
        if (Contains(index) || !HasRoomFor(index)) return false;
        int at = LastStartingAtOrBefore(index);
        bool left = TouchesLeft(at, index), right = TouchesRight(at, index);
        Count++;
        if (left && right)
        {
            _ranges[at] = new SegmentRange(_ranges[at].First, _ranges[at].Count + 1 + _ranges[at + 1].Count);
            _ranges.AsSpan(at + 2, _count - at - 2).CopyTo(_ranges.AsSpan(at + 1));
            _count--;
        }
        else if (left)
        {
            _ranges[at] = _ranges[at] with { Count = _ranges[at].Count + 1 };
        }
        else if (right)
        {
            _ranges[at + 1] = new SegmentRange(index, _ranges[at + 1].Count + 1);
        }
        else
        {
            Insert(at + 1, new SegmentRange(index, 1));
        }

        return true;
    }

    /// <summary>Adds a range behind everything that is in the set; its end is below 2^64.</summary>
    public void Append(SegmentRange range)
    {
        if (range.Count == 0 || range.Count > ulong.MaxValue - range.First) ThrowHelper.BadArgument(nameof(range), "a range is not empty and ends below 2^64");
        if (_count > 0)
        {
            SegmentRange last = _ranges[_count - 1];
            if (range.First < last.First + last.Count) ThrowHelper.BadArgument(nameof(range), "ranges ascend");
            if (range.First == last.First + last.Count)
            {
                _ranges[_count - 1] = last with { Count = last.Count + range.Count };
                Count += range.Count;
                return;
            }
        }

        Insert(_count, range);
        Count += range.Count;
    }

    /// <summary>Takes the largest number out of the set, which is not empty.</summary>
    public ulong TakeLast()
    {
        if (_count == 0) ThrowHelper.BadState("the set is empty");
        SegmentRange last = _ranges[_count - 1];
        if (last.Count == 1) _count--;
        else _ranges[_count - 1] = last with { Count = last.Count - 1 };
        Count--;
        return last.First + last.Count - 1;
    }

    /// <summary>Empties the set.</summary>
    public void Clear()
    {
        _count = 0;
        Count = 0;
    }

    private void Insert(int at, SegmentRange range)
    {
        if (_count == _ranges.Length) Array.Resize(ref _ranges, 2 * _count);
        _ranges.AsSpan(at, _count - at).CopyTo(_ranges.AsSpan(at + 1));
        _ranges[at] = range;
        _count++;
    }

    private bool TouchesLeft(int at, ulong index) => at >= 0 && index - _ranges[at].First == _ranges[at].Count;

    private bool TouchesRight(int at, ulong index) => at + 1 < _count && _ranges[at + 1].First - index == 1;

    private int LastStartingAtOrBefore(ulong index)
    {
        int low = 0, high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].First <= index) low = middle + 1;
            else high = middle - 1;
        }

        return high;
    }
}
