using System;
using System.CommandLine;
using System.Linq;
using System.Text.RegularExpressions;
using FcpFast.Tool.Tests.Support;
using FcpFast.Tool.Verbs;

namespace FcpFast.Tool.Tests;

/// <summary>STYLE §9: README.md is true to what runs.</summary>
public sealed class ReadmeTests
{
    private const string BuildCommand = "./build.sh ";
    private const string ToolCommand = "fcpfast ";

    private static readonly string[] BuildVerbs =
        [.. Regex.Matches(ThisRepository.Read("src/build.cs"), """(?<=\bcase .*)"(\w[\w-]*)"(?=[^:]*:)""").Select(static match => match.Groups[1].Value)];

    public static TheoryData<string> Commands => [.. CommandsOf(ThisRepository.Read("README.md"))];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Readme_ACommand_IsUnderstood(string command)
    {
        string[] words = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(static word => !word.StartsWith('['))];
        string[] arguments = words[1..];
        if (command.StartsWith(BuildCommand, StringComparison.Ordinal))
        {
            Assert.Contains(words[1], BuildVerbs);
            if (words[1] is not ("demo" or "fcpfast") || words[^1] == "ARGS") return;
            arguments = words[1] == "demo" ? words[1..] : words[2..];
        }

        ParseResult parsed = CommandTree.Parse(arguments);
        Assert.Empty(parsed.Errors.Select(static error => error.Message));
    }

    [Fact]
    public void Readme_EveryVerb_IsNamed()
    {
        string[] commands = [.. CommandsOf(ThisRepository.Read("README.md"))];
        Assert.InRange(BuildVerbs.Length, 5, 50);
        Assert.All(BuildVerbs, verb => Assert.Contains(commands, command => $"{command} ".StartsWith($"{BuildCommand}{verb} ", StringComparison.Ordinal)));
        string[] toolVerbs = [.. CommandTree.Parse([]).CommandResult.Command.Subcommands.Select(static verb => verb.Name)];
        Assert.InRange(toolVerbs.Length, 4, 50);
        Assert.All(toolVerbs, verb => Assert.Contains(commands, command => $"{command} ".StartsWith($"{ToolCommand}{verb} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void BuildHelp_EveryVerb_IsListed()
    {
        string help = ThisRepository.Read("src/build.cs");
        help = help[help.IndexOf("usage: ./build.sh", StringComparison.Ordinal)..];
        Assert.All(BuildVerbs, verb => Assert.Matches($@"(?m)^\s+{verb}\b", help[..help.IndexOf("\"\"\"", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Readme_QuickStart_IsShort()
    {
        string readme = ThisRepository.Read("README.md");
        string quickStart = readme[readme.IndexOf("## Quick start", StringComparison.Ordinal)..readme.IndexOf("## The tool", StringComparison.Ordinal)];
        Assert.InRange(quickStart.Split('\n').Length, 5, 20);
    }

    [Fact]
    public void Readme_EveryLink_LeadsToAFile() =>
        Assert.All(
            Regex.Matches(ThisRepository.Read("README.md"), @"\]\(([^)#:]+)\)").Select(static match => match.Groups[1].Value),
            static path => Assert.NotEmpty(ThisRepository.Read(path)));

    /// <summary>What stands in code, in a line or a block, and is a command of this repository, without its comment.</summary>
    private static System.Collections.Generic.IEnumerable<string> CommandsOf(string markdown) =>
        Regex.Matches(markdown, @"`([^`\n]+)`|^(\./[^\n]+)$", RegexOptions.Multiline)
            .Select(static match => (match.Groups[1].Value + match.Groups[2].Value).Split('#')[0].Trim())
            .Where(static text => text.StartsWith(BuildCommand, StringComparison.Ordinal) || text.StartsWith(ToolCommand, StringComparison.Ordinal))
            .Distinct();
}
