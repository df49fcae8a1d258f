using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Vectors.Formats;

namespace FcpFast.Tool.Vectors;

/// <summary>Walks folders of vectors and judges every case.</summary>
/// <remarks>
/// Shape:  a folder is read in the form that its name stands for, its subfolders too unless their names stand for another. Links are
///         followed and a folder that was read is not read again, so that a circle of links ends.
/// Errors: nothing in a file or an op ends the check: what cannot be judged, and what fails unexpectedly, is in the report.
/// Source: <c>vectors/README.md</c>, DESIGN §4.
/// </remarks>
internal sealed class VectorChecker
{
    private const string FileExtension = ".json";

    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly VectorFormats _formats;

    public VectorChecker()
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        _formats = new VectorFormats(new VectorOps(crypto), crypto);
    }

    public VectorReport Report { get; } = new();

    /// <summary>Told the path of each file before it is read.</summary>
    public Action<string>? FileStarted { get; init; }

    /// <summary>Judges every file below a folder.</summary>
    /// <returns>How many files were read as vectors.</returns>
    public int CheckFolder(string folder) => CheckFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), _formats.Own);

    private int CheckFolder(string folder, IVectorFormat outer)
    {
        IVectorFormat format = _formats.ForFolder(Path.GetFileName(folder)) ?? outer;
        string[] files, children;
        try
        {
            string target = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;
            if (!_visited.Add(target)) return 0;
            files = Directory.GetFiles(target);
            children = Directory.GetDirectories(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report.Unjudged.Add((folder, e.Message));
            return 0;
        }

        Array.Sort(files, StringComparer.Ordinal);
        Array.Sort(children, StringComparer.Ordinal);
        int count = 0;
        foreach (string file in files)
        {
            bool isJson = Path.GetExtension(file).Equals(FileExtension, StringComparison.OrdinalIgnoreCase);
            if (!isJson || format.PassesOver(Path.GetFileName(file))) continue;
            CheckFile(file, format);
            count++;
        }

        foreach (string child in children) count += CheckFolder(child, format);
        return count;
    }

    private void CheckFile(string file, IVectorFormat format)
    {
        FileStarted?.Invoke(file);
        try
        {
            using JsonDocument document = VectorFile.Open(file);
            int cases = 0;
            foreach (VectorCase vector in format.Read(Path.GetFileNameWithoutExtension(file), document.RootElement))
            {
                Count(vector);
                cases++;
            }

            if (cases == 0) Report.Unjudged.Add((file, "there is no case in it"));
        }
        catch (Exception e)
        {
            // A broken file must not end the check, whatever it makes a reader throw.
            Report.Unjudged.Add((file, Describe(e)));
        }
    }

    private void Count(VectorCase vector)
    {
        VectorFamilyReport family = Report.Family(vector.Family);
        if (vector.Standing == VectorStanding.NotYet)
        {
            VectorFamilyReport.Count(family.NotYet, vector.Op);
        }
        else if (vector.Standing != VectorStanding.Known || vector.Judge is null)
        {
            VectorFamilyReport.Count(family.Unknown, vector.Op);
        }
        else if (Judge(vector.Judge) is { } difference)
        {
            family.Failures.Add((vector.Name, difference));
        }
        else
        {
            family.Passed++;
        }
    }

    private static string? Judge(Func<string?> judge)
    {
        try
        {
            return judge();
        }
        catch (Exception e)
        {
            // Whatever an op throws is a failure of this case and of no other.
            return Describe(e);
        }
    }

    private static string Describe(Exception e)
    {
        string message = e.Message.ReplaceLineEndings(" ");
        return e is VectorFormatException or IOException or UnauthorizedAccessException ? message : $"{e.GetType().Name}: {message}";
    }
}
