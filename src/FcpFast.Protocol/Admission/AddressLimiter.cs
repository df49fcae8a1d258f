using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Admission;

/// <summary>Counts failed verifications by source address and port, never by the peer that a message claims to be from.</summary>
/// <remarks>
/// Shape:   a limited address gets no answer, makes no new state and no log line; frames from it that name a live session are still
///          verified, so nobody can silence a peer from its own address.
/// Threads: one user at a time.
/// Cost:    a dictionary look-up a batch; bounded to <see cref="AdmissionLimits.TrackedMax"/> addresses.
/// Source:  [REPLAY §2.8] (D13), [WIRE §19].
/// </remarks>
public sealed class AddressLimiter
{
    private readonly Dictionary<NetAddress, Entry> _addresses = [];
    private readonly long _failuresPerMinute;
    private long _nextForgetTicks;

    /// <summary>Makes an empty limiter.</summary>
    public AddressLimiter(AdmissionLimits limits) => _failuresPerMinute = limits.FailedAuthenticationsPerMinute;

    /// <summary>Addresses tracked now.</summary>
    public int Count => _addresses.Count;

    /// <summary>Counts failures of an address.</summary>
    public void CountFailures(NetAddress address, long failures, Instant now)
    {
        if (!_addresses.TryGetValue(address, out Entry? entry))
        {
            if (_addresses.Count >= AdmissionLimits.TrackedMax && !Forget(now)) return; // then Judge refuses it as a stranger
            _addresses[address] = entry = new Entry();
        }

        entry.LastTicks = now.Ticks;
        entry.Failures.Add(failures, now);
    }

    /// <summary>Decides whether an address may get an answer or make state.</summary>
    /// <returns><c>Accepted</c>, <c>AuthFailureBudgetExceeded</c>, or <c>PeerTableFull</c> for a stranger while no one else can be tracked.</returns>
    public FcpStatus Judge(NetAddress address, Instant now)
    {
        if (_addresses.TryGetValue(address, out Entry? entry))
        {
            return entry.Failures.Allows(0, _failuresPerMinute, now) ? FcpStatus.Accepted : FcpStatus.AuthFailureBudgetExceeded;
        }

        return _addresses.Count < AdmissionLimits.TrackedMax || Forget(now) ? FcpStatus.Accepted : FcpStatus.PeerTableFull;
    }

    /// <summary>Forgets addresses that were silent for ten minutes; true if there is room now.</summary>
    private bool Forget(Instant now)
    {
        if (now.Ticks < _nextForgetTicks) return false; // at most one sweep a second, whatever comes
        _nextForgetTicks = now.Ticks + Instant.TicksPerSecond;
        foreach ((NetAddress address, Entry entry) in _addresses)
        {
            if (now.Ticks - entry.LastTicks >= AdmissionLimits.ForgetTicks) _addresses.Remove(address); // allowed while enumerating
        }

        return _addresses.Count < AdmissionLimits.TrackedMax;
    }

    private sealed class Entry
    {
        public FixedWindow Failures;
        public long LastTicks;
    }
}
