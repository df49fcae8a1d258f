using System;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using FcpFast.Protocol.Wire;

namespace FcpFast.Host;

/// <summary>Hellos of a shard's peers that came to another shard.</summary>
/// <remarks>
/// Shape:   so many and no more: a flood of Hellos with made-up names fills this, and nothing else of the shard.
/// Threads: any puts, the shard takes.
/// Cost:    a copy of the Hello; the node's door has let in a bounded number a second.
/// </remarks>
internal sealed class HelloQueue
{
    public const int HellosMax = 256;

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private int _count;

    /// <summary>Puts a copy of a Hello; false if there is no room.</summary>
    public bool TryPut(ReadOnlySpan<byte> hello, NetAddress from)
    {
        if (Interlocked.Increment(ref _count) > HellosMax)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _waiting.Enqueue(new Waiting(hello.ToArray(), from));
        return true;
    }

    /// <summary>Takes the oldest; false if there is none.</summary>
    public bool TryTake([NotNullWhen(true)] out Waiting? hello)
    {
        if (!_waiting.TryDequeue(out hello)) return false;
        Interlocked.Decrement(ref _count);
        return true;
    }

    /// <summary>A Hello, and where it came from.</summary>
    public sealed record Waiting(ReadOnlyMemory<byte> Hello, NetAddress From);
}
