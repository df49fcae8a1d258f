using System;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Reports;

/// <summary>What a stretch of work cost this process.</summary>
internal sealed class ProcessMeter
{
    private readonly long _startedTimestamp = Stopwatch.GetTimestamp();
    private readonly long _allocatedBytes = GC.GetTotalAllocatedBytes();
    private readonly int _collections = Collections();
    private readonly TimeSpan _processor = ProcessorTime();

    /// <summary>Ends the stretch.</summary>
    /// <param name="frames">Frames that were worked on, to which allocations are related.</param>
    public JsonObject Stop(long frames)
    {
        double seconds = Stopwatch.GetElapsedTime(_startedTimestamp).TotalSeconds;
        long allocated = GC.GetTotalAllocatedBytes() - _allocatedBytes;
        return new JsonObject
        {
            ["seconds"] = Math.Round(seconds, 4),
            ["cpu_seconds"] = Math.Round((ProcessorTime() - _processor).TotalSeconds, 4),
            ["allocated_bytes"] = allocated,
            ["allocated_bytes_per_frame"] = Math.Round(frames == 0 ? 0 : (double)allocated / frames, 3),
            ["gc_collections"] = Collections() - _collections,
        };
    }

    /// <summary>The most memory that this process has held.</summary>
    public static double PeakResidentMebibytes()
    {
        using Process self = Process.GetCurrentProcess();
        return Math.Round(self.PeakWorkingSet64 / 1048576.0, 1);
    }

    private static int Collections() => GC.CollectionCount(0); // each collection of a higher generation counts here too

    private static TimeSpan ProcessorTime()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
