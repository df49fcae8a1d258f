using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.State;

namespace FcpFast.Tool.Demo;

/// <summary>Turns the zone's key again and again while the demo moves: each manifest is put into the inbox of the sender, from which the receiver hears of it.</summary>
/// <remarks>Shape: the owner is in this process, so a rotation costs one signature, two boxes and one flush, and a short period can be kept.</remarks>
internal sealed class Rotations : IAsyncDisposable
{
    /// <summary>How far ahead each key begins.</summary>
    private const ulong LeadSeconds = 1;

    private readonly CancellationTokenSource _stopping = new();
    private readonly DemoFleet _fleet;
    private readonly string _senderFolder;
    private readonly int _everySeconds;
    private readonly Task _turning;
    private TimeSpan _longestGap;
    private int _made;

    private Rotations(DemoFleet fleet, string senderFolder, int everySeconds)
    {
        _fleet = fleet;
        _senderFolder = senderFolder;
        _everySeconds = everySeconds;
        _turning = TurnAsync();
    }

    /// <summary>Begins.</summary>
    public static Rotations Start(DemoFleet fleet, string senderFolder, int everySeconds) => new(fleet, senderFolder, everySeconds);

    /// <summary>Makes no more.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _turning;
    }

    /// <summary>What was made, what the receiver heard of by way of the sender, and what was lost. The last may be under way when the sender ends.</summary>
    /// <param name="receiverWords">What the receiver said.</param>
    /// <param name="received">Its report.</param>
    public JsonObject Report(IEnumerable<string> receiverWords, JsonObject received)
    {
        int heard = receiverWords.Count(static line => line.StartsWith($"zone {DemoFleet.Zone} has key ", StringComparison.Ordinal));
        long lost = HandOverLoss.In(received).Sum(static reason => (long)reason.Value!);
        return new JsonObject
        {
            ["every_seconds"] = _everySeconds,
            ["lead_seconds"] = LeadSeconds,
            ["made"] = _made,
            ["heard"] = heard,
            ["longest_gap_seconds"] = Math.Round(_longestGap.TotalSeconds, 3),
            ["frames_lost"] = lost,
            ["ok"] = _made > 0 && heard >= _made - 1 && lost == 0,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task TurnAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_everySeconds));
        long last = Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                Inbox.Put(_senderFolder, [_fleet.Rotate(LeadSeconds, (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds())]);
                long now = Stopwatch.GetTimestamp();
                TimeSpan gap = Stopwatch.GetElapsedTime(last, now);
                if (gap > _longestGap) _longestGap = gap;
                last = now;
                _made++;
            }
        }
        catch (OperationCanceledException)
        {
            // the demo has moved enough
        }
    }
}
