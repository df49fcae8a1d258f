using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading;

namespace FcpFast.Tool.Reports;

/// <summary>What a transfer costs this process, from the making of the meter on.</summary>
/// <remarks>
/// Shape:   allocation a frame is what all threads of the process allocated (control messages, timers and this meter included) in the steady
///          part of the transfer, divided by the frames of that part: from the first sample after a quarter of all frames to the last
///          sample before the end. A transfer too short for samples that far apart is taken whole, start-up included.
/// Threads: any may read.
/// Cost:    a sample every 200 ms.
/// </remarks>
internal sealed class TransferMeter : IDisposable
{
    private const int SamplesMax = 1024;
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(200);

    private readonly long _startedTimestamp = Stopwatch.GetTimestamp();
    private readonly TimeSpan _processor = ProcessorTime();
    private readonly int _collections = GC.CollectionCount(0); // each collection of a higher generation counts here too
    private readonly List<Sample> _samples = new(SamplesMax);
    private readonly Lock _gate = new();
    private readonly Func<long> _frames;
    private readonly Timer _timer;

    /// <summary>Starts.</summary>
    /// <param name="frames">Tells how many frames were worked on so far.</param>
    public TransferMeter(Func<long> frames)
    {
        _frames = frames;
        _samples.Add(Take());
        _timer = new Timer(static meter => ((TransferMeter)meter!).Keep(), this, SampleEvery, SampleEvery);
    }

    /// <summary>The most memory that this process has held.</summary>
    public static double PeakResidentMebibytes()
    {
        using Process self = Process.GetCurrentProcess();
        return Math.Round(self.PeakWorkingSet64 / 1048576.0, 1);
    }

    /// <summary>The cost so far.</summary>
    public JsonObject Read()
    {
        double seconds = Stopwatch.GetElapsedTime(_startedTimestamp).TotalSeconds;
        Sample now = Take();
        (Sample from, Sample to) = SteadyPart(now);
        return new JsonObject
        {
            ["seconds"] = Math.Round(seconds, 4),
            ["cpu_seconds"] = Math.Round((ProcessorTime() - _processor).TotalSeconds, 4),
            ["allocated_bytes"] = now.AllocatedBytes - _samples[0].AllocatedBytes,
            ["allocated_bytes_per_frame"] = Math.Round((double)(to.AllocatedBytes - from.AllocatedBytes) / Math.Max(1, to.Frames - from.Frames), 3),
            ["allocated_over_frames"] = to.Frames - from.Frames,
            ["gc_collections"] = GC.CollectionCount(0) - _collections,
        };
    }

    public void Dispose() => _timer.Dispose();

    private static TimeSpan ProcessorTime()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private Sample Take() => new(_frames(), GC.GetTotalAllocatedBytes(precise: true));

    private void Keep()
    {
        Sample sample = Take();
        lock (_gate)
        {
            if (_samples.Count == SamplesMax) Thin();
            _samples.Add(sample);
        }
    }

    /// <summary>Drops every other sample: a long transfer needs no finer ones.</summary>
    private void Thin()
    {
        for (int kept = 0; kept < SamplesMax / 2; kept++) _samples[kept] = _samples[2 * kept];
        _samples.RemoveRange(SamplesMax / 2, SamplesMax / 2);
    }

    private (Sample From, Sample To) SteadyPart(Sample now)
    {
        lock (_gate)
        {
            Sample first = _samples[0], last = _samples[^1];
            long quarter = (now.Frames - first.Frames) / 4;
            foreach (Sample sample in _samples)
            {
                if (sample.Frames - first.Frames < quarter) continue;
                if (last.Frames - sample.Frames < quarter) break;
                return (sample, last);
            }

            return (first, now);
        }
    }

    private readonly record struct Sample(long Frames, long AllocatedBytes);
}
