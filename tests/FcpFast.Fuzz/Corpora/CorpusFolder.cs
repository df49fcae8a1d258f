using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;

namespace FcpFast.Fuzz.Corpora;

/// <summary>The committed inputs of the targets, a folder each.</summary>
/// <remarks>Shape: a file is named after what it is for, or after its content; findings begin with "found-", inputs that cost much with "dos-".</remarks>
internal static class CorpusFolder
{
    /// <summary>The repository that this program was built from.</summary>
    public static string Repository { get; } = Find();

    public static string Root => Path.Combine(Repository, "tests", "FcpFast.Fuzz", "Corpus");

    public static string Of(FuzzTarget target) => Path.Combine(Root, target.Name);

    /// <summary>The inputs of a target, by name.</summary>
    public static IEnumerable<(string Name, byte[] Input)> Inputs(FuzzTarget target) =>
        Directory.Exists(Of(target))
            ? Directory.EnumerateFiles(Of(target)).Order(StringComparer.Ordinal).Select(static file => (Path.GetFileName(file), File.ReadAllBytes(file)))
            : [];

    /// <summary>The name of an input that nobody has named.</summary>
    public static string NameOf(ReadOnlySpan<byte> input) => Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 8));

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FcpFast.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("FcpFast.sln is in no folder above this program");
    }
}
