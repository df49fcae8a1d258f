using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Tests.Support;

/// <summary>A vector file of this project's own: what this build makes; FCPFAST_REWRITE_VECTORS=1 writes it anew. <c>fcpfast vectors check</c> judges it from its bytes.</summary>
internal sealed class OwnVectors(string family)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<JsonObject> _cases = [];

    public void Add(string op, string name, JsonObject inputs, JsonObject expected) => _cases.Add(new JsonObject
    {
        ["family"] = family, ["name"] = $"{_cases.Count} {name}", ["op"] = op, ["inputs"] = inputs, ["expected"] = expected,
    });

    /// <summary>The file in the repository is what this build makes.</summary>
    public void AssertStored()
    {
        string path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "Vectors", family + ".json");
        string made = $"{{\"family\": \"{family}\", \"origin\": \"ours\", \"cases\": [\n{string.Join(",\n", _cases.Select(static one => one.ToJsonString(Plain)))}\n]}}\n";
        if (Environment.GetEnvironmentVariable("FCPFAST_REWRITE_VECTORS") == "1") File.WriteAllText(path, made);
        Assert.Equal(File.ReadAllText(path), made);
    }

    public static JsonObject Error(FcpStatus status) => new() { ["error"] = FcpStatusNames.NameOf(status) };

    public static byte[] Flip(byte[] bytes, int at)
    {
        byte[] flipped = (byte[])bytes.Clone();
        flipped[at] ^= 1;
        return flipped;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
