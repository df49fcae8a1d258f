using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace FcpFast.Architecture.Tests;

/// <summary>[STYLE 1], [STYLE 2]: what lies where, how it is called and how long it is.</summary>
public sealed partial class FileTests
{
    private const int LinesMax = 500;

    /// <summary>Tables: one entry a line, and no logic to split.</summary>
    private static readonly string[] Tables = ["FcpStatus.cs"];

    private static readonly string[] RootEntries = ["src", "native", "bench", "tests", "FcpFast.sln", "build.ps1", "build.sh", "README.md", "global.json"];

    /// <summary>STYLE 4 names this one itself.</summary>
    private static readonly string[] AllowedNames = ["ThrowHelper"];

    [Fact]
    public void Root_OfTheRepository_HoldsOnlyWhatIsAllowed() => Rules.Holds(
        "the root holds only what STYLE 1 lists",
        Directory.EnumerateFileSystemEntries(Repository.Root).Select(static entry => Path.GetFileName(entry))
            .Where(static name => !name.StartsWith('.') && !RootEntries.Contains(name)));

    [Fact]
    public void Files_OfEveryFolder_AreAtMost500Lines() => Rules.Holds(
        "a file is split at 500 lines (generated files and tables are exempt)",
        from file in Repository.Sources("src", "tests", "bench")
        where file.Lines.Length > LinesMax && !file.Name.EndsWith(".g.cs", StringComparison.Ordinal) && !Tables.Contains(file.Name)
        select $"{file}: {file.Lines.Length} lines");

    [Fact]
    public void Names_OfTypesAndFiles_SayWhatTheyAre() => Rules.Holds(
        "no Manager, Helper, Processor or Util (STYLE 2)",
        from file in Repository.Sources("src", "bench")
        from name in TypesIn(file).Select(static type => type.Name).Append(file.Name.Split('.')[0])
        where BannedWord().IsMatch(name) && !AllowedNames.Contains(name)
        select $"{file}: {name}");

    [Fact]
    public void PublicTypes_OfSrc_HaveAFileOfTheirOwnNamedAfterThem() => Rules.Holds(
        "one public type a file, named after it; a second concern goes to Type.Concern.cs (STYLE 2)",
        from file in Repository.Sources("src")
        where file.Project.Length > 0
        let types = TypesIn(file).Where(static type => type.IsPublic).Select(static type => type.Name).Distinct().ToArray()
        where types.Length > 1 || (types.Length == 1 && file.Name.Split('.')[0] != types[0])
        select $"{file}: {string.Join(", ", types)}");

    [Fact]
    public void Namespaces_OfSrc_AreFileScoped() => Rules.Holds(
        "namespaces are file-scoped",
        from file in Repository.Sources("src", "tests", "bench")
        where file.Lines.Any(static line => Regex.IsMatch(line, @"^namespace [\w.]+\s*$"))
        select file.Path);

    [Fact]
    public void TypesIn_ThisFile_FindsIt()
    {
        Repository.SourceFile file = Repository.Sources("tests/FcpFast.Architecture.Tests").Single(static file => file.Name == "FileTests.cs");
        Assert.Equal([(nameof(FileTests), true)], TypesIn(file));
    }

    /// <summary>The types at the top level of a file: those that are not indented below a file-scoped namespace.</summary>
    private static IEnumerable<(string Name, bool IsPublic)> TypesIn(Repository.SourceFile file) =>
        from line in file.Lines
        let match = TypeDeclaration().Match(line)
        where match.Success
        select (match.Groups["name"].Value, match.Groups["modifiers"].Value.Contains("public", StringComparison.Ordinal));

    [GeneratedRegex(@"^(?<modifiers>((public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*)(class|struct|interface|enum|record(\s+(class|struct))?|delegate\s+[\w<>\[\],.?]+)\s+(?<name>\w+)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex("(Manager|Helper|Processor|Util)([A-Z]|s$|s[A-Z]|ities|$)")]
    private static partial Regex BannedWord();
}
