using System;
using System.Collections.Generic;

namespace FcpFast.Tool.Vectors;

/// <summary>The counts of one family.</summary>
internal sealed class VectorFamilyReport
{
    public int Passed { get; set; }

    /// <summary>Name and reason of each failure.</summary>
    public List<(string Name, string Reason)> Failures { get; } = [];

    /// <summary>Cases of ops that a later issue owns, by op.</summary>
    public SortedDictionary<string, int> NotYet { get; } = new(StringComparer.Ordinal);

    /// <summary>Cases of ops that nobody knows, by op.</summary>
    public SortedDictionary<string, int> Unknown { get; } = new(StringComparer.Ordinal);

    public static void Count(SortedDictionary<string, int> counts, string op) => counts[op] = counts.GetValueOrDefault(op) + 1;
}
