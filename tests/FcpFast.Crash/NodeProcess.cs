using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Crash;

/// <summary>A process of the tool that is killed and started again with the same arguments.</summary>
internal sealed class NodeProcess(string name, string tool, string[] arguments) : IAsyncDisposable
{
    private const int WordsMax = 200;

    private readonly Queue<string> _words = new();
    private Process? _process;
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource _firstEvent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its name in messages.</summary>
    public string Name => name;

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>How many of its processes went on with a session of the one before.</summary>
    public int Resumptions { get; private set; }

    /// <summary>Ends when the process that runs now has ended.</summary>
    public Task Ended => _process!.WaitForExitAsync(CancellationToken.None);

    public bool HasExited => _process!.HasExited;

    public int ExitCode => _process!.ExitCode;

    /// <summary>The last things that it said.</summary>
    public string Words
    {
        get
        {
            lock (_words) return string.Join(Environment.NewLine, _words);
        }
    }

    public void Start()
    {
        var start = new ProcessStartInfo("dotnet", [tool, .. arguments, "--attended"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // else each kill leaves the runtime's own pipes behind
        _firstEvent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadEventsAsync(_process.StandardOutput, _firstEvent), ReadWordsAsync(_process.StandardError));
    }

    /// <summary>Waits for its first event: it listens, or has its session; false if it ended before.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        await Task.WhenAny(_firstEvent.Task, Ended).WaitAsync(cancellation);
        return _firstEvent.Task.IsCompleted;
    }

    /// <summary>Ends it as kill -9 does.</summary>
    public async Task KillAsync()
    {
        Kills++;
        _process!.Kill();
        await Ended;
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await Ended;
        await _reading;
        _process.Dispose();
        _process = null;
    }

    private static async Task ReadEventsAsync(StreamReader output, TaskCompletionSource firstEvent)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("{\"event\":", StringComparison.Ordinal)) firstEvent.TrySetResult();
        }
    }

    private async Task ReadWordsAsync(StreamReader errors)
    {
        while (await errors.ReadLineAsync() is { } line)
        {
            lock (_words)
            {
                if (line.Contains("session(s) of the process before", StringComparison.Ordinal)) Resumptions++;
                _words.Enqueue($"{name}: {line}");
                if (_words.Count > WordsMax) _words.Dequeue();
            }
        }
    }
}
