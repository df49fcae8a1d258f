using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>The times and bounds of file transfers.</summary>
/// <remarks>Source: [WIRE §16.9]; what it leaves to a receiver or sender is chosen here, once.</remarks>
public static class TransferRules
{
    /// <summary>Files of one source that a node receives at once.</summary>
    public const int IncomingPerSourceMax = 32;

    /// <summary>Files that a node receives at once.</summary>
    public const int IncomingMax = 256;

    /// <summary>Finished files that a node still answers for.</summary>
    public const int FinishedMax = 4_096;

    /// <summary>How long it answers for them.</summary>
    public const long FinishedTicks = 24L * 3600 * Instant.TicksPerSecond;

    /// <summary>Segments of one file that are open at a receiver at once.</summary>
    public const int OpenSegmentsMax = 4;

    /// <summary>Chunks that all open segments of a node list together, however often the same one.</summary>
    public const int ListedChunksMax = 1 << 17;

    /// <summary>Chunks that the open segments of one source list together: one segment of the longest kind.</summary>
    public const int ListedChunksPerSourceMax = ListedChunksMax / 2;

    /// <summary>Ranges of complete segments that a receiver lets a file have; fewer than a status can carry.</summary>
    public const int DoneRangesMax = 1_000;

    /// <summary>While symbols come in, a status is sent at least this often if there is something to tell.</summary>
    public const long StatusTicks = 10 * Instant.TicksPerMillisecond;

    /// <summary>And never more often than this.</summary>
    public const long StatusTicksMin = Instant.TicksPerMillisecond / 2;

    /// <summary>A status for which there was no way is tried again after this.</summary>
    public const long RetryTicks = 50 * Instant.TicksPerMillisecond;

    /// <summary>Without progress, the first pause between statuses and between repetitions of an announcement; it doubles.</summary>
    public const long RepeatTicks = Instant.TicksPerSecond;

    /// <summary>The longest such pause.</summary>
    public const long RepeatTicksMax = 30 * Instant.TicksPerSecond;

    /// <summary>A part of the credit after which progress is told at once.</summary>
    public const int StatusPerCredit = 8;

    /// <summary>A receiver that has told nothing for this long is asked, by another announcement.</summary>
    public const long SilenceTicks = 2 * Instant.TicksPerSecond;

    /// <summary>How long a receiver waits for symbols that were overtaken before it calls them missing.</summary>
    public const long ReorderTicks = 5 * Instant.TicksPerMillisecond;

    /// <summary>
    /// A file of which nothing was heard for so long may be forgotten where another needs its place: nobody tells a receiver that a transfer was given up
    /// [WIRE §16.9]. A source that goes on after all announces it again after <see cref="SilenceTicks"/>, and it goes on where it was left.
    /// </summary>
    public const long StandstillTicks = 600 * Instant.TicksPerSecond;

    /// <summary>A failed file may be tried again after this.</summary>
    public const long RetryFailedTicks = 5 * Instant.TicksPerSecond;

    /// <summary>The shortest time after which a sender asks again after the chunk that it sent last, if no status tells of it.</summary>
    public const long ResendTicksMin = 50 * Instant.TicksPerMillisecond;

    /// <summary>The longest such time.</summary>
    public const long ResendTicksMax = 5 * Instant.TicksPerSecond;

    /// <summary>The next pause after one without progress.</summary>
    public static long Doubled(long ticks) => long.Min(2 * ticks, RepeatTicksMax);
}
