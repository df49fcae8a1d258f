using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;

namespace FcpFast.Tool.Reports;

/// <summary>Shows on stderr how far a transfer is: a bar on a terminal, a line every few seconds elsewhere, nothing where it is not wanted.</summary>
internal static class TransferProgress
{
    private const int LineEverySeconds = 5;

    /// <summary>Shows progress until the transfer ends.</summary>
    /// <param name="title">What is being moved.</param>
    /// <param name="totalBytes">How much.</param>
    /// <param name="completeBytes">How much of it is done.</param>
    /// <param name="transfer">Ends with the transfer.</param>
    /// <param name="errors">Where to; a bar only if it is the terminal.</param>
    public static async Task ShowAsync(string title, ulong totalBytes, Func<ulong> completeBytes, Task transfer, TextWriter errors)
    {
        if (errors == Console.Error && !Console.IsErrorRedirected) await ShowBarAsync(title, totalBytes, completeBytes, transfer);
        else await ShowLinesAsync(title, totalBytes, completeBytes, transfer, errors);
    }

    private static async Task ShowBarAsync(string title, ulong totalBytes, Func<ulong> completeBytes, Task transfer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, totalBytes));
                while (!await EndsWithinAsync(transfer, TimeSpan.FromMilliseconds(100))) bar.Value = completeBytes();
                bar.Value = transfer.IsCompletedSuccessfully ? Math.Max(1, totalBytes) : completeBytes();
            });
    }

    private static async Task ShowLinesAsync(string title, ulong totalBytes, Func<ulong> completeBytes, Task transfer, TextWriter errors)
    {
        while (!await EndsWithinAsync(transfer, TimeSpan.FromSeconds(LineEverySeconds)))
        {
            double percent = totalBytes == 0 ? 100 : 100.0 * completeBytes() / totalBytes;
            await errors.WriteLineAsync($"{title}: {percent:F0} % of {totalBytes} bytes");
        }
    }

    private static async Task<bool> EndsWithinAsync(Task transfer, TimeSpan time)
    {
        await Task.WhenAny(transfer, Task.Delay(time, CancellationToken.None));
        return transfer.IsCompleted;
    }
}
