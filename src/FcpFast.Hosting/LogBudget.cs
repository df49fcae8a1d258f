using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Hosting;

/// <summary>Bounds how often the same thing is logged: what peers can cause must not fill a disk.</summary>
/// <remarks>
/// Shape:   a window of a minute for each pair of kind and reason, of which there are a few hundred at most: both are names of this program.
/// Threads: any.
/// </remarks>
/// <param name="perMinuteMax">Lines of one kind and reason in a minute.</param>
/// <param name="time">The clock.</param>
internal sealed class LogBudget(int perMinuteMax, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, FcpStatus Reason), Line> _lines = [];

    /// <summary>True if it may be logged now; else it is counted.</summary>
    public bool Take(string kind, FcpStatus reason)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (!_lines.TryGetValue((kind, reason), out Line? line)) _lines.Add((kind, reason), line = new Line { SinceTimestamp = now });
            if (time.GetElapsedTime(line.SinceTimestamp, now) >= Window) (line.SinceTimestamp, line.Taken) = (now, 0);
            if (line.Taken < perMinuteMax)
            {
                line.Taken++;
                return true;
            }

            line.Withheld++;
            return false;
        }
    }

    /// <summary>What was counted and not logged since the last call.</summary>
    public IReadOnlyList<(string Kind, FcpStatus Reason, long Count)> Withheld()
    {
        lock (_lock)
        {
            (string, FcpStatus, long)[] withheld = [.. _lines.Where(static line => line.Value.Withheld > 0).Select(static line => (line.Key.Kind, line.Key.Reason, line.Value.Withheld))];
            foreach (Line line in _lines.Values) line.Withheld = 0;
            return withheld;
        }
    }

    private sealed class Line
    {
        public long SinceTimestamp { get; set; }

        public int Taken { get; set; }

        public long Withheld { get; set; }
    }
}
