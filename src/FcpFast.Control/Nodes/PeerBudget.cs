using System.Collections.Generic;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Nodes;

/// <summary>What one peer may still cost in a minute, whatever sessions it opens meanwhile.</summary>
/// <param name="sinceUnixSeconds">When its first minute begins.</param>
/// <remarks>Threads: one user at a time. Cost: an entry a zone of this node.</remarks>
internal sealed class PeerBudget(ulong sinceUnixSeconds)
{
    private const ulong WindowSeconds = 60;

    private readonly Dictionary<ZoneId, ulong> _answered = [];
    private ulong _windowUnixSeconds = sinceUnixSeconds;

    /// <summary>Records that are none, or not the owner's.</summary>
    public int Refusals { get; set; }

    /// <summary>Records and requests that change nothing.</summary>
    public int Idle { get; set; }

    /// <summary>Messages of groups.</summary>
    public int GroupMessages { get; set; }

    /// <summary>Of those, the ones passed on although nobody here could verify them.</summary>
    public int Unproven { get; set; }

    /// <summary>True once the minute is over, or the clock stepped back.</summary>
    public bool IsOver(ulong nowUnixSeconds) => nowUnixSeconds >= _windowUnixSeconds + WindowSeconds || nowUnixSeconds < _windowUnixSeconds;

    /// <summary>True while the peer is listened to.</summary>
    public bool MaySpeak(ulong nowUnixSeconds)
    {
        if (IsOver(nowUnixSeconds))
        {
            _windowUnixSeconds = nowUnixSeconds;
            Refusals = 0;
            Idle = 0;
            GroupMessages = 0;
            Unproven = 0;
        }

        return Refusals < RecordExchange.RefusalsMax && Idle < RecordExchange.IdleMax;
    }

    /// <summary>At most once in so many seconds a zone; the default zone stands for attestations and revocations.</summary>
    public bool MayAsk(ZoneId zone, ulong nowUnixSeconds, ulong seconds)
    {
        if (_answered.TryGetValue(zone, out ulong last) && nowUnixSeconds >= last && nowUnixSeconds < last + seconds) return false;
        _answered[zone] = nowUnixSeconds;
        return true;
    }
}
