using System.Collections.Generic;
using System.Threading;

namespace FcpFast.Protocol.Diagnostics;

/// <summary>One counter per <see cref="FcpStatus"/>.</summary>
/// <remarks>
/// Threads: one writer; any thread may read and sees each counter whole, though not all of them at one moment.
/// Cost:    one addition a count, no allocation.
/// Source:  [WIRE §20] (<c>fcpfast_refused_total{reason}</c>).
/// </remarks>
public sealed class StatusCounters
{
    private readonly long[] _counts = new long[FcpStatusNames.Count];

    /// <summary>The count of one status so far.</summary>
    public long this[FcpStatus status] => Volatile.Read(ref _counts[(int)status]);

    /// <summary>Counts <paramref name="times"/> inputs that ended with <paramref name="status"/>.</summary>
    public void Count(FcpStatus status, long times = 1)
    {
        ref long count = ref _counts[(int)status];
        Volatile.Write(ref count, unchecked(count + times)); // 2^63 events do not happen; a wrap would harm nobody
    }

    /// <summary>Every status that was counted at least once, with its count; allocates.</summary>
    public Dictionary<FcpStatus, long> Snapshot()
    {
        var snapshot = new Dictionary<FcpStatus, long>();
        for (int i = 0; i < _counts.Length; i++)
        {
            long count = Volatile.Read(ref _counts[i]);
            if (count != 0) snapshot[(FcpStatus)i] = count;
        }

        return snapshot;
    }
}
