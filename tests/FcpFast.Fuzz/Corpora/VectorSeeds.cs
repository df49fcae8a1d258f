using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace FcpFast.Fuzz.Corpora;

/// <summary>Inputs to begin with, taken out of our own vectors (tests/Vectors).</summary>
internal static class VectorSeeds
{
    private const int SeedBytesMax = 4096;

    /// <summary>What stands in hex under any of these names, in this file and in those that are named among them.</summary>
    public static IEnumerable<byte[]> Of(string file, params string[] names)
    {
        string[] files = [file, .. names.Where(static name => name.EndsWith(".json", StringComparison.Ordinal))];
        foreach (string one in files)
        {
            foreach ((string name, string text) in Strings(one))
            {
                if (names.Contains(name) && IsHex(text)) yield return Convert.FromHexString(text);
            }
        }
    }

    /// <summary>Every text of a file that is no hex.</summary>
    public static IEnumerable<byte[]> TextsOf(string file) =>
        Strings(file).Where(static pair => !IsHex(pair.Text) && pair.Name is not ("name" or "source" or "family" or "op")).Select(static pair => Encoding.UTF8.GetBytes(pair.Text));

    private static List<(string Name, string Text)> Strings(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(CorpusFolder.Repository, "tests", "Vectors", file)));
        var found = new List<(string, string)>();
        Collect("", document.RootElement, found);
        return found;
    }

    private static void Collect(string name, JsonElement element, List<(string, string)> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject()) Collect(property.Name, property.Value, found);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray()) Collect(name, item, found);
                break;
            case JsonValueKind.String:
                found.Add((name, element.GetString()!));
                break;
        }
    }

    private static bool IsHex(string text) => text.Length is > 0 and <= 2 * SeedBytesMax && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower);
}
