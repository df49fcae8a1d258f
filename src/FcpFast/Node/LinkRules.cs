using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Node;

/// <summary>The times of links.</summary>
/// <remarks>Source: [WIRE §8]; what it leaves open is chosen here, once.</remarks>
internal static class LinkRules
{
    /// <summary>A Ping is sent after this much silence.</summary>
    public const long PingTicks = 5 * Instant.TicksPerSecond;

    /// <summary>And again after this, while it is not answered on a new session.</summary>
    public const long PingRepeatTicks = Instant.TicksPerSecond;

    /// <summary>Without an answer for this long, a new handshake.</summary>
    public const long PingTimeoutTicks = 15 * Instant.TicksPerSecond;

    /// <summary>A connection and its handshake must be done within this.</summary>
    public const long HandshakeTicks = 5 * Instant.TicksPerSecond;

    /// <summary>After a handshake for a rekey was given up, the next one waits this long.</summary>
    public const long RekeyRetryTicks = Instant.TicksPerSecond;

    /// <summary>Links are looked at no more often than this, however much happens.</summary>
    public const long SweepTicks = 10 * Instant.TicksPerMillisecond;

    /// <summary>The first pause after a failed try; it doubles.</summary>
    public const long RetryTicks = Instant.TicksPerSecond / 4;

    /// <summary>The longest pause between tries.</summary>
    public const long RetryTicksMax = 5 * Instant.TicksPerSecond;

    /// <summary>An unanswered probe is repeated after this.</summary>
    public const long ProbeRepeatTicks = Instant.TicksPerSecond / 4;

    /// <summary>The longest pause between unanswered probes.</summary>
    public const long ProbeRepeatTicksMax = 5 * Instant.TicksPerSecond;

    /// <summary>A path may be tried at another address at most once in this time.</summary>
    public const long MoveTicks = Instant.TicksPerSecond;

    /// <summary>Of two nodes that greet each other at once, the lower one drops the other's Hello for this long after its own.</summary>
    public const long CrossedTicks = 3 * Instant.TicksPerSecond;

    /// <summary>A stream that is younger than this is not replaced because a receiver is silent.</summary>
    public const long StreamUnheardTicks = Instant.TicksPerSecond / 2;

    /// <summary>A stream that is younger than this is not replaced because a receiver's stream is new.</summary>
    public const long StreamSettlesTicks = 30 * Instant.TicksPerSecond;

    /// <summary>A stream that is announced and not answered for is announced again after this.</summary>
    public const long NoticeRepeatTicks = Instant.TicksPerSecond;

    /// <summary>Nodes behind a relay count as ready for a new key this long after it has come: they hear of it from this node, and have to store it first.</summary>
    public const long FarReadyTicks = 2 * Instant.TicksPerSecond;

    /// <summary>Where the key before may seal no more, a peer that is not ready for the next one waits so long: for some flushes of a slow disk.</summary>
    public const long PauseTicks = 5 * Instant.TicksPerSecond;

    /// <summary>Announced streams of one peer that wait for their zone key or their record; the oldest makes room.</summary>
    public const int AnnouncedMax = 16;

    /// <summary>A probe keeps the path open after this much silence.</summary>
    public const long ProbeSilenceTicks = 20 * Instant.TicksPerSecond;

    /// <summary>A session is kept over restarts once it is so old: then its first lanes are open, and their ceilings go to the disk with it.</summary>
    public const long KeepTicks = Instant.TicksPerSecond / 2;

    /// <summary>If the store takes no session now, it is asked again after this.</summary>
    public const long KeepRetryTicks = Instant.TicksPerSecond;

    /// <summary>A kept session whose ceilings have not become durable for so long is given up; one that is not kept takes its place.</summary>
    public const long UndurableTicks = 5 * Instant.TicksPerSecond;

    /// <summary>Pings that one connection gets answered before its session is proven.</summary>
    public const int UnprovenAnswersMax = 8;

    /// <summary>Echoes owed to one peer at once; more are dropped.</summary>
    public const int EchoesMax = 16;
}
