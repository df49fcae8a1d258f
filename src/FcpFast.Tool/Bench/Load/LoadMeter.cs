using System;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Bench.Load;

/// <summary>What one end of a load used while it was measured.</summary>
internal sealed class LoadMeter
{
    private long _timestamp;
    private long _allocatedBytes;
    private int _collections;
    private TimeSpan _processor;
    private long _frames;
    private long _payloadBytes;

    /// <summary>Begins to count.</summary>
    public void Start(long frames, long payloadBytes)
    {
        _frames = frames;
        _payloadBytes = payloadBytes;
        _processor = Environment.CpuUsage.TotalTime;
        _collections = GC.CollectionCount(0);
        _allocatedBytes = GC.GetAllocatedBytesForCurrentThread();
        _timestamp = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends it.</summary>
    public JsonObject Stop(long frames, long payloadBytes)
    {
        double seconds = Stopwatch.GetElapsedTime(_timestamp).TotalSeconds;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - _allocatedBytes; // before the report itself allocates
        int collections = GC.CollectionCount(0) - _collections;
        double processor = (Environment.CpuUsage.TotalTime - _processor).TotalSeconds;
        long counted = Math.Max(1, frames - _frames), bytes = payloadBytes - _payloadBytes;
        return new JsonObject
        {
            ["seconds"] = Math.Round(seconds, 4),
            ["frames"] = frames - _frames,
            ["payload_bytes"] = bytes,
            ["goodput_gbps"] = Math.Round(bytes * 8 / seconds / 1e9, 3),
            ["ns_per_frame"] = Math.Round(seconds * 1e9 / counted, 2),
            ["cpu_seconds"] = Math.Round(processor, 3),
            ["allocated_bytes_per_frame"] = Math.Round((double)allocated / counted, 3),
            ["gc_collections"] = collections,
        };
    }
}
