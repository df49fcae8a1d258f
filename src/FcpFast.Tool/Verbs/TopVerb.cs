using System;
using System.CommandLine;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Tool.Reports;
using Spectre.Console;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast top</c>: a running node, again and again.</summary>
internal static class TopVerb
{
    public static Command Create()
    {
        Option<string> state = EndpointArguments.State();
        Option<int> every = EndpointArguments.Number("--every", "SECONDS", "Look again after so many seconds.", 1, 3600, 1);
        Option<int> count = EndpointArguments.Number("--count", "N", "End after so many looks; go on until interrupted if left out.", 1, int.MaxValue);
        var command = new Command("top", "Shows a node that runs on this machine, live: rates of peers, zones and refusals.") { state, every, count };
        command.SetAction(async (parsed, cancellation) =>
        {
            string folder = parsed.GetValue(state)!;
            using FcpDoorClient client = await NodeDoor.ConnectAsync(folder, cancellation);
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(parsed.InvocationConfiguration.Output) });
            try
            {
                await ShowAsync(client, folder, console, TimeSpan.FromSeconds(parsed.GetValue(every)), parsed.GetValue(count), cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // the way to end it
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task ShowAsync(FcpDoorClient client, string folder, IAnsiConsole console, TimeSpan every, int count, CancellationToken cancellation)
    {
        JsonObject before = await NodeDoor.ReadStatusAsync(client, folder, cancellation);
        await console.Live(new Text(NodeWords.Head(before))).StartAsync(async live =>
        {
            for (int look = 0; count == 0 || look < count; look++)
            {
                await Task.Delay(every, cancellation);
                JsonObject now = await NodeDoor.ReadStatusAsync(client, folder, cancellation);
                double seconds = Math.Max(0.001, (double)now["uptime_seconds"]! - (double)before["uptime_seconds"]!);
                live.UpdateTarget(TopScreen.Of(now, before, seconds));
                before = now;
            }
        });
    }
}
