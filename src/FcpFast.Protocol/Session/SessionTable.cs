using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>The sessions of a node, found by the id that datagrams and control frames carry.</summary>
/// <remarks>
/// Shape:   at most <c>sessionsMax</c> with state, and a ring of ids of closed ones.
/// Threads: one user at a time.
/// Cost:    a comparison when the session is the last one asked for, else a dictionary look-up; no allocation but when a session is added.
/// Source:  [REPLAY §1], [REPLAY §2.7].
/// </remarks>
public sealed class SessionTable
{
    private const int ClosedIdsMax = 4_096;

    private readonly Dictionary<SessionId, PeerSession> _sessions = [];
    private readonly HashSet<SessionId> _closedIds = [];
    private readonly Queue<SessionId> _closedInOrder = new();
    private readonly int _sessionsMax;
    private PeerSession? _last;

    /// <summary>Makes an empty table.</summary>
    public SessionTable(int sessionsMax = SessionRules.SessionsMaxDefault)
    {
        if (sessionsMax < 1) ThrowHelper.BadArgument(nameof(sessionsMax), "at least one session");
        _sessionsMax = sessionsMax;
    }

    /// <summary>Sessions with state.</summary>
    public int Count => _sessions.Count;

    /// <summary>True if no further session can be added.</summary>
    public bool IsFull => _sessions.Count >= _sessionsMax;

    /// <summary>The sessions with state.</summary>
    public IReadOnlyCollection<PeerSession> Sessions => _sessions.Values;

    /// <summary>The session of an id; null if it is unknown or closed.</summary>
    public PeerSession? Find(SessionId id)
    {
        if (_last is not null && _last.Id == id) return _last;
        if (!_sessions.TryGetValue(id, out PeerSession? session)) return null;
        _last = session;
        return session;
    }

    /// <summary>True if the id is known in any state, closed lately included: then no Ack may name it again.</summary>
    public bool Knows(SessionId id) => _sessions.ContainsKey(id) || _closedIds.Contains(id);

    /// <summary>Adds a session; false if the table is full or knows the id.</summary>
    public bool TryAdd(PeerSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return !IsFull && !Knows(session.Id) && _sessions.TryAdd(session.Id, session);
    }

    /// <summary>Closes a session: its keys are erased, its windows freed, its id remembered for a while.</summary>
    public void Close(PeerSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.Dispose();
        if (!_sessions.Remove(session.Id)) return;
        if (_last == session) _last = null;
        if (_closedInOrder.Count == ClosedIdsMax) _closedIds.Remove(_closedInOrder.Dequeue());
        _closedInOrder.Enqueue(session.Id);
        _closedIds.Add(session.Id);
    }
}
