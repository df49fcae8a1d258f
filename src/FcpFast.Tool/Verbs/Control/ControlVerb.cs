using System;
using System.CommandLine;
using System.Text.Json.Nodes;
using FcpFast.Control.Store;

namespace FcpFast.Tool.Verbs.Control;

/// <summary>A verb of the control plane: does one thing, says it in words, or as JSON.</summary>
internal static class ControlVerb
{
    /// <summary>Makes a verb of a function that returns what it did, and a line of words about it.</summary>
    public static Command Create(string name, string description, Symbol[] parts, Func<ParseResult, (JsonObject Report, string Words)> run) =>
        Create(name, description, parts, parsed =>
        {
            (JsonObject report, string words) = run(parsed);
            return (report, words, ExitCodes.Done);
        });

    /// <summary>The same where the exit code depends on what was found.</summary>
    public static Command Create(string name, string description, Symbol[] parts, Func<ParseResult, (JsonObject Report, string Words, int ExitCode)> run)
    {
        Option<bool> json = EndpointArguments.Json();
        var command = new Command(name, description) { json };
        foreach (Symbol part in parts)
        {
            if (part is Argument argument) command.Add(argument);
            else command.Add((Option)part);
        }

        command.SetAction(parsed =>
        {
            try
            {
                (JsonObject report, string words, int exitCode) = run(parsed);
                parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json) ? report.ToJsonString() : words);
                return exitCode;
            }
            catch (StateStoreException e)
            {
                throw new ToolException(e.Message, e.Remedy, e);
            }
        });
        return command;
    }
}
