using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace FcpFast.Tool.Vectors;

/// <summary>Walks folders of vectors and judges every case.</summary>
/// <remarks>Source: <c>vectors/README.md</c>, DESIGN §4.</remarks>
internal sealed class VectorChecker
{
    private readonly VectorOps _ops = new();

    public VectorReport Report { get; } = new();

    /// <summary>Judges every file below a folder.</summary>
    public void CheckFolder(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.json"))
        {
            CheckFile(file);
        }

        foreach (string child in Directory.EnumerateDirectories(folder)) CheckFolder(child);
    }

    private void CheckFile(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        foreach (VectorCase vector in Cases(document.RootElement)) Judge(vector);
    }

    private static IEnumerable<VectorCase> Cases(JsonElement root)
    {
        foreach (JsonElement item in root.GetProperty("cases").EnumerateArray())
        {
            yield return new VectorCase(
                item.GetProperty("family").GetString()!, item.GetProperty("name").GetString()!, item.GetProperty("op").GetString()!,
                new VectorInputs(item.GetProperty("inputs")), item.GetProperty("expected"));
        }
    }

    private void Judge(VectorCase vector)
    {
        VectorFamilyReport family = Report.Family(vector.Family);
        VectorOp? op = _ops.Find(vector.Op);
        if (op is null)
        {
            VectorFamilyReport.Count(family.Unknown, vector.Op);
            return;
        }

        string? difference = VectorComparison.Difference(vector.Expected, op(vector.Inputs));
        if (difference is null) family.Passed++;
        else family.Failures.Add((vector.Name, difference));
    }
}
