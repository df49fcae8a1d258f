using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Threading.Tasks;
using FcpFast.Tool.Verbs;

namespace FcpFast.Tool;

/// <summary>The <c>fcpfast</c> command.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        // Not a RootCommand: that would call itself by the assembly's name.
        var root = new Command("fcpfast", "FcpFast: the data plane of the Flywheel Connector Protocol, edition 2.")
        {
            new HelpOption(), new VersionOption(), VectorsVerb.Create(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors) await Console.Error.WriteLineAsync($"fcpfast: {error.Message}");
            await Console.Error.WriteLineAsync("Try 'fcpfast --help', or '--help' after a verb.");
            return ExitCodes.WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (ToolException e)
        {
            await Console.Error.WriteLineAsync($"fcpfast: {e.Message}");
            await Console.Error.WriteLineAsync($"Remedy: {e.Remedy}");
            return ExitCodes.NotDone;
        }
        catch (PlatformNotSupportedException e)
        {
            await Console.Error.WriteLineAsync($"fcpfast: {e.Message}");
            return ExitCodes.NotDone;
        }
    }
}
