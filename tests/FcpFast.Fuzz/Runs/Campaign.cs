using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Fuzz.Corpora;
using FcpFast.Fuzz.Targets;

namespace FcpFast.Fuzz.Runs;

/// <summary>Runs afl-fuzz over targets, some at a time, for so many minutes each, and keeps what it found.</summary>
/// <remarks>
/// Shape: below .artifacts/fuzz: bin (the instrumented copy of this program), and a folder a target in which afl-fuzz goes on where it ended.
/// </remarks>
internal static class Campaign
{
    private static readonly string Folder = Path.Combine(CorpusFolder.Repository, ".artifacts", "fuzz");

    public static int Run(string[] args)
    {
        var minutes = new Option<double>("--minutes") { Description = "How long each target is run", DefaultValueFactory = static _ => 1 };
        var jobs = new Option<int>("--jobs") { Description = "How many targets are run at a time", DefaultValueFactory = static _ => Environment.ProcessorCount };
        jobs.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("fuzz: --jobs: at least 1");
        });
        var names = new Argument<string[]>("TARGET") { Arity = ArgumentArity.ZeroOrMore };
        var command = new RootCommand("Fuzzes parsers and state machines with afl-fuzz, guided by the coverage that SharpFuzz adds.") { minutes, jobs, names };
        ParseResult parsed = command.Parse(args);
        string[] chosen = parsed.GetValue(names) ?? [];
        string? unknown = chosen.FirstOrDefault(static name => FuzzTargets.Named(name) is null);
        if (parsed.Errors.Count > 0 || unknown is not null)
        {
            Console.Error.WriteLine(unknown is null ? parsed.Errors[0].Message : $"fuzz: there is no target '{unknown}'; there are {string.Join(' ', FuzzTargets.All.Select(static target => target.Name))}");
            return 2;
        }

        if (!IsInstalled("afl-fuzz"))
        {
            Console.Error.WriteLine("fuzz: afl-fuzz is not installed\nRemedy: apt-get install afl++");
            return 3;
        }

        Prepare();
        int findings = 0;
        IEnumerable<FuzzTarget> targets = FuzzTargets.All.Where(target => chosen.Length == 0 || chosen.Contains(target.Name));
        Parallel.ForEach(
            Partitioner.Create(targets, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = parsed.GetValue(jobs) },
            target => Interlocked.Add(ref findings, Fuzz(target, TimeSpan.FromMinutes(parsed.GetValue(minutes)))));
        Console.WriteLine($"{findings} findings");
        return findings == 0 ? 0 : 1;
    }

    /// <summary>Copies this program and instruments the copy.</summary>
    private static void Prepare()
    {
        string bin = Path.Combine(Folder, "bin");
        if (Directory.Exists(bin)) Directory.Delete(bin, recursive: true);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(bin, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        if (Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "FcpFast.Fuzz.dll"), "instrument", bin], null) != 0) throw new InvalidOperationException("the copy was not instrumented");
    }

    private static int Fuzz(FuzzTarget target, TimeSpan time)
    {
        string seeds = Path.Combine(Folder, target.Name, "in"), work = Path.Combine(Folder, target.Name, "out");
        Directory.CreateDirectory(seeds);
        foreach ((string name, byte[] input) in CorpusFolder.Inputs(target)) File.WriteAllBytes(Path.Combine(seeds, name), input);
        string[] arguments =
        [
            "-i", Directory.Exists(Path.Combine(work, "default", "queue")) ? "-" : seeds, "-o", work, "-m", "none", "-t", "10000", "-G", target.InputBytesMax.ToString(CultureInfo.InvariantCulture),
            "-V", ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture), "--", "dotnet", Path.Combine(Folder, "bin", "FcpFast.Fuzz.dll"), "afl", target.Name,
        ];
        int exit = Start("afl-fuzz", arguments, Path.Combine(Folder, target.Name, "afl.log"));
        string[] crashes = [.. Found(work, "crashes"), .. Found(work, "hangs")];
        Dictionary<string, string> figures = Figures(Path.Combine(work, "default", "fuzzer_stats"));
        double totalMinutes = double.Parse(figures.GetValueOrDefault("run_time", "0"), CultureInfo.InvariantCulture) / 60;
        List<string> words =
        [
            string.Create(CultureInfo.InvariantCulture, $"{target.Name}: {totalMinutes:0.0} minutes in all, {figures.GetValueOrDefault("execs_done", "0")} inputs, ")
                + $"{figures.GetValueOrDefault("corpus_count", "0")} that differ in coverage, {figures.GetValueOrDefault("bitmap_cvg", "?")} of the map, {crashes.Length} findings",
            .. crashes.Select(static crash => $"   {crash}"),
        ];
        if (exit != 0 && figures.Count == 0) words.Add($"   afl-fuzz ended with {exit}: see {Path.Combine(Folder, target.Name, "afl.log")}");
        Console.WriteLine(string.Join(Environment.NewLine, words)); // at once: another target may have ended
        return crashes.Length + (exit != 0 && figures.Count == 0 ? 1 : 0);
    }

    private static IEnumerable<string> Found(string work, string kind) =>
        Directory.Exists(Path.Combine(work, "default", kind)) ? Directory.EnumerateFiles(Path.Combine(work, "default", kind), "id*") : [];

    private static Dictionary<string, string> Figures(string file) => !File.Exists(file)
        ? []
        : File.ReadLines(file).Select(static line => line.Split(':', 2)).Where(static parts => parts.Length == 2).ToDictionary(static parts => parts[0].Trim(), static parts => parts[1].Trim());

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static int Start(string program, string[] arguments, string? log)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = log is not null, RedirectStandardError = log is not null };
        foreach (string name in (string[])["AFL_NO_UI", "AFL_SKIP_BIN_CHECK", "AFL_SKIP_CPUFREQ", "AFL_NO_AFFINITY", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES"]) start.Environment[name] = "1";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        if (log is not null)
        {
            using var writer = new StreamWriter(log);
            process.OutputDataReceived += (_, line) => Write(writer, line.Data);
            process.ErrorDataReceived += (_, line) => Write(writer, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
            return process.ExitCode;
        }

        process.WaitForExit();
        return process.ExitCode;
    }

    private static void Write(StreamWriter writer, string? line)
    {
        lock (writer) writer.WriteLine(line);
    }
}
