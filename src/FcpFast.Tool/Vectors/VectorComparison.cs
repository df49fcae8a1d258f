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
    private const string ErrorKey = "error";
    private const string HashSuffix = "_sha256";
    private const string LengthSuffix = "_len";
    private const string AnyRefusal = "*";
    private const int CharactersShownMax = 200;

    /// <summary>Null if every expected key is equal in the result; else what differs.</summary>
    public static string? Difference(JsonElement expected, VectorResult result)
    {
        if (expected.TryGetProperty(ErrorKey, out JsonElement error)) return ErrorDifference(error, result.Error);
        if (result.Error is not null) return $"refused as {result.Error}, expected a result";
        bool compared = false;
        foreach (JsonProperty property in expected.EnumerateObject())
        {
            JsonNode? found = Find(property.Name, result.Values);
            JsonNode? wanted = JsonNode.Parse(property.Value.GetRawText());
            if (!AreEqual(wanted, found)) return $"{property.Name}: expected {Show(wanted)}, found {Show(found)}";
            compared = true;
        }

        return compared ? null : "the case expects nothing";
    }

    /// <summary>Null if the bytes are equal to the expected hex; else what differs.</summary>
    public static string? Difference(string name, string expectedHex, ReadOnlySpan<byte> found)
    {
        string foundHex = Convert.ToHexStringLower(found);
        return foundHex == expectedHex ? null : $"{name}: expected {Shorten(expectedHex)}, found {Shorten(foundHex)}";
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

    /// <summary>Equal as JSON, or as typed values in which an integer may be written in either of its two forms.</summary>
    private static bool AreEqual(JsonNode? wanted, JsonNode? found) =>
        JsonNode.DeepEquals(wanted, found) || JsonNode.DeepEquals(TypedValue.WithTaggedIntegers(wanted), TypedValue.WithTaggedIntegers(found));

    private static string Show(JsonNode? node) => Shorten(node?.ToJsonString() ?? "nothing");

    private static string Shorten(string text) => text.Length <= CharactersShownMax ? text : text[..CharactersShownMax] + "...";
}
