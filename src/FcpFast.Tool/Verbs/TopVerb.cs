using System;
using System.CommandLine;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Tool.Reports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast top</c>: a running node, again and again.</summary>
internal static class TopVerb
{
    private const int PipeColumns = 200;

    public static Command Create()
    {
        Option<string> state = EndpointArguments.State();
        Option<int> every = EndpointArguments.Number("--every", "SECONDS", "Look again after so many seconds.", 1, 3600, 1);
        Option<int> count = EndpointArguments.Number("--count", "N", "End after so many looks; go on until interrupted if left out.", 1, int.MaxValue);
        var command = new Command("top", "Shows a node that runs on this machine, live: rates of peers, zones and refusals. On a pipe, each look is written below the one before.") { state, every, count };
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

    /// <summary>On a terminal each look takes the place of the one before; elsewhere it is written below.</summary>
    private static async Task ShowAsync(FcpDoorClient client, string folder, IAnsiConsole console, TimeSpan every, int count, CancellationToken cancellation)
    {
        JsonObject before = await NodeDoor.ReadStatusAsync(client, folder, cancellation);
        if (console.Profile.Out.IsTerminal)
        {
            await console.Live(new Text(NodeWords.Head(before))).StartAsync(live => LookAsync(live.UpdateTarget));
            return;
        }

        console.Profile.Width = PipeColumns;
        await LookAsync(console.Write);

        async Task LookAsync(Action<IRenderable> show)
        {
            for (int look = 0; count == 0 || look < count; look++)
            {
                await Task.Delay(every, cancellation);
                JsonObject now = await NodeDoor.ReadStatusAsync(client, folder, cancellation);
                double seconds = Math.Max(0.001, (double)now["uptime_seconds"]! - (double)before["uptime_seconds"]!);
                show(TopScreen.Of(now, before, seconds));
                before = now;
            }
        }
    }
}
