using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
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
    private const int WordsMax = 10_000;
    private static readonly TimeSpan OrderlyEndMax = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource<JsonObject> _firstEvent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _words = [];
    private readonly Process _process;
    private readonly Action<JsonObject>? _happened;
    private readonly Task _ended;
    private readonly long _startedTimestamp;
    private long _readyTimestamp;
    private JsonObject? _report;

    private ToolProcess(Process process, Action<JsonObject>? happened)
    {
        _startedTimestamp = Stopwatch.GetTimestamp();
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

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>From its start to its first event; zero before that.</summary>
    public TimeSpan ReadyAfter => Volatile.Read(ref _readyTimestamp) is var ready and not 0 ? Stopwatch.GetElapsedTime(_startedTimestamp, ready) : TimeSpan.Zero;

    /// <summary>Starts the tool with these arguments.</summary>
    public static ToolProcess Start(IEnumerable<string> arguments, Action<JsonObject>? happened = null) => Start(null, null, [.. arguments, "--attended", "--json"], happened);

    /// <summary>Starts a service, which makes no report.</summary>
    /// <param name="program">A native build of the tool; null for this one.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="arguments">Verb and options.</param>
    public static ToolProcess StartService(string? program, string folder, IEnumerable<string> arguments) => Start(program, folder, [.. arguments, "--attended"], null);

    private static ToolProcess Start(string? given, string? folder, IEnumerable<string> arguments, Action<JsonObject>? happened)
    {
        string program = given ?? Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder ?? "" };
        bool isHost = given is null && Path.GetFileNameWithoutExtension(program) == "dotnet";
        if (isHost) start.ArgumentList.Add(Path.GetFullPath(Environment.GetCommandLineArgs()[0]));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return new ToolProcess(Process.Start(start) ?? throw new ToolException($"{program} did not start", "check that it may be executed"), happened);
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {Id}")]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its first event; null if it ends without one.</summary>
    public async Task<JsonObject?> FirstEventAsync(CancellationToken cancellation)
    {
        await Task.WhenAny(_firstEvent.Task, Ended).WaitAsync(cancellation);
        return _firstEvent.Task.IsCompletedSuccessfully ? await _firstEvent.Task : null;
    }

    /// <summary>Asks it to end, and waits until it has; ends it if it does not.</summary>
    public Task StopAsync() => StopAsync(OrderlyEndMax);

    /// <summary>As above, with another patience.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        try
        {
            _process.StandardInput.Close();
            await Ended.WaitAsync(patience);
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

            if (_readyTimestamp == 0) Volatile.Write(ref _readyTimestamp, Stopwatch.GetTimestamp());
            _firstEvent.TrySetResult(parsed);
            _happened?.Invoke(parsed);
        }
    }

    private async Task ReadWordsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (_words.Count < WordsMax) _words.Add(line);
        }
    }
}
