using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.IO;
using System.Threading.Tasks;
using FcpFast.Tool.Verbs;

namespace FcpFast.Tool;

/// <summary>The <c>fcpfast</c> command.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => RunAsync(args, Console.Out, Console.Error);

    /// <summary>Runs the command with these streams and returns its exit code.</summary>
    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        // Not a RootCommand: that would call itself by the assembly's name.
        var root = new Command("fcpfast", "FcpFast: the data plane of the Flywheel Connector Protocol, edition 2.")
        {
            new HelpOption(), new VersionOption(), DemoVerb.Create(), SendVerb.Create(), ReceiveVerb.Create(), VectorsVerb.Create(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors) await errors.WriteLineAsync($"fcpfast: {error.Message}");
            await errors.WriteLineAsync("Try 'fcpfast --help', or '--help' after a verb.");
            return ExitCodes.WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = errors });
        }
        catch (ToolException e)
        {
            await errors.WriteLineAsync($"fcpfast: {e.Message}");
            await errors.WriteLineAsync($"Remedy: {e.Remedy}");
            return ExitCodes.NotDone;
        }
        catch (PlatformNotSupportedException e)
        {
            await errors.WriteLineAsync($"fcpfast: {e.Message}");
            return ExitCodes.NotDone;
        }
    }
}
