using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace FcpFast.Architecture.Tests;

/// <summary>[REPLAY §8]: the page that defines replay protection names its tests, all properties and all mutants, and every test that it names exists.</summary>
public sealed class ReplayReadmeTests
{
    private const string Page = "src/FcpFast.Protocol/Replay/README.md";

    private static readonly string[] Properties = ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "L1", "L2", "L3", "L4", "L5"];

    private static readonly string[] Mutants =
    [
        "commit before verify", "no second check in commit", "`<=` for `<` at the window edge", "window emptied on restart",
        "delivery before the ceiling is durable", "ring one word short", "clearing loop one word short on a jump", "lane evicted without tombstone",
        "`H - n` computed unsigned when `n > H`", "two frames of one instance under one number", "content window committed before the AEAD",
        "handshake table forgetting by count", "failed flush retried and believed", "epoch fence taken from the clock alone",
    ];

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, Page));

    [Fact]
    public void Tests_ThatThePageNames_Exist()
    {
        List<Repository.SourceFile> sources = [.. Repository.Sources("tests")];
        Rules.Holds(
            $"a test that {Page} names exists",
            from line in Lines
            from name in NamedIn(line)
            where !sources.Any(file => IsIn(file, name.Class, name.Method))
            select $"{name.Class}.{name.Method}");
    }

    [Fact]
    public void Properties_AndMutants_EachNameTheirTests() => Rules.Holds(
        $"each property and mutant of REPLAY §8 is a row of {Page} with a test",
        Properties.Select(static property => $"| **{property}** ").Concat(Mutants.Select(static mutant => $"| {mutant} |"))
            .Where(static head => !Lines.Any(line => line.StartsWith(head, StringComparison.Ordinal) && NamedIn(line).Any())));

    [Fact]
    public void Named_TestThatIsNot_IsFound()
    {
        var file = new Repository.SourceFile("tests/FcpFast.Architecture.Tests/ReplayReadmeTests.cs");
        Assert.True(IsIn(file, nameof(ReplayReadmeTests), nameof(Named_TestThatIsNot_IsFound)));
        Assert.False(IsIn(file, nameof(ReplayReadmeTests), "Named_TestThatIsNot_IsFoun"));
        Assert.False(IsIn(file, "ReplayReadme", nameof(Named_TestThatIsNot_IsFound)));
        Assert.Equal([("ATests", "B_C_D")], NamedIn("| `ATests.B_C_D` and `Sequencer.SkipTo` |"));
    }

    private static IEnumerable<(string Class, string Method)> NamedIn(string line) =>
        Regex.Matches(line, "`(?<class>[A-Z][A-Za-z0-9]*Tests)[.](?<method>[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+)`")
            .Select(static match => (match.Groups["class"].Value, match.Groups["method"].Value));

    private static bool IsIn(Repository.SourceFile file, string className, string method) =>
        file.Name == className + ".cs" && Regex.IsMatch(file.Text, $@"^    public (async )?(void|Task) {Regex.Escape(method)}\(", RegexOptions.Multiline);
}
