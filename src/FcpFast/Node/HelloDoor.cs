using System.Threading;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>Who may get an answer to a Hello: the bounds of a node on what strangers send, whichever shard it comes to.</summary>
/// <remarks>
/// Threads: any: the shards of a node share it.
/// Cost:    a lock a Hello, and one a batch in which verifications failed; nothing where all is well.
/// Source:  [WIRE §7.4], [REPLAY §2.8] (D13), [REPLAY §6.3].
/// </remarks>
public sealed class HelloDoor(AdmissionLimits limits)
{
    private readonly Lock _guard = new();
    private readonly HelloGate _gate = new();
    private readonly AddressLimiter _limiter = new(limits);

    /// <summary>Counts a Hello and decides whether it is looked at.</summary>
    /// <param name="from">Its sender's address.</param>
    /// <param name="isDatagram">False if it came over a connection.</param>
    /// <param name="isFull">True if its shard has no room for a session.</param>
    /// <param name="now">The time.</param>
    /// <param name="isUnderLoad">True while each Hello needs a cookie.</param>
    /// <returns><c>Accepted</c>, <c>AuthFailureBudgetExceeded</c>, <c>PeerTableFull</c> or <c>HelloBudgetExceeded</c>.</returns>
    public FcpStatus Enter(NetAddress from, bool isDatagram, bool isFull, Instant now, out bool isUnderLoad)
    {
        lock (_guard)
        {
            isUnderLoad = _gate.IsUnderLoad(now);
            FcpStatus status = _limiter.Judge(from, now);
            bool isProvenStranger = status == FcpStatus.PeerTableFull && !isDatagram; // connections are bounded by their own number
            if (status != FcpStatus.Accepted && !isProvenStranger) return status;
            if (isFull) return FcpStatus.PeerTableFull;
            status = _gate.Enter(isDatagram, now);
            isUnderLoad = _gate.IsUnderLoad(now);
            return status;
        }
    }

    /// <summary>Counts failed verifications of an address.</summary>
    public void CountFailures(NetAddress from, long failures, Instant now)
    {
        lock (_guard) _limiter.CountFailures(from, failures, now);
    }
}
