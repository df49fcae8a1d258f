using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Tool.Tests.Support;

/// <summary>The built tool as a process of its own: what it says, line by line, and its end.</summary>
/// <remarks>Shape: waits are for events, with a deadline that only a hanging program reaches; whatever happens, the process is gone afterwards.</remarks>
internal sealed class RunningTool : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly Process _process;
    private readonly Task _ended;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningTool(Process process)
    {
        _process = process;
        _ended = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors), process.WaitForExitAsync());
        _ = _ended.ContinueWith(_ => Wake(), TaskScheduler.Default);
    }

    public int Id => _process.Id;

    /// <summary>Starts the tool.</summary>
    public static RunningTool Start(params string[] arguments) => StartIn(null, arguments);

    /// <summary>Starts the tool with another folder for temporary files.</summary>
    public static RunningTool StartIn(string? temporaryFolder, params string[] arguments) => StartCommand([.. ToolProgram.Command, .. arguments], temporaryFolder);

    /// <summary>Starts any command; its last words are to be the tool's.</summary>
    public static RunningTool StartCommand(string[] command, string? temporaryFolder = null)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // else a killed process leaves the runtime's own pipes behind
        if (temporaryFolder is not null) start.Environment["TMPDIR"] = temporaryFolder;
        return new RunningTool(Process.Start(start)!);
    }

    /// <summary>Runs the tool to its end.</summary>
    public static async Task<ToolRun> RunAsync(params string[] arguments)
    {
        await using RunningTool tool = Start(arguments);
        return await tool.EndAsync();
    }

    /// <summary>Waits for a line on stderr that contains these words.</summary>
    public Task<string> SaysAsync(string words) => WaitAsync(_errors, line => line.Contains(words, StringComparison.Ordinal), $"'{words}' on stderr");

    /// <summary>Waits for an event that fits.</summary>
    public async Task<JsonObject> TellsAsync(string name, Func<JsonObject, bool>? fits = null)
    {
        string line = await WaitAsync(_output, text => IsEvent(text, name, out JsonObject? told) && (fits is null || fits(told!)), $"event {name}");
        return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>The address that a receiver listens at.</summary>
    public async Task<string> ListensAtAsync() => (string)(await TellsAsync("listening"))["address"]!;

    /// <summary>Sends a signal by its name, such as INT.</summary>
    public void Signal(string name) => Assert.True(ToolProgram.Try("sh", "-c", $"kill -{name} {Id}"), $"the process is not there to take {name}");

    /// <summary>Ends the process as a power cut would, though what it wrote stays.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Says that nothing will come on stdin any more.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits for the end; nothing that was said may look like a trace of the program's own calls.</summary>
    public async Task<ToolRun> EndAsync()
    {
        await _ended.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var run = new ToolRun(_process.ExitCode, Text(_output), Text(_errors));
        run.AssertNoStackTrace();
        Assert.DoesNotContain("Exception", run.Output + run.Errors, StringComparison.Ordinal);
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _ended;
        _process.Dispose();
    }

    private static bool IsEvent(string line, string name, out JsonObject? told)
    {
        told = line.StartsWith("{\"event\":", StringComparison.Ordinal) ? JsonNode.Parse(line)!.AsObject() : null;
        return (string?)told?["event"] == name;
    }

    private static string Text(List<string> lines)
    {
        lock (lines) return string.Concat(lines.Select(static line => line + "\n"));
    }

    private async Task ReadAsync(StreamReader from, List<string> to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (to) to.Add(line);
            Wake();
        }
    }

    private void Wake() => Interlocked.Exchange(ref _news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task<string> WaitAsync(List<string> lines, Func<string, bool> fits, string wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        for (int seen = 0; ;)
        {
            Task news = Volatile.Read(ref _news).Task; // before the look, so that nothing is missed
            bool isOver = _ended.IsCompleted;
            lock (lines)
            {
                for (; seen < lines.Count; seen++)
                {
                    if (fits(lines[seen])) return lines[seen];
                }
            }

            if (isOver || patience.IsCancellationRequested)
            {
                Assert.Fail($"waited for {wanted}; the tool {(isOver ? $"ended with {_process.ExitCode}" : "goes on")}, and said:\n{Text(_output)}{Text(_errors)}");
            }

            await news.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
