using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Replay;

/// <summary>When a stream or session asks to be replaced, and when it stops.</summary>
/// <param name="SoftFrames">Frames after which a successor is wanted.</param>
/// <param name="SoftBytes">Frame bytes after which a successor is wanted.</param>
/// <param name="SoftTicks">Age after which a successor is wanted.</param>
/// <remarks>
/// Shape:  the hard limits are twice the soft ones, and <see cref="HardSeq"/> for the number.
/// Source: [REPLAY §4.5], [WIRE §8].
/// </remarks>
public readonly record struct SequencerLimits(ulong SoftFrames, ulong SoftBytes, long SoftTicks)
{
    /// <summary>A sender stops here (D7).</summary>
    public const ulong HardSeq = 1ul << 48;

    /// <summary>A receiver's fence moves a stream on by no more; so it cannot bring it to its end at once.</summary>
    public const ulong SkipMax = 1ul << 32;

    /// <summary>10^9 frames, 2^40 bytes, 86,400 s.</summary>
    public static SequencerLimits Default => new(1_000_000_000, 1ul << 40, 86_400 * Instant.TicksPerSecond);

    /// <summary>Frames after which the sender stops; a limit that is configured away stays away.</summary>
    public ulong HardFrames => SoftFrames > ulong.MaxValue / 2 ? ulong.MaxValue : 2 * SoftFrames;

    /// <summary>Frame bytes after which the sender stops.</summary>
    public ulong HardBytes => SoftBytes > ulong.MaxValue / 2 ? ulong.MaxValue : 2 * SoftBytes;

    /// <summary>Age at which the sender stops.</summary>
    public long HardTicks => SoftTicks > long.MaxValue / 2 ? long.MaxValue : 2 * SoftTicks;

    /// <summary>Reduces each limit by 0 to 10 %, so that peers that started together do not rekey together.</summary>
    /// <param name="random">64 random bits.</param>
    public SequencerLimits Jittered(ulong random)
    {
        ulong perMille = random % 101; // 0 to 100 per mille
        return new SequencerLimits(
            SoftFrames - (SoftFrames / 1000 * perMille), SoftBytes - (SoftBytes / 1000 * perMille),
            SoftTicks - (SoftTicks / 1000 * (long)perMille));
    }
}
