using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Mls.Tests.Support;

/// <summary>The working group's vectors, as material for changes; whether they are met, the tool's tests say.</summary>
internal static class MlsVectors
{
    public static List<JsonElement> Cases(string file)
    {
        string folder = VectorFolders.RequireShared("mls");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "mls", file)));
        var cases = new List<JsonElement>();
        foreach (JsonElement item in document.RootElement.EnumerateArray()) cases.Add(item.Clone());
        return cases;
    }

    public static byte[] Hex(this JsonElement item, string name) => Convert.FromHexString(item.GetProperty(name).GetString()!);

    public static byte[]? HexOrNull(this JsonElement item, string name) =>
        item.GetProperty(name) is { ValueKind: JsonValueKind.String } value ? Convert.FromHexString(value.GetString()!) : null;
}
