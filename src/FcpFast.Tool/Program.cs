using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool.Verbs;

namespace FcpFast.Tool;

/// <summary>The <c>fcpfast</c> command.</summary>
internal static class Program
{
    private const string TraceVariable = "FCPFAST_TRACE";

    public static async Task<int> Main(string[] args)
    {
        using var interruption = new Interruption();
        return await RunAsync(args, Console.Out, Console.Error, interruption.Token);
    }

    /// <summary>Runs the command with these streams and returns its exit code.</summary>
    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken cancellation = default)
    {
        try
        {
            ParseResult parsed = CommandTree.Parse(args);
            if (parsed.Errors.Count > 0)
            {
                foreach (ParseError error in parsed.Errors) await errors.WriteLineAsync($"fcpfast: {error.Message}");
                await errors.WriteLineAsync("Try 'fcpfast --help', or '--help' after a verb.");
                return ExitCodes.WrongUsage;
            }

            var streams = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = errors,
            };
            return await parsed.InvokeAsync(streams, cancellation);
        }
        catch (ToolException e)
        {
            return await FailAsync(errors, e.Message, e.Remedy);
        }
        catch (PlatformNotSupportedException e)
        {
            await errors.WriteLineAsync($"fcpfast: {e.Message}");
            return ExitCodes.NotDone;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await errors.WriteLineAsync("fcpfast: interrupted");
            return ExitCodes.NotDone;
        }
#pragma warning disable CA1031 // the last resort: a defect is told in words too, and its trace to who asks for it
        catch (Exception e)
        {
            if (Environment.GetEnvironmentVariable(TraceVariable) == "1") await errors.WriteLineAsync(e.ToString());
            return await FailAsync(errors, $"a defect of this program: {e.Message}", $"report it, with what {TraceVariable}=1 shows");
        }
#pragma warning restore CA1031
    }

    private static async Task<int> FailAsync(TextWriter errors, string what, string remedy)
    {
        await errors.WriteLineAsync($"fcpfast: {what}");
        await errors.WriteLineAsync($"Remedy: {remedy}");
        return ExitCodes.NotDone;
    }
}
