using System;
using System.Collections.Concurrent;
using System.Threading;

namespace FcpFast.Files;

/// <summary>A thread that works through requests in their order.</summary>
/// <typeparam name="TRequest">A small struct.</typeparam>
/// <remarks>
/// Threads: requests come from any thread; they are worked on one after the other.
/// Cost:    no allocation a request once the queue has grown.
/// </remarks>
internal sealed class WorkThread<TRequest> : IDisposable
    where TRequest : struct
{
    private readonly ConcurrentQueue<TRequest> _requests = new();
    private readonly SemaphoreSlim _pending = new(0);
    private readonly Action<TRequest> _work;
    private readonly Thread _thread;
    private volatile bool _isOver;

    public WorkThread(string name, Action<TRequest> work)
    {
        _work = work;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public void Add(TRequest request)
    {
        _requests.Enqueue(request);
        _pending.Release();
    }

    /// <summary>Finishes what was asked for, then ends.</summary>
    public void Dispose()
    {
        if (_isOver) return;
        _isOver = true;
        _pending.Release();
        _thread.Join();
        _pending.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _pending.Wait();
            if (_requests.TryDequeue(out TRequest request)) _work(request);
            else if (_isOver) return;
        }
    }
}
