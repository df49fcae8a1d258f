using System;
using System.Collections.Generic;
using System.Text.Json;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>A folder whose cases are counted and not judged: each file is an array of cases, and its name is their op.</summary>
/// <param name="family">The folder's name.</param>
/// <param name="standing">What its cases are counted as.</param>
internal sealed class CountedFolder(string family, VectorStanding standing) : IVectorFormat
{
    /// <summary>The files that belong to the folder, without <c>.json</c>; those of any other are unknown.</summary>
    public string[] Files { get; init; } = [];

    /// <summary>Files that hold constants only.</summary>
    public string[] Tables { get; init; } = [];

    public bool PassesOver(string fileName) => Array.IndexOf(Tables, fileName) >= 0;

    public IEnumerable<VectorCase> Read(string stem, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array) throw new VectorFormatException("it is no array of cases");
        VectorStanding found = Array.IndexOf(Files, stem) >= 0 ? standing : VectorStanding.Unknown;
        for (int i = 0; i < root.GetArrayLength(); i++) yield return new VectorCase(family, stem, $"{stem} {i}", found);
    }
}
