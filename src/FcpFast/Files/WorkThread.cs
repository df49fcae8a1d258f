using System;
using System.Collections.Generic;
using System.Threading;

namespace FcpFast.Files;

/// <summary>A thread that works through requests in their order.</summary>
/// <typeparam name="TRequest">A small struct.</typeparam>
/// <remarks>
/// Shape:   it takes all requests that wait at once, and sleeps at once when there are none: on two cores, a thread that spins for the next
///          request takes the time of the one that would make it.
/// Threads: requests come from any thread; they are worked on one after the other.
/// Cost:    no allocation a request once both queues have grown; a system call only where the thread sleeps.
/// </remarks>
internal sealed class WorkThread<TRequest> : IDisposable
    where TRequest : struct
{
    private readonly object _gate = new(); // a monitor, since Lock cannot wait
    private readonly Action<TRequest> _work;
    private readonly Thread _thread;
    private Queue<TRequest> _waiting = new();
    private bool _isIdle;
    private bool _isOver;

    public WorkThread(string name, Action<TRequest> work)
    {
        _work = work;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Puts a request in line, and wakes the thread.</summary>
    public void Add(TRequest request)
    {
        AddForLater(request);
        Wake();
    }

    /// <summary>Puts a request in line; a thread that sleeps goes on sleeping until <see cref="Wake"/> or another <see cref="Add"/>.</summary>
    public void AddForLater(TRequest request)
    {
        lock (_gate) _waiting.Enqueue(request);
    }

    /// <summary>Wakes the thread if something waits for it.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_isIdle && _waiting.Count > 0) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Finishes what was asked for, then ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        var taken = new Queue<TRequest>();
        while (true)
        {
            lock (_gate)
            {
                _isIdle = true;
                while (_waiting.Count == 0)
                {
                    if (_isOver) return;
                    Monitor.Wait(_gate);
                }

                _isIdle = false;
                (taken, _waiting) = (_waiting, taken);
            }

            while (taken.TryDequeue(out TRequest request)) _work(request);
        }
    }
}
