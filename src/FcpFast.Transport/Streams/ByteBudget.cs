using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Transport.Streams;

/// <summary>The memory that messages of many connections may take together; who finds none waits for his turn.</summary>
/// <remarks>
/// Shape:   first come, first served, so that a large message is not passed over for ever; each connection waits for one at a time.
/// Threads: any.
/// </remarks>
internal sealed class ByteBudget(long limitBytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private long _usedBytes;

    /// <summary>Bytes taken now.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate) return _usedBytes;
        }
    }

    /// <summary>Takes bytes, at most the limit, as soon as there are so many.</summary>
    /// <remarks>Errors: <see cref="OperationCanceledException"/>; then nothing is taken.</remarks>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellation)
    {
        Invariant.Require(bytes <= limitBytes, "no message is larger than the budget");
        cancellation.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _usedBytes + bytes <= limitBytes)
            {
                _usedBytes += bytes;
                return;
            }

            node = _waiting.AddLast(new Waiter(bytes));
        }

        using (cancellation.UnsafeRegister(static (state, token) => ((Waiter)state!).Turn.TrySetCanceled(token), node.Value))
        {
            try
            {
                await node.Value.Turn.Task.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                lock (_gate)
                {
                    if (node.List is not null) _waiting.Remove(node);
                    Serve(); // those behind may be smaller
                }

                throw;
            }
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(int bytes)
    {
        lock (_gate)
        {
            _usedBytes -= bytes;
            Invariant.Require(_usedBytes >= 0, "a budget gets back what was taken");
            Serve();
        }
    }

    private void Serve()
    {
        while (_waiting.First is { } first && _usedBytes + first.Value.Bytes <= limitBytes)
        {
            _waiting.RemoveFirst();
            if (first.Value.Turn.TrySetResult()) _usedBytes += first.Value.Bytes; // false: it was cancelled
        }
    }

    private sealed class Waiter(int bytes)
    {
        public int Bytes => bytes;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
