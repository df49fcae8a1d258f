using System;
using System.Threading;

namespace FcpFast.Transport.Streams;

/// <summary>One counter per <see cref="StreamCount"/> and per <see cref="StreamCloseReason"/>.</summary>
/// <remarks>Threads: any.</remarks>
public sealed class StreamCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<StreamCount>().Length];
    private readonly long[] _closed = new long[Enum.GetValues<StreamCloseReason>().Length];

    /// <summary>A count so far.</summary>
    public long this[StreamCount count] => Volatile.Read(ref _counts[(int)count]);

    /// <summary>How many connections ended so.</summary>
    public long this[StreamCloseReason reason] => Volatile.Read(ref _closed[(int)reason]);

    internal void Add(StreamCount count, long times = 1) => Interlocked.Add(ref _counts[(int)count], times);

    internal void Add(StreamCloseReason reason) => Interlocked.Increment(ref _closed[(int)reason]);
}
