using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace FcpFast.Architecture.Tests;

/// <summary>[STYLE 1]: which project may reference which, by project files and by what the code names.</summary>
public sealed partial class ProjectArrowTests
{
    /// <summary>The table of STYLE 1, row by row.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["FcpFast.Protocol"] = [],
        ["FcpFast.Interop"] = ["FcpFast.Protocol"],
        ["FcpFast.Mls"] = ["FcpFast.Protocol"],
        ["FcpFast.Control"] = ["FcpFast.Protocol", "FcpFast.Mls"],
        ["FcpFast.Transport"] = ["FcpFast.Protocol", "FcpFast.Interop"],
        ["FcpFast"] = ["FcpFast.Protocol", "FcpFast.Interop", "FcpFast.Mls", "FcpFast.Control", "FcpFast.Transport"],
        ["FcpFast.Hosting"] = ["FcpFast.Protocol", "FcpFast.Interop", "FcpFast.Control", "FcpFast.Transport", "FcpFast"],
        ["FcpFast.Native"] = ["FcpFast.Protocol", "FcpFast.Interop", "FcpFast"],
        ["FcpFast.Tool"] = ["FcpFast.Protocol", "FcpFast.Interop", "FcpFast.Mls", "FcpFast.Control", "FcpFast.Transport", "FcpFast", "FcpFast.Hosting"],
    };

    /// <summary>Packages with native code in them, and the one project that may reference them.</summary>
    private static readonly string[] NativePackages = ["Sodium.Core", "libsodium"];

    [Fact]
    public void Projects_OfSrc_AreThoseOfTheTable() => Rules.Holds(
        "STYLE 1 knows every project of src (a new one needs a row in this test)",
        Repository.Projects("src").Select(static file => Path.GetFileNameWithoutExtension(file.Name))
            .Where(static name => name.StartsWith("FcpFast", StringComparison.Ordinal) && !Allowed.ContainsKey(name)));

    [Fact]
    public void ProjectReferences_OfSrc_FollowTheTable() => Rules.Holds(
        "a project references only what STYLE 1 allows",
        from file in Repository.Projects("src")
        from Match match in ProjectReference().Matches(file.Text)
        let target = match.Groups["name"].Value
        where !Allowed.GetValueOrDefault(file.Project, []).Contains(target)
        select $"{file} -> {target}");

    [Fact]
    public void Namespaces_NamedInSrc_FollowTheTable() => Rules.Holds(
        "code names only namespaces of projects that STYLE 1 allows",
        from file in Repository.Sources("src")
        where file.Project.Length > 0
        from line in file.Lines
        from Match match in QualifiedName().Matches(line)
        let target = ProjectOf(match.Value)
        where target != file.Project && !Allowed[file.Project].Contains(target) && !IsFacadesOwnNamespace(file, match.Value)
        select $"{file}: {match.Value}");

    /// <remarks>
    /// STYLE 1 says Linux only. The pinned slabs are excepted: STYLE 5 has frame memory in pinned slabs, their code is Interop's (its Memory room also
    /// holds the guarded keys, which Transport has no business with), and only Transport's ports rent them.
    /// </remarks>
    [Fact]
    public void Transport_OfInterop_UsesLinuxAndPinnedSlabsOnly() => Rules.Holds(
        "Transport uses Interop's Linux room and its pinned slabs only (STYLE 1, 5)",
        from file in Repository.Sources("src/FcpFast.Transport")
        let room = InteropRoom().Matches(file.Text).Select(static match => match.Groups["room"].Value).Distinct().ToArray()
        where room.Any(static name => name is not ("Linux" or "Memory")) || (room.Contains("Memory") && GuardedType().IsMatch(file.Text))
        select $"{file}: {string.Join(", ", room)}");

    [Fact]
    public void PackageReferences_OfProtocolAndNativeLibraries_StayWhereTheyBelong() => Rules.Holds(
        "Protocol has no packages, and only Interop references native libraries (STYLE 1, 5)",
        from file in Repository.Projects("src")
        where file.Name.EndsWith(".csproj", StringComparison.Ordinal)
        from Match match in PackageReference().Matches(file.Text)
        let package = match.Groups["name"].Value
        where file.Project == "FcpFast.Protocol" || (NativePackages.Contains(package) && file.Project != "FcpFast.Interop")
        select $"{file} -> {package}");

    [Fact]
    public void Packages_OfEveryProject_TakeTheirVersionFromTheCentralFile() => Rules.Holds(
        "package versions stand in src/Directory.Packages.props and nowhere else (STYLE 9)",
        from file in Repository.Projects("src", "tests", "bench").Concat(Repository.Sources("src", "tests", "bench"))
        where file.Path != "src/Directory.Packages.props" && file.Project != "FcpFast.Architecture.Tests"
        from line in file.Lines
        where Regex.IsMatch(line, @"<PackageReference[^>]*\sVersion(Override)?=") || line.Contains("<PackageVersion ", StringComparison.Ordinal)
            || line.StartsWith("#:package", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    [Fact]
    public void Versions_OfTheCentralFile_AreExact() => Rules.Holds(
        "central versions are exact (STYLE 9)",
        from line in Repository.Projects("src").Single(static file => file.Name == "Directory.Packages.props").Lines
        where line.Contains("<PackageVersion ", StringComparison.Ordinal) && !Regex.IsMatch(line, @" Version=""\d+(\.\d+)+(-[\w.]+)?""")
        select line.Trim());

    [Fact]
    public void TestProjects_OneEach_HaveAMinimumAndSrcHasItsTwin()
    {
        string[] tests = Repository.Projects("tests").Select(static file => Path.GetFileNameWithoutExtension(file.Name))
            .Where(static name => name.EndsWith(".Tests", StringComparison.Ordinal)).ToArray();
        string[] minimums = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "minimums.txt")).Where(static line => line.Length > 0).ToArray();
        Rules.Holds("tests/minimums.txt has lines 'Name count' with at least 1", minimums.Where(static line => !Regex.IsMatch(line, @"^[\w.]+ [1-9]\d*$")));
        string[] named = minimums.Select(static line => line.Split(' ')[0]).ToArray();
        Rules.Holds("every test project has one line in tests/minimums.txt, and nothing else has", tests.Except(named).Concat(named.Except(tests)));
        Assert.Equal(named.Length, named.Distinct().Count());
        Rules.Holds(
            "every project of src has its twin among the tests (STYLE 7)",
            Repository.Projects("src").Where(static file => file.Name.EndsWith(".csproj", StringComparison.Ordinal))
                .Select(static file => Path.GetFileNameWithoutExtension(file.Name) + ".Tests").Except(tests));
    }

    [Fact]
    public void Solution_OfEverything_HoldsEveryProject()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "FcpFast.sln"));
        Rules.Holds(
            "FcpFast.sln holds every project, so that a build builds it",
            Repository.Projects("src", "tests", "bench").Where(static file => file.Name.EndsWith(".csproj", StringComparison.Ordinal))
                .Where(file => !solution.Contains($"\\{file.Name}\"", StringComparison.Ordinal)).Select(static file => file.Path));
    }

    private static string ProjectOf(string name) =>
        Allowed.Keys.Where(project => name == project || name.StartsWith(project + ".", StringComparison.Ordinal)).MaxBy(static project => project.Length) ?? name;

    /// <summary>The facade's own namespaces begin with the name that all projects begin with.</summary>
    private static bool IsFacadesOwnNamespace(Repository.SourceFile file, string name) => file.Project == "FcpFast" && ProjectOf(name) == "FcpFast";

    [GeneratedRegex(@"<ProjectReference\s+Include=""[^""]*?(?<name>[\w.]+)\.csproj""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"<PackageReference\s+Include=""(?<name>[\w.]+)""")]
    private static partial Regex PackageReference();

    [GeneratedRegex(@"FcpFast\.Interop\.(?<room>\w+)")]
    private static partial Regex InteropRoom();

    [GeneratedRegex(@"\bGuarded\w+")]
    private static partial Regex GuardedType();

    [GeneratedRegex(@"(?<![\w.""'])FcpFast\.[A-Z]\w*(\.[A-Z]\w*)*")]
    private static partial Regex QualifiedName();
}
