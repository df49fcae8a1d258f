using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Vectors;

/// <summary>Compares a result with what a case expects.</summary>
internal static class VectorComparison
{
    private const string HashSuffix = "_sha256";
    private const string LengthSuffix = "_len";
    private const string AnyRefusal = "*";

    /// <summary>Null if every expected key is equal in the result; else what differs.</summary>
    public static string? Difference(JsonElement expected, VectorResult result)
    {
        if (expected.TryGetProperty("error", out JsonElement error)) return ErrorDifference(error, result.Error);
        if (result.Error is not null) return $"refused as {result.Error}, expected a result";
        foreach (JsonProperty property in expected.EnumerateObject())
        {
            JsonNode? found = Find(property.Name, result.Values);
            JsonNode? wanted = JsonNode.Parse(property.Value.GetRawText());
            if (!JsonNode.DeepEquals(wanted, found)) return $"{property.Name}: expected {Show(wanted)}, found {Show(found)}";
        }

        return null;
    }

    private static string? ErrorDifference(JsonElement expected, string? found)
    {
        if (found is null) return $"accepted, expected the refusal {expected.GetRawText()}";
        bool equal = expected.ValueKind == JsonValueKind.Array
            ? expected.EnumerateArray().Any(name => name.GetString() == found)
            : expected.GetString() is AnyRefusal || expected.GetString() == found;
        return equal ? null : $"refused as {found}, expected {expected.GetRawText()}";
    }

    private static JsonNode? Find(string name, IReadOnlyDictionary<string, JsonNode?> values)
    {
        if (values.TryGetValue(name, out JsonNode? value)) return value;
        if (name.EndsWith(HashSuffix, StringComparison.Ordinal) && values.TryGetValue(name[..^HashSuffix.Length], out JsonNode? whole))
        {
            return Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString((string)whole!)));
        }

        return name.EndsWith(LengthSuffix, StringComparison.Ordinal) && values.TryGetValue(name[..^LengthSuffix.Length], out whole)
            ? ((string)whole!).Length / 2
            : null;
    }

    private static string Show(JsonNode? node)
    {
        string text = node?.ToJsonString() ?? "nothing";
        return text.Length <= 200 ? text : text[..200] + "...";
    }
}
