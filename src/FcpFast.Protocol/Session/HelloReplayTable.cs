using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>The (from, nonce) pairs of Hellos that were accepted, until their timestamps have left the skew window.</summary>
/// <remarks>
/// Shape:   bounded; forgets by time only. When it is full, a cookie is asked for, and what does not fit is refused: a table that forgets
///          by count could be flushed.
/// Threads: one user at a time.
/// Cost:    O(1) amortised; only Hellos whose signature verified are added.
/// Source:  [REPLAY §6.3], [WIRE §7.5].
/// </remarks>
public sealed class HelloReplayTable
{
    /// <summary>Pairs kept at once.</summary>
    public const int PairsMax = 65_536;

    /// <summary>Pairs of one peer: more than two Hellos a second for as long as they are kept, so that no peer takes the room of the others.</summary>
    public const int PairsPerPeerMax = 512;

    private readonly HashSet<(NodeId, Bytes16)> _pairs = [];
    private readonly Dictionary<NodeId, int> _pairsOf = [];
    private readonly Queue<(NodeId, Bytes16, long ForgetTicks)> _inOrder = new();

    /// <summary>True if no further pair fits.</summary>
    public bool IsFull => _pairs.Count >= PairsMax;

    /// <summary>Judges a pair, and adds none.</summary>
    /// <returns>
    /// <c>Accepted</c>; <c>HelloReplayed</c> if it is known, or if there is no room to remember it; <c>HelloBudgetExceeded</c> if the peer has
    /// used up its own part.
    /// </returns>
    public FcpStatus Judge(NodeId from, ReadOnlySpan<byte> nonce, Instant now)
    {
        Forget(now);
        if (IsFull || _pairs.Contains((from, Bytes16.Read(nonce)))) return FcpStatus.HelloReplayed;
        return _pairsOf.GetValueOrDefault(from) < PairsPerPeerMax ? FcpStatus.Accepted : FcpStatus.HelloBudgetExceeded;
    }

    /// <summary>Adds the pair of a Hello that is accepted.</summary>
    /// <returns>As <see cref="Judge"/>; anything but <c>Accepted</c> adds nothing.</returns>
    public FcpStatus Add(NodeId from, ReadOnlySpan<byte> nonce, Instant now)
    {
        FcpStatus status = Judge(from, nonce, now);
        if (status != FcpStatus.Accepted) return status;
        Bytes16 bytes = Bytes16.Read(nonce);
        _pairs.Add((from, bytes));
        _pairsOf[from] = _pairsOf.GetValueOrDefault(from) + 1;
        _inOrder.Enqueue((from, bytes, now.Ticks + SessionRules.CookieRequiredTicks));
        return status;
    }

    /// <summary>Forgets the pairs whose time is over.</summary>
    public void Forget(Instant now)
    {
        while (_inOrder.TryPeek(out (NodeId From, Bytes16 Nonce, long ForgetTicks) oldest) && oldest.ForgetTicks <= now.Ticks)
        {
            _inOrder.Dequeue();
            _pairs.Remove((oldest.From, oldest.Nonce));
            int left = _pairsOf[oldest.From] - 1;
            if (left == 0) _pairsOf.Remove(oldest.From);
            else _pairsOf[oldest.From] = left;
        }
    }
}
