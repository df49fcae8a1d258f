using System.Collections.Generic;
using System.Text.Json;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>The one shape of our own files and of the golden ones.</summary>
/// <remarks>Source: <c>vectors/README.md</c>, "One shape".</remarks>
internal sealed class OwnFormat(VectorOps ops) : IVectorFormat
{
    public bool PassesOver(string fileName) => false;

    public IEnumerable<VectorCase> Read(string stem, JsonElement root)
    {
        if (Find(root, "cases") is not { ValueKind: JsonValueKind.Array } cases)
        {
            throw new VectorFormatException("it is no object with an array 'cases'");
        }

        int number = 0;
        foreach (JsonElement item in cases.EnumerateArray())
        {
            string family = Text(item, "family", number), name = Text(item, "name", number), op = Text(item, "op", number);
            var inputs = new VectorInputs(Object(item, "inputs", number));
            JsonElement expected = Object(item, "expected", number);
            VectorOp? known = VectorFamilies.Has(family, op) ? ops.Find(op) : null;
            number++;
            yield return known is null
                ? new VectorCase(family, op, name, VectorStanding.Unknown)
                : new VectorCase(family, op, name, VectorStanding.Known, () => VectorComparison.Difference(expected, known(inputs)));
        }
    }

    private static string Text(JsonElement item, string key, int number) =>
        Find(item, key) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Missing(number, key, "text");

    private static JsonElement Object(JsonElement item, string key, int number) =>
        Find(item, key) is { ValueKind: JsonValueKind.Object } found ? found : throw Missing(number, key, "object");

    private static JsonElement? Find(JsonElement item, string key) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(key, out JsonElement value) ? value : null;

    private static VectorFormatException Missing(int number, string key, string kind) => new($"case {number} has no {kind} '{key}'");
}
