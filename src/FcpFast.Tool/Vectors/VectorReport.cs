using System.Collections.Generic;

namespace FcpFast.Tool.Vectors;

/// <summary>What a check has found, by family.</summary>
internal sealed class VectorReport
{
    private readonly SortedDictionary<string, VectorFamilyReport> _families = [];

    public IReadOnlyDictionary<string, VectorFamilyReport> Families => _families;

    /// <summary>Files that are no vector files of a known form, and why.</summary>
    public List<string> UnreadableFiles { get; } = [];

    public VectorFamilyReport Family(string name)
    {
        if (!_families.TryGetValue(name, out VectorFamilyReport? family)) _families[name] = family = new VectorFamilyReport();
        return family;
    }
}
