using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>When an announcement is repeated: after 1 s, doubling to 30 s, until a status names what it announces.</summary>
/// <remarks>Threads: one user at a time. Source: [WIRE §16.9].</remarks>
public sealed class AnnouncementTimer
{
    private long _sentTicks;
    private long _pauseTicks;
    private int _unheard;

    /// <summary>True if it is to be sent now.</summary>
    public bool IsDue(Instant now) => _pauseTicks == 0 || now.Ticks - _sentTicks >= _pauseTicks;

    /// <summary>It was sent, or there was no way for it, which does not make the pause longer.</summary>
    public void Sent(bool isOnItsWay, Instant now)
    {
        _sentTicks = now.Ticks;
        if (isOnItsWay) _unheard++;
        _pauseTicks = isOnItsWay && _pauseTicks > 0 ? TransferRules.Doubled(_pauseTicks) : TransferRules.RepeatTicks;
    }

    /// <summary>It is due at once.</summary>
    public void Reset() => _pauseTicks = 0;

    /// <summary>A status has named it.</summary>
    public void Heard() => _unheard = 0;

    /// <summary>
    /// True at the second time that it goes out unheard, the third, the fifth, the ninth and so on: then the receiver may have restarted, and
    /// refuse what is sealed in a stream from before.
    /// </summary>
    public bool IsLongUnheard => _unheard > 0 && int.IsPow2(_unheard);
}
