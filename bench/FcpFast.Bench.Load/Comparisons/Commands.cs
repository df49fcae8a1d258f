using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool;

namespace FcpFast.Bench.Load.Comparisons;

/// <summary>Runs programs of the system.</summary>
internal static class Commands
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(1);

    /// <summary>Those of the named programs that are not installed.</summary>
    public static string[] Missing(params string[] names)
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/sbin"];
        return [.. names.Where(name => !folders.Any(folder => File.Exists(Path.Combine(folder, name))))];
    }

    /// <summary>Starts a program that goes on beside this one.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start) ?? throw new ToolException($"{program} did not start", "check that it may be executed");
    }

    /// <summary>Runs a program to its end and returns what it wrote.</summary>
    /// <remarks>Errors: <see cref="ToolException"/> if it fails or does not end.</remarks>
    public static async Task<string> RunAsync(string[] command, CancellationToken cancellation)
    {
        using Process process = Start(command[0], command[1..]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(EndsWithin);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token), errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode == 0) return await output;
            throw new ToolException($"'{string.Join(' ', command)}' failed: {await errors}{await output}", "run it by hand");
        }
        finally
        {
            End(process);
        }
    }

    /// <summary>Ends a program that may still run.</summary>
    public static void End(Process process)
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }

    /// <summary>Ends them all.</summary>
    public static void EndAll(IEnumerable<Process> processes)
    {
        foreach (Process process in processes)
        {
            End(process);
            process.Dispose();
        }
    }
}
