using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Tool.Demo;

/// <summary>Another process of this tool, attended by this one: its events, its report, its words, its end.</summary>
/// <remarks>
/// Shape:   it ends in order when its stdin ends, and so also when this process dies, however it dies.
/// Threads: one user; events come on threads of the pool, one after the other.
/// </remarks>
internal sealed class ToolProcess : IAsyncDisposable
{
    private static readonly TimeSpan OrderlyEndMax = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource<JsonObject> _firstEvent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _words = [];
    private readonly Process _process;
    private readonly Action<JsonObject>? _happened;
    private readonly Task _ended;
    private JsonObject? _report;

    private ToolProcess(Process process, Action<JsonObject>? happened)
    {
        _process = process;
        _happened = happened;
        _ended = Task.WhenAll(ReadLinesAsync(), ReadWordsAsync(), process.WaitForExitAsync());
    }

    /// <summary>Ends when the process has ended and everything it said was read.</summary>
    public Task Ended => _ended;

    /// <summary>What it said on stderr; whole once it has ended.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Its report, if it made one; whole once it has ended.</summary>
    public JsonObject? Report => _report;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the tool with these arguments.</summary>
    public static ToolProcess Start(IEnumerable<string> arguments, Action<JsonObject>? happened = null)
    {
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        if (isHost) start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--attended");
        start.ArgumentList.Add("--json");
        return new ToolProcess(Process.Start(start) ?? throw new ToolException($"{program} did not start", "check that it may be executed"), happened);
    }

    /// <summary>Waits for its first event; null if it ends without one.</summary>
    public async Task<JsonObject?> FirstEventAsync(CancellationToken cancellation)
    {
        await Task.WhenAny(_firstEvent.Task, Ended).WaitAsync(cancellation);
        return _firstEvent.Task.IsCompletedSuccessfully ? await _firstEvent.Task : null;
    }

    /// <summary>Asks it to end, and waits until it has; ends it if it does not.</summary>
    public async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await Ended.WaitAsync(OrderlyEndMax);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            _process.Kill();
            await Ended;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private async Task ReadLinesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith('{') || JsonNode.Parse(line) is not JsonObject parsed) continue;
            if (!parsed.ContainsKey("event"))
            {
                _report = parsed;
                continue;
            }

            _firstEvent.TrySetResult(parsed);
            _happened?.Invoke(parsed);
        }
    }

    private async Task ReadWordsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line) _words.Add(line);
    }
}
