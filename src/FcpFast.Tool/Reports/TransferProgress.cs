using System;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;

namespace FcpFast.Tool.Reports;

/// <summary>Shows how far a transfer is: a bar if stderr is a terminal, events if another program attends, else nothing.</summary>
internal static class TransferProgress
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly SemaphoreSlim Bar = new(1); // a terminal has room for one

    /// <summary>Shows progress until the transfer ends, however it ends.</summary>
    /// <param name="title">What is being moved.</param>
    /// <param name="totalBytes">How much.</param>
    /// <param name="completeBytes">How much of it is done.</param>
    /// <param name="transfer">Ends with the transfer.</param>
    /// <param name="streams">Where to.</param>
    public static async Task ShowAsync(string title, ulong totalBytes, Func<ulong> completeBytes, Task transfer, ToolStreams streams)
    {
        if (streams.IsAttended)
        {
            while (!await EndsWithinStepAsync(transfer)) await streams.TellAsync("progress", Progress(title, totalBytes, completeBytes()));
        }
        else if (streams.IsTerminal && await Bar.WaitAsync(0))
        {
            try
            {
                await ShowBarAsync(title, totalBytes, completeBytes, transfer);
            }
            finally
            {
                Bar.Release();
            }
        }
        else
        {
            await transfer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static JsonObject Progress(string title, ulong totalBytes, ulong completeBytes) =>
        new() { ["name"] = title, ["complete_bytes"] = completeBytes, ["total_bytes"] = totalBytes };

    private static Task ShowBarAsync(string title, ulong totalBytes, Func<ulong> completeBytes, Task transfer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, totalBytes));
                while (!await EndsWithinStepAsync(transfer)) bar.Value = completeBytes();
                bar.Value = transfer.IsCompletedSuccessfully ? Math.Max(1, totalBytes) : completeBytes();
            });
    }

    private static async Task<bool> EndsWithinStepAsync(Task transfer)
    {
        await Task.WhenAny(transfer, Task.Delay(Step, CancellationToken.None));
        return transfer.IsCompleted;
    }
}
