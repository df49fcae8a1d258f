using System.Threading;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>Hands out the sequence numbers of one sealing stream, each once.</summary>
/// <remarks>
/// Shape:   a number is spent when it is taken, whether the frame is sent or not; it never comes back.
/// Errors:  <c>MustRekey</c> once a hard limit is reached or the stream was retired or stopped; never wraps, never blocks.
/// Threads: taking is atomic; any thread.
/// Cost:    one compare-and-swap a batch, no allocation.
/// Source:  [REPLAY §4.2], [REPLAY §4.4], [REPLAY §4.5].
/// </remarks>
public sealed class Sequencer
{
    private readonly SequencerLimits _limits;
    private readonly long _startedTicks;
    private ulong _next = 1;
    private ulong _bytes;
    private int _state;

    /// <summary>Starts a stream at number 1.</summary>
    /// <param name="instance">Drawn for this stream alone.</param>
    /// <param name="limits">Already jittered.</param>
    /// <param name="now">The time of the start.</param>
    public Sequencer(SenderInstanceId instance, SequencerLimits limits, Instant now)
    {
        Instance = instance;
        _limits = limits;
        _startedTicks = now.Ticks;
    }

    /// <summary>The instance that the numbers belong to.</summary>
    public SenderInstanceId Instance { get; }

    /// <summary>The state.</summary>
    public SequencerState State => (SequencerState)Volatile.Read(ref _state);

    /// <summary>The first number not taken yet.</summary>
    public FrameSeq Next => new(Volatile.Read(ref _next));

    /// <summary>Takes <paramref name="count"/> consecutive numbers for frames of <paramref name="bytes"/> in all.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="bytes">Frame bytes that will be sealed under them.</param>
    /// <param name="now">For the age limit.</param>
    /// <param name="first">The first number; the others follow.</param>
    /// <returns><c>Accepted</c> or <c>MustRekey</c>; <c>MustRekey</c> spends nothing.</returns>
    public FcpStatus Take(int count, ulong bytes, Instant now, out FrameSeq first)
    {
        if (count < 1) ThrowHelper.BadArgument(nameof(count), "at least one number is taken");
        first = default;
        while (true)
        {
            if (State >= SequencerState.Retired) return FcpStatus.MustRekey;
            ulong next = Volatile.Read(ref _next);
            ulong after = next + (ulong)count;
            ulong taken = Volatile.Read(ref _bytes);
            ulong bytesAfter = bytes > ulong.MaxValue - taken ? ulong.MaxValue : taken + bytes;
            if (after > SequencerLimits.HardSeq || Exceeds(after - 1, bytesAfter, now, _limits.HardFrames, _limits.HardBytes, _limits.HardTicks))
            {
                Stop();
                return FcpStatus.MustRekey;
            }

            if (Interlocked.CompareExchange(ref _next, after, next) != next) continue;
            Interlocked.Add(ref _bytes, bytes);
            bool isWorn = Exceeds(after - 1, bytesAfter, now, _limits.SoftFrames, _limits.SoftBytes, _limits.SoftTicks);
            Raise(isWorn ? SequencerState.Rekeying : SequencerState.Sending);
            first = new FrameSeq(next);
            return FcpStatus.Accepted;
        }
    }

    /// <summary>Passes over the numbers up to one that the receiver has named: it would refuse them. Numbers only rise by it.</summary>
    /// <param name="ceiling">The receiver takes numbers above this one.</param>
    /// <returns><c>Accepted</c>, also where nothing is left to pass over; <c>InvalidRequest</c> for more than 2^32 beyond the next number, or the end of a stream.</returns>
    /// <remarks>Source: [REPLAY §6.2].</remarks>
    public FcpStatus SkipTo(FrameSeq ceiling)
    {
        while (true)
        {
            ulong next = Volatile.Read(ref _next);
            if (ceiling.Value < next) return FcpStatus.Accepted;
            if (ceiling.Value - next > SequencerLimits.SkipMax || ceiling.Value >= SequencerLimits.HardSeq) return FcpStatus.InvalidRequest;
            if (Interlocked.CompareExchange(ref _next, ceiling.Value + 1, next) == next) return FcpStatus.Accepted;
        }
    }

    /// <summary>Ends the stream because its successor is up.</summary>
    public void Retire() => Raise(SequencerState.Retired);

    /// <summary>Ends the stream for good: a hard limit, or a sign that this process has a twin.</summary>
    public void Stop() => Raise(SequencerState.Stopped);

    private bool Exceeds(ulong frames, ulong bytes, Instant now, ulong framesMax, ulong bytesMax, long ticksMax) =>
        frames > framesMax || bytes > bytesMax || now.Ticks - _startedTicks > ticksMax;

    /// <summary>States only move forward.</summary>
    private void Raise(SequencerState state)
    {
        int current = Volatile.Read(ref _state);
        while (current < (int)state)
        {
            int seen = Interlocked.CompareExchange(ref _state, (int)state, current);
            if (seen == current) return;
            current = seen;
        }
    }
}
