using System;
using System.CommandLine;
using System.IO;
using System.Threading;
using FcpFast.Tool.Vectors;
using Spectre.Console;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast vectors check DIR…</c></summary>
/// <remarks>
/// Errors: <see cref="ExitCodes.CheckFailed"/> for any mismatch, any op or family that nobody knows and any file that could not be judged;
///         <see cref="ExitCodes.NotDone"/> for a folder that is not there or holds no vectors. Cases that a later issue owns are listed and
///         are no failure.
/// Source: DESIGN §4.
/// </remarks>
internal static class VectorsVerb
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "Folders of vector files; their subfolders are checked too.",
            Arity = ArgumentArity.OneOrMore,
        };
        EndpointArguments.RefuseOptionsAmong(folders);
        Option<bool> json = EndpointArguments.Json();
        var check = new Command("check", "Judges every vector file of a known family in these folders.") { folders, json };
        check.SetAction(async (parsed, cancellation) =>
        {
            var streams = new ToolStreams(parsed.InvocationConfiguration);
            VectorReport report = Check(parsed.GetValue(folders)!, streams.IsTerminal, cancellation);
            VectorReportWriter.WriteText(report, parsed.InvocationConfiguration.Output);
            if (parsed.GetValue(json)) await streams.WriteAsync(VectorReportWriter.ToJson(report));
            return report.IsClean ? ExitCodes.Done : ExitCodes.CheckFailed;
        });
        return new Command("vectors", "Checks this build against published and own vectors.") { check };
    }

    private static VectorReport Check(string[] folders, bool onTerminal, CancellationToken cancellation)
    {
        foreach (string folder in folders)
        {
            if (Directory.Exists(folder)) continue;
            string found = File.Exists(folder) ? "it is a file" : "there is no such folder";
            throw new ToolException(
                $"the vectors in '{folder}' cannot be checked: {found} (looked for {Path.GetFullPath(folder)}).",
                "name an existing folder of vector files, for example ../shared/vectors or tests/Vectors.");
        }

        if (!onTerminal) return Check(folders, _ => cancellation.ThrowIfCancellationRequested());
        IAnsiConsole progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return progress.Status().Start("checking", context => Check(folders, file =>
        {
            cancellation.ThrowIfCancellationRequested();
            context.Status(Markup.Escape(file));
        }));
    }

    private static VectorReport Check(string[] folders, Action<string> fileStarted)
    {
        var checker = new VectorChecker { FileStarted = fileStarted };
        int files = 0;
        foreach (string folder in folders) files += checker.CheckFolder(folder);
        if (files > 0 || checker.Report.Unjudged.Count > 0) return checker.Report;
        throw new ToolException(
            $"there is no vector file (*.json) in '{string.Join("', '", folders)}' nor below.",
            "name a folder that holds vector files, for example ../shared/vectors or tests/Vectors.");
    }
}
