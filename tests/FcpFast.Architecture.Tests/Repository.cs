using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace FcpFast.Architecture.Tests;

/// <summary>The files of this repository, as they lie on disk.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>C# files below the given folders of the root, with their paths from the root and forward slashes.</summary>
    public static IEnumerable<SourceFile> Sources(params string[] folders) => Files("*.cs", folders);

    /// <summary>Project and props files below the given folders.</summary>
    public static IEnumerable<SourceFile> Projects(params string[] folders) =>
        Files("*.csproj", folders).Concat(Files("*.props", folders)).Concat(Files("*.targets", folders));

    private static IEnumerable<SourceFile> Files(string pattern, string[] folders) => folders
        .Select(static folder => Path.Combine(Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
        .Select(static file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj" or ".artifacts"))
        .Order(StringComparer.Ordinal)
        .Select(static path => new SourceFile(path));

    private static string Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "FcpFast.sln"))) return folder;
        }

        throw new DirectoryNotFoundException("FcpFast.sln is in no folder above the tests");
    }

    /// <summary>One file; its text is read when asked for.</summary>
    /// <param name="Path">From the root, with forward slashes.</param>
    internal sealed record SourceFile(string Path)
    {
        private readonly Lazy<string[]> _lines = new(() => File.ReadAllLines(System.IO.Path.Combine(Root, Path)));

        public string[] Lines => _lines.Value;

        public string Text => string.Join('\n', Lines);

        public string Name => System.IO.Path.GetFileName(Path);

        /// <summary>The project folder, such as <c>FcpFast.Protocol</c> of <c>src/FcpFast.Protocol/Ids/Hex.cs</c>; empty for files of no project.</summary>
        public string Project => Path.Split('/') is { Length: > 2 } parts ? parts[1] : "";

        /// <summary>The folder inside the project; empty at its top.</summary>
        public string Room => Path.Split('/') is { Length: > 3 } parts ? parts[2] : "";

        public override string ToString() => Path;
    }
}
