using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace FcpFast.Bench.Micro;

/// <summary>How many bytes a frame of each step may allocate.</summary>
/// <remarks>Source: bench/baselines/allocation.json. Time is never asserted.</remarks>
internal static class AllocationCeilings
{
    private const string Name = "allocation.json";

    /// <summary>Reads the ceilings by step.</summary>
    public static IReadOnlyDictionary<string, double> Read()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "baselines", Name);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        var ceilings = new Dictionary<string, double>();
        foreach (JsonProperty step in document.RootElement.GetProperty("bytes_per_frame").EnumerateObject()) ceilings.Add(step.Name, step.Value.GetDouble());
        return ceilings;
    }
}
