using System;
using System.Runtime.CompilerServices;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Session;

/// <summary>The suites of a Hello, in the initiator's order; at most 8, held by value.</summary>
public struct SuiteList
{
    private Items _items;
    private byte _count;

    /// <summary>Makes a list; entries beyond 8 are the caller's fault.</summary>
    public SuiteList(ReadOnlySpan<MacSuite> suites)
    {
        foreach (MacSuite suite in suites) Add(suite);
    }

    /// <summary>How many suites.</summary>
    public readonly int Count => _count;

    /// <summary>The suite at a place.</summary>
    public readonly MacSuite this[int index] => _items[index];

    /// <summary>True if the suite is in the list.</summary>
    public readonly bool Contains(MacSuite suite)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_items[i] == suite) return true;
        }

        return false;
    }

    /// <summary>Copies the suites and returns how many.</summary>
    public readonly int CopyTo(Span<MacSuite> destination)
    {
        for (int i = 0; i < _count; i++) destination[i] = _items[i];
        return _count;
    }

    internal void Add(MacSuite suite)
    {
        _items[_count] = suite;
        _count++;
    }

    [InlineArray(SessionRules.SuitesMax)]
    private struct Items
    {
        private MacSuite _first;
    }
}
