using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>What was found of one subject.</summary>
/// <param name="Name">The subject.</param>
/// <param name="IsPlanted">True if the leak was put there.</param>
/// <param name="Statistics">t of each round that was needed.</param>
/// <param name="IsLeak">True if every round found a difference, always in the same direction.</param>
internal sealed record LeakFinding(string Name, bool IsPlanted, IReadOnlyList<double> Statistics, bool IsLeak)
{
    /// <summary>True if this is as it must be: a planted leak found, and no other.</summary>
    public bool IsGood => IsLeak == IsPlanted;

    /// <summary>The finding as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["subject"] = Name,
        ["planted"] = IsPlanted,
        ["t"] = new JsonArray([.. Statistics.Select(static t => (JsonNode)System.Math.Round(System.Math.Clamp(t, -1e9, 1e9), 2))]),
        ["leaks"] = IsLeak,
        ["ok"] = IsGood,
    };
}
