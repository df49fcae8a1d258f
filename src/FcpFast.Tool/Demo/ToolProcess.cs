using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace FcpFast.Tool.Demo;

/// <summary>Another process of this tool: its lines of JSON, its words on stderr, its end.</summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private readonly Channel<JsonObject> _lines = Channel.CreateUnbounded<JsonObject>();
    private readonly List<string> _errors = [];
    private readonly Process _process;
    private readonly Task _reading;

    private ToolProcess(Process process, Action<string>? tell)
    {
        _process = process;
        _reading = Task.WhenAll(ReadLinesAsync(), ReadErrorsAsync(tell));
    }

    /// <summary>What it said on stderr.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Starts the tool with these arguments.</summary>
    public static ToolProcess Start(IEnumerable<string> arguments, Action<string>? tell)
    {
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        if (isHost) start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return new ToolProcess(Process.Start(start) ?? throw new ToolException($"{program} did not start", "check that it may be executed"), tell);
    }

    /// <summary>Its next line of JSON; null when it has ended.</summary>
    public async Task<JsonObject?> NextLineAsync(CancellationToken cancellation) =>
        await _lines.Reader.WaitToReadAsync(cancellation) && _lines.Reader.TryRead(out JsonObject? line) ? line : null;

    /// <summary>Waits for its end and returns its last line of JSON.</summary>
    public async Task<JsonObject?> EndAsync(CancellationToken cancellation)
    {
        JsonObject? last = null;
        while (await NextLineAsync(cancellation) is { } line) last = line;
        await _process.WaitForExitAsync(cancellation);
        return last;
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _process.Dispose();
    }

    private async Task ReadLinesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('{') && JsonNode.Parse(line) is JsonObject parsed) _lines.Writer.TryWrite(parsed);
        }

        _lines.Writer.Complete();
    }

    private async Task ReadErrorsAsync(Action<string>? tell)
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors) _errors.Add(line);
            tell?.Invoke(line);
        }
    }
}
