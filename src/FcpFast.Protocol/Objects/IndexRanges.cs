using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>A set of numbers as ascending ranges that do not touch, bounded in how many ranges it may have.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Cost:    O(log ranges) to ask, O(ranges) to add.
/// Source:  [WIRE §16.9] (the field <c>done</c>).
/// </remarks>
public sealed class IndexRanges
{
    private readonly List<(ulong First, ulong Count)> _ranges = [];
    private readonly int _rangesMax;

    /// <summary>Makes an empty set of at most <paramref name="rangesMax"/> ranges.</summary>
    public IndexRanges(int rangesMax) => _rangesMax = rangesMax;

    /// <summary>The ranges, ascending.</summary>
    public IReadOnlyList<(ulong First, ulong Count)> Ranges => _ranges;

    /// <summary>How many numbers are in the set.</summary>
    public ulong Count { get; private set; }

    /// <summary>True if the number is in the set.</summary>
    public bool Contains(ulong index)
    {
        int at = LastStartingAtOrBefore(index);
        return at >= 0 && index - _ranges[at].First < _ranges[at].Count;
    }

    /// <summary>True if adding the number would not need a range too many.</summary>
    public bool HasRoomFor(ulong index)
    {
        if (_ranges.Count < _rangesMax || Contains(index)) return true;
        int at = LastStartingAtOrBefore(index);
        return (at >= 0 && _ranges[at].First + _ranges[at].Count == index) || (at + 1 < _ranges.Count && _ranges[at + 1].First == index + 1);
    }

    /// <summary>Adds one number; false if it is there already or there is no room for another range.</summary>
    public bool Add(ulong index)
    {
        if (Contains(index) || !HasRoomFor(index)) return false;
        int at = LastStartingAtOrBefore(index);
        bool joinsLeft = at >= 0 && _ranges[at].First + _ranges[at].Count == index;
        bool joinsRight = at + 1 < _ranges.Count && _ranges[at + 1].First == index + 1;
        if (joinsLeft && joinsRight)
        {
            _ranges[at] = (_ranges[at].First, _ranges[at].Count + 1 + _ranges[at + 1].Count);
            _ranges.RemoveAt(at + 1);
        }
        else if (joinsLeft)
        {
            _ranges[at] = (_ranges[at].First, _ranges[at].Count + 1);
        }
        else if (joinsRight)
        {
            _ranges[at + 1] = (index, _ranges[at + 1].Count + 1);
        }
        else
        {
            _ranges.Insert(at + 1, (index, 1));
        }

        Count++;
        return true;
    }

    /// <summary>Adds a range behind everything that is in the set.</summary>
    public void Append(ulong first, ulong count)
    {
        if (count == 0) ThrowHelper.BadArgument(nameof(count), "a range is not empty");
        if (_ranges.Count > 0)
        {
            (ulong lastFirst, ulong lastCount) = _ranges[^1];
            if (first < lastFirst + lastCount) ThrowHelper.BadArgument(nameof(first), "ranges ascend");
            if (first == lastFirst + lastCount)
            {
                _ranges[^1] = (lastFirst, lastCount + count);
                Count += count;
                return;
            }
        }

        _ranges.Add((first, count));
        Count += count;
    }

    /// <summary>Empties the set.</summary>
    public void Clear()
    {
        _ranges.Clear();
        Count = 0;
    }

    private int LastStartingAtOrBefore(ulong index)
    {
        int low = 0, high = _ranges.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].First <= index) low = middle + 1;
            else high = middle - 1;
        }

        return high;
    }
}
