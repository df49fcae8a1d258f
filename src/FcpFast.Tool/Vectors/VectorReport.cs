using System.Collections.Generic;
using System.Linq;

namespace FcpFast.Tool.Vectors;

/// <summary>What a check has found, by family.</summary>
internal sealed class VectorReport
{
    private readonly SortedDictionary<string, VectorFamilyReport> _families = new(System.StringComparer.Ordinal);

    public IReadOnlyDictionary<string, VectorFamilyReport> Families => _families;

    /// <summary>Files and folders that could not be judged, and why.</summary>
    public List<(string File, string Reason)> Unjudged { get; } = [];

    /// <summary>True if every case was judged and as expected, or is one that a later issue owns.</summary>
    public bool IsClean =>
        Unjudged.Count == 0 && _families.Values.All(static family => family.Failures.Count == 0 && family.Unknown.Count == 0);

    public VectorFamilyReport Family(string name)
    {
        if (!_families.TryGetValue(name, out VectorFamilyReport? family)) _families[name] = family = new VectorFamilyReport();
        return family;
    }
}
