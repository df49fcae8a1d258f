#:property IsShipped=false
#:property PublishAot=false
#:property OutputType=Exe
// The one text behind build.sh and build.ps1: every verb of the repository, the same on every platform.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

string root = Environment.GetEnvironmentVariable("FCPFAST_ROOT") ?? Directory.GetCurrentDirectory();
string verb = args.Length > 0 ? args[0] : "help";
string[] rest = args.Skip(1).ToArray();

switch (verb)
{
    case "build":
        return Build(rest);
    case "test":
        return Test(rest);
    case "alloc":
        return Test(["Allocation"]);
    case "crash":
        return Crash(rest);
    case "fcpfast":
        return Tool(rest);
    case "demo":
        return Tool(["demo", .. rest]);
    case "help" or "--help" or "-h":
        Help();
        return 0;
    default:
        Console.Error.WriteLine($"build: unknown verb '{verb}'");
        Help();
        return 2;
}

void Help() => Console.WriteLine("""
    usage: ./build.sh VERB [ARGS]        (build.ps1 on Windows)

      demo [ARGS]          the main job on this machine: 'fcpfast demo' with these arguments
      fcpfast ARGS         builds quietly if needed and runs the tool
      test [NAME...]       builds and runs every test, Debug and Release; or those projects whose name contains NAME
      alloc                the allocation tests alone
      crash [ARGS]         kills (-9) and restarts real processes under load and reads their journals; see crash --help
      build [CONFIG]       builds everything; CONFIG is Release (if left out) or Debug
      help                 this text

    Tests read third parties' vectors from ../shared/vectors, or from FCPFAST_VECTORS. Where they are missing, their
    tests are skipped by name, and fail where CI=true. Exit codes: 0 done, 1 a test or the build failed, 2 wrong usage.
    """);

int Build(string[] buildArgs)
{
    string configuration = buildArgs.Length > 0 ? buildArgs[0] : "Release";
    if (configuration is "Debug" or "Release") return BuildOne(Path.Combine(root, "FcpFast.sln"), configuration, quiet: false);
    Console.Error.WriteLine($"build: there is no configuration '{configuration}'; there are Release and Debug");
    return 2;
}

int BuildOne(string project, string configuration, bool quiet) =>
    Run("dotnet", ["build", project, "-c", configuration, "-nologo", quiet ? "-v:q" : "-v:m", "-clp:NoSummary"], quiet) == 0 ? 0 : 1;

int Tool(string[] toolArgs)
{
    string project = Path.Combine(root, "src", "FcpFast.Tool", "FcpFast.Tool.csproj");
    if (BuildOne(project, "Release", quiet: true) != 0) return 3;
    return Run("dotnet", [Artifact("FcpFast.Tool"), .. toolArgs], quiet: false, workingDirectory: Directory.GetCurrentDirectory());
}

int Crash(string[] crashArgs)
{
    foreach (string project in new[] { Path.Combine("src", "FcpFast.Tool"), Path.Combine("tests", "FcpFast.Crash") })
    {
        if (BuildOne(Path.Combine(root, project), "Release", quiet: true) != 0) return 3;
    }

    return Run("dotnet", [Artifact("FcpFast.Crash"), "--tool", Artifact("FcpFast.Tool"), .. crashArgs], quiet: false);
}

string Artifact(string project) => Path.Combine(root, ".artifacts", "bin", project, "release", project + ".dll");

int Test(string[] names)
{
    Dictionary<string, int> minimums = File.ReadLines(Path.Combine(root, "tests", "minimums.txt"))
        .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(static parts => parts.Length == 2)
        .ToDictionary(static parts => parts[0], static parts => int.Parse(parts[1], CultureInfo.InvariantCulture));
    List<string> projects = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
        .Select(Path.GetFileNameWithoutExtension)
        .OfType<string>()
        .Where(name => names.Length == 0 || names.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase)))
        .Order(StringComparer.Ordinal)
        .ToList();
    string? unmatched = names.FirstOrDefault(part => !projects.Any(name => name.Contains(part, StringComparison.OrdinalIgnoreCase)));
    if (unmatched is not null)
    {
        Console.Error.WriteLine($"build: no test project's name contains '{unmatched}'");
        return 2;
    }

    string[] built = names.Length == 0
        ? [Path.Combine(root, "FcpFast.sln")]
        : [.. projects.Select(name => Path.Combine(root, "tests", name, name + ".csproj"))];
    int passed = 0, failed = 0, skipped = 0;
    foreach (string configuration in new[] { "Debug", "Release" })
    {
        if (built.Any(project => BuildOne(project, configuration, quiet: true) != 0))
        {
            Console.WriteLine($"{configuration}: the build failed");
            failed++;
            continue;
        }

        foreach (string project in projects) RunTests(project, configuration, minimums, ref passed, ref failed, ref skipped);
    }

    if (skipped > 0) Console.WriteLine($"{skipped} skipped, each named above with its reason");
    Console.WriteLine($"{passed} passed, {failed} failed");
    return failed == 0 ? 0 : 1;
}

void RunTests(string project, string configuration, Dictionary<string, int> minimums, ref int passed, ref int failed, ref int skipped)
{
    string program = Path.Combine(root, ".artifacts", "bin", project, configuration.ToLowerInvariant(), project + ".dll");
    Console.WriteLine($"== {project} ({configuration})");
    var lines = new List<string>();
    int exit = Run("dotnet", [program, "-noLogo", "-noColor"], quiet: false, onLine: lines.Add);
    Match summary = lines.Select(static line => Regex.Match(line, @"Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+)"))
        .LastOrDefault(static match => match.Success) ?? Match.Empty;
    if (!summary.Success)
    {
        Console.WriteLine($"   {project} ended with exit code {exit} and no summary");
        failed++;
        return;
    }

    int[] counts = summary.Groups.Values.Skip(1).Select(static group => int.Parse(group.Value, CultureInfo.InvariantCulture)).ToArray();
    (int total, int errors, int failures, int skips) = (counts[0], counts[1], counts[2], counts[3]);
    passed += total - failures - skips;
    skipped += skips;
    failed += failures + errors;
    if (exit != 0 && failures + errors == 0) failed++;
    if (total < minimums.GetValueOrDefault(project, 1))
    {
        Console.WriteLine($"   {project} ran {total} tests, at least {minimums.GetValueOrDefault(project, 1)} are expected (tests/minimums.txt)");
        failed++;
    }
}

int Run(string program, string[] arguments, bool quiet, Action<string>? onLine = null, string? workingDirectory = null)
{
    var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingDirectory ?? root };
    bool capture = quiet || onLine is not null;
    start.RedirectStandardOutput = capture;
    using PosixSignalRegistration interruption = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true); // the program ends itself
    using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    var kept = new List<string>();
    if (capture)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (quiet) kept.Add(line);
            else Console.WriteLine(line);
            onLine?.Invoke(line);
        }
    }

    process.WaitForExit();
    if (quiet && process.ExitCode != 0) kept.ForEach(Console.Error.WriteLine);
    return process.ExitCode;
}
