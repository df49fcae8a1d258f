using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>No comparison is empty: each expected value of each of our own cases, turned alone, makes its case fail.</summary>
public sealed class TurnedVectorTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(VectorFolders.Own).Select(static path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Check_OneExpectedValueTurned_FailsTheCase(string file)
    {
        JsonNode root = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(VectorFolders.Own, file), TestContext.Current.CancellationToken))!;
        string family = (string)root["family"]!;
        var turned = new JsonArray();
        foreach (JsonObject vector in root["cases"]!.AsArray().Select(static node => node!.AsObject()))
        {
            foreach ((string key, JsonNode? value) in vector["expected"]!.AsObject())
            {
                JsonObject copy = vector.DeepClone().AsObject();
                copy["name"] = $"{(string)vector["name"]!}, {key} turned";
                copy["expected"] = new JsonObject { [key] = key == "error" ? "NoSuchRefusal" : Turn(value) };
                turned.Add((JsonNode)copy);
            }
        }

        using TemporaryFolder folder = new TemporaryFolder().With(file, new JsonObject { ["cases"] = turned }.ToJsonString());
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal(0, (int)run.Family(family)["passed"]!);
        Assert.Equal(turned.Count, (int)run.Family(family)["failed"]!);
    }

    private static JsonNode Turn(JsonNode? value) => value?.GetValueKind() switch
    {
        null => 0,
        JsonValueKind.String => TurnText((string)value!),
        JsonValueKind.Number => (long)value + 1,
        JsonValueKind.True => false,
        JsonValueKind.False => true,
        JsonValueKind.Array => new JsonArray([.. value.AsArray().Select(static entry => entry?.DeepClone()), "one more"]),
        _ => WithOneMore(value.DeepClone().AsObject()),
    };

    private static string TurnText(string text) =>
        text.Length == 0 ? "0" : string.Concat(text.AsSpan(0, text.Length - 1), text[^1] == '0' ? "1" : "0");

    private static JsonObject WithOneMore(JsonObject fields)
    {
        fields["one more"] = 1;
        return fields;
    }
}
