using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace FcpFast.Architecture.Tests;

/// <summary>[STYLE 3]: each section of the specification is cited in src and in tests; uncited.txt holds those that are not yet.</summary>
public sealed class CitationTests
{
    private const string UncitedFile = "tests/FcpFast.Architecture.Tests/uncited.txt";
    private const string RewriteVariable = "FCPFAST_REWRITE_UNCITED";

    private static readonly string[] Heading =
    [
        "# Sections of the specification without a tag in src or in tests, for now. This list must match exactly, so that it shrinks knowingly.",
    ];

    [Fact]
    public void Tags_OfSrcAndTests_NameSectionsThatExist() => Rules.Holds(
        "a tag names a section of WIRE.md or REPLAY.md",
        from file in Sources("src", "tests", "bench")
        from line in file.Lines
        from tag in SpecSections.CitedIn(line)
        where !SpecSections.Exists(tag)
        select $"{file}: [{tag}]");

    [Fact]
    public void Tags_OfSrc_AreWrittenInTheOneWay() => Rules.Holds(
        "a tag is written [WIRE §4.3]",
        from file in Sources("src", "tests", "bench")
        from line in file.Lines
        where Regex.IsMatch(line, @"\[(WIRE|REPLAY)\.?(md)?\s+(?!§\d)|\[(wire|replay|Wire|Replay) §|§ \d")
        select $"{file}: {line.Trim()}");

    [Fact]
    public void UncitedSections_OfSrcAndTests_AreExactlyThoseOfTheList()
    {
        string[] uncited = [.. Uncited("src", "src"), .. Uncited("tests", "tests")];
        string path = Path.Combine(Repository.Root, UncitedFile);
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1") File.WriteAllLines(path, [.. Heading, .. uncited]);
        string[] listed = File.ReadAllLines(path)
            .Where(static line => line.Length > 0 && !line.StartsWith('#')).ToArray();
        string[] cited = listed.Except(uncited).ToArray(), missing = uncited.Except(listed).ToArray();
        string text = $"""
            {UncitedFile} is not what the tags of the sources say ({RewriteVariable}=1 rewrites it; read the difference before committing it).
            Cited by now, so take these lines out ({cited.Length}):
              {string.Join("\n  ", cited)}
            Cited no more (bring the tag back; only if the rule is really gone, add the line) ({missing.Length}):
              {string.Join("\n  ", missing)}
            """;
        Assert.True(cited.Length == 0 && missing.Length == 0, text);
        Assert.Equal(uncited, listed); // in the order of the specification, none twice
    }

    [Fact]
    public void Sections_ListedHere_AreThoseOfTheSpecification()
    {
        string folder = Path.Combine(Repository.Root, "..", "shared", "spec");
        if (!Directory.Exists(folder)) Assert.Skip("The specification does not lie beside this clone.");
        foreach ((string document, (string Number, string Title)[] sections) in SpecSections.All)
        {
            string[] headings = File.ReadLines(Path.Combine(folder, document + ".md"))
                .Select(static line => Regex.Match(line, @"^(#{2,3} |\*\*)(?<number>\d+(\.\d+)*)\.? "))
                .Where(static match => match.Success).Select(static match => match.Groups["number"].Value).ToArray();
            Assert.Equal(headings.Order(), sections.Select(static section => section.Number).Order());
        }
    }

    [Fact]
    public void CitedIn_TagsAndRanges_GivesTheirSections()
    {
        Assert.Equal(["WIRE §4.3"], SpecSections.CitedIn("Source: [WIRE §4.3], WIRE §5."));
        Assert.Equal(["WIRE §7.1", "WIRE §7.2", "WIRE §7.3"], SpecSections.CitedIn("[WIRE §7.1] to [WIRE §7.3]").Distinct().Order());
        Assert.Equal(["WIRE §2", "WIRE §19"], SpecSections.CitedIn("[WIRE §2] to [WIRE §19]").Distinct());
        Assert.Equal(["REPLAY §2.3"], SpecSections.CitedIn("[REPLAY §2.3 step 1]"));
        Assert.DoesNotContain(SpecSections.WithRules, static section => section.Tag == "WIRE §7");
        Assert.Contains(SpecSections.WithRules, static section => section.Tag == "WIRE §7.1");
    }

    private static IEnumerable<string> Uncited(string label, params string[] folders)
    {
        HashSet<string> cited = Sources(folders).SelectMany(static file => SpecSections.CitedIn(file.Text)).ToHashSet();
        return SpecSections.WithRules.Where(section => !cited.Contains(section.Tag)).Select(section => $"{label,-5} {section.Tag,-13} {section.Title}");
    }

    /// <summary>Sources but these, which speak of tags without citing anything.</summary>
    private static IEnumerable<Repository.SourceFile> Sources(params string[] folders) =>
        Repository.Sources(folders).Where(static file => file.Project != "FcpFast.Architecture.Tests");
}
