using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Admission;

/// <summary>How many Hellos a node looks at, and when there are so many that everyone is asked for a cookie.</summary>
/// <remarks>
/// Shape:   counts in seconds. Datagrams have a limit of their own, since their senders' addresses prove nothing; Hellos over a connection are
///          bounded by the connections.
/// Threads: one user at a time.
/// Cost:    O(1), no allocation.
/// Source:  [WIRE §7.4] (under load), [REPLAY §6.3].
/// </remarks>
public sealed class HelloGate
{
    /// <summary>Hellos a second that are looked at when they come as datagrams; more are dropped unread.</summary>
    public const int DatagramsPerSecondMax = 20_000;

    /// <summary>More Hellos in a second than this are a load.</summary>
    public const int LoadPerSecond = 200;

    /// <summary>How long a load is remembered.</summary>
    public const long LoadTicks = 10 * Instant.TicksPerSecond;

    private long _secondStartedTicks = long.MinValue / 2;
    private long _loadedUntilTicks = long.MinValue / 2;
    private int _hellos;
    private int _datagrams;

    /// <summary>Counts a Hello and decides whether it is looked at.</summary>
    /// <param name="isDatagram">False if it came over a connection.</param>
    /// <param name="now">The time.</param>
    /// <returns><c>Accepted</c> or <c>HelloBudgetExceeded</c>.</returns>
    public FcpStatus Enter(bool isDatagram, Instant now)
    {
        if (now.Ticks - _secondStartedTicks >= Instant.TicksPerSecond)
        {
            _secondStartedTicks = now.Ticks;
            _hellos = 0;
            _datagrams = 0;
        }

        if (isDatagram && _datagrams == DatagramsPerSecondMax) return FcpStatus.HelloBudgetExceeded;
        if (isDatagram) _datagrams++;
        if (_hellos <= LoadPerSecond) _hellos++;
        if (_hellos > LoadPerSecond) _loadedUntilTicks = now.Ticks + LoadTicks;
        return FcpStatus.Accepted;
    }

    /// <summary>True while so many Hellos come in, or came a short while ago, that each needs a cookie.</summary>
    public bool IsUnderLoad(Instant now) => now.Ticks < _loadedUntilTicks;
}
