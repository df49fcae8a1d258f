using System;
using System.Collections.Generic;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>The ways to peers: when to connect, when to ask whether the peer is alive, when to give up.</summary>
public sealed partial class NodeCore<TAead, TMac>
{
    private readonly List<PeerSession> _passing = []; // unconfirmed or draining: each ends by time
    private long _nextSweepTicks;

    /// <summary>Something happened that may be due earlier than what was known: look at the links soon, but not for every event.</summary>
    private void WakeLinks(Instant now) => _nextSweepTicks = Math.Min(_nextSweepTicks, now.Ticks + LinkRules.SweepTicks);

    /// <summary>Looks at every link, and finds out when the next look is due.</summary>
    private void SweepLinks(Instant now)
    {
        _nextSweepTicks = long.MaxValue; // what happens below may set it again
        long next = long.MaxValue;
        foreach (PeerLink link in _linksInOrder)
        {
            TickLink(link, now);
            if (link.IsUp && now.Ticks >= link.Path.NextTicks) _probing.Enqueue(link);
            next = Math.Min(next, NextTicks(link));
        }

        CloseOverdue(now, ref next);
        TickSources(now, ref next);
        _nextSweepTicks = Math.Min(_nextSweepTicks, Math.Max(next, now.Ticks + LinkRules.SweepTicks));
    }

    private void TickLink(PeerLink link, Instant now)
    {
        switch (link.State)
        {
            case LinkState.Down when link.Configuration.ConnectsTo && now.Ticks >= link.NextTryTicks:
                link.State = LinkState.Connecting;
                link.DeadlineTicks = now.Ticks + LinkRules.HandshakeTicks;
                _parts.Streams.Connect(link.Peer);
                break;
            case LinkState.Connecting when now.Ticks >= link.DeadlineTicks:
                TakeDown(link, now);
                break;
            case LinkState.Established or LinkState.Ready:
                TickEstablished(link, now);
                break;
        }
    }

    private static long NextTicks(PeerLink link)
    {
        if (link.State == LinkState.Connecting) return link.DeadlineTicks;
        if (!link.IsUp) return link.Configuration.ConnectsTo ? link.NextTryTicks : long.MaxValue;
        long next = Math.Min(Math.Min(PingDueTicks(link), link.Path.NextTicks), link.Session!.SpentTicks);
        if (link.Session.CanBeKept) next = Math.Min(next, link.KeepDueTicks);
        if (link.Handshake is not null) return Math.Min(next, link.HandshakeDueTicks);
        if (link.Connection is not null) return Math.Min(next, Math.Max(link.Session.SuccessorDueTicks, link.NextRekeyTicks));
        return link.Configuration.ConnectsTo && !link.IsReconnecting ? Math.Min(next, link.NextTryTicks) : next;
    }

    private static long PingDueTicks(PeerLink link) =>
        Math.Max(link.HeardTicks, link.PingedTicks) + (link.PendingPing is null ? LinkRules.PingTicks : LinkRules.PingRepeatTicks);

    private void TickEstablished(PeerLink link, Instant now)
    {
        link.Session?.NoteAge(now);
        // A peer that answers nothing over a live connection knows the session no more.
        long patience = link is { Session.IsUnproven: true, Connection: not null } ? LinkRules.HandshakeTicks : LinkRules.PingTimeoutTicks;
        bool isMute = link.PendingPing is not null && now.Ticks - link.UnansweredSinceTicks >= patience;
        isMute |= link.Session?.Lanes.WaitsSinceTicks is { } since && now.Ticks - since >= LinkRules.UndurableTicks;
        if (isMute || link.Session is not { CanReceive: true, IsSpent: false } session)
        {
            TakeDown(link, now);
            return;
        }

        KeepSession(link, session, now);
        if (link.Connection is null) Reconnect(link, now);
        else if (!link.IsUnheard) TickRekey(link, session, now);
        if (now.Ticks >= PingDueTicks(link)) SendPing(link, now);
        if (link.Configuration.IsRelay) RepeatAnnouncements(link, now);
    }

    /// <summary>The session goes on over a new connection: its counters go on too, so no number is used twice. [WIRE §9]</summary>
    private void Reconnect(PeerLink link, Instant now)
    {
        if (!link.Configuration.ConnectsTo || link.IsReconnecting || now.Ticks < link.NextTryTicks) return;
        link.IsReconnecting = true;
        _parts.Streams.Connect(link.Peer);
    }

    /// <summary>A session with a peer is confirmed: it replaces the one before.</summary>
    /// <param name="link">The peer.</param>
    /// <param name="session">The session.</param>
    /// <param name="by">The connection that its handshake came by; null if it came as a datagram.</param>
    /// <param name="now">The time.</param>
    private void Establish(PeerLink link, PeerSession session, Connection? by, Instant now)
    {
        if (link.Session == session) return;
        bool isRekey = link is { IsUp: true, Session: not null } && by is not null && link.Connection == by; // the same process at the other end
        if (link.Unconfirmed == session) (link.Unconfirmed, link.UnconfirmedBy) = (null, null);
        if (link.Session is { } before)
        {
            before.Drain(now);
            Unkeep(before);
            _passing.Add(before);
        }

        link.Session = session;
        LastSuite = session.Suite;
        link.EndHandshake();
        link.GreetedTicks = 0;
        link.NextRekeyTicks = now.Ticks;
        link.FailedTries = 0;
        link.HeardTicks = now.Ticks;
        link.PendingPing = null;
        link.KeepDueTicks = now.Ticks + LinkRules.KeepTicks;
        link.Fenced.Clear(); // what was told of another session
        if (isRekey) Rekeys++;
        else StartOver(link, now);
        SendPing(link, now);
        WakeLinks(now);
    }

    /// <summary>Nothing that was known of the peer's process or path counts any more; streams are new, but for those that it goes on with. [REPLAY §4.2]</summary>
    private void StartOver(PeerLink link, Instant now)
    {
        link.EndUnfencedStreams();
        link.Boot = null;
        link.Path.Restart();
        if (link.ProbeSequencer is not { } probes || !link.Fenced.Contains(probes.Instance)) link.ProbeSequencer = NewProbeSequencer(now);
        link.Fenced.Clear();
        link.HasMissedFences = false;
        link.Echoes.Clear();
        if (link.Sources is not null) link.Sources = new RelayedSources();
        link.State = LinkState.Established;
        _parts.Observer.LinkChanged(link.Peer, link.State);
        RestartTransfers(link, now);
    }

    private Sequencer? NewProbeSequencer(Instant now) =>
        _parts.Instances.DrawForProbes(out SenderInstanceId instance) == FcpStatus.Accepted
            ? new Sequencer(instance, _options.StreamLimits.Jittered(Random64()), now)
            : null;

    /// <summary>Ends everything with a peer; the initiator tries again after a pause.</summary>
    private void TakeDown(PeerLink link, Instant now)
    {
        bool wasUp = link.IsUp;
        link.State = LinkState.Down;
        link.EndHandshake();
        link.GreetedTicks = 0;
        if (link.Connection is { } connection) CloseConnection(connection);
        link.Connection = null;
        link.IsReconnecting = false;
        link.IsUnheard = false;
        if (link.Session is { } session) Close(session);
        link.Session = null;
        link.EndStreams();
        link.NextTryTicks = now.Ticks + Math.Min(LinkRules.RetryTicks << Math.Min(link.FailedTries, 5), LinkRules.RetryTicksMax);
        link.FailedTries++;
        WakeLinks(now);
        if (wasUp) _parts.Observer.LinkChanged(link.Peer, link.State);
    }

    /// <summary>Closes sessions whose time is over: drained, or never confirmed.</summary>
    private void CloseOverdue(Instant now, ref long next)
    {
        for (int i = _passing.Count - 1; i >= 0; i--)
        {
            PeerSession session = _passing[i];
            long due = session.State switch
            {
                SessionState.Unconfirmed => session.CreatedTicks + SessionRules.ConfirmationTicks,
                SessionState.Draining => session.DrainsUntilTicks,
                _ => long.MaxValue, // confirmed or closed meanwhile: it passes no more
            };
            if (due != long.MaxValue && now.Ticks < due)
            {
                next = Math.Min(next, due);
                continue;
            }

            _passing.RemoveAt(i);
            if (due == long.MaxValue) continue;
            if (_links.TryGetValue(session.Peer, out PeerLink? link) && link.Unconfirmed == session) (link.Unconfirmed, link.UnconfirmedBy) = (null, null);
            Close(session);
        }
    }

    /// <summary>Says again whose streams these are: a relay promises no delivery, and may have lost who is behind it. [WIRE §16.8]</summary>
    private void RepeatAnnouncements(PeerLink link, Instant now)
    {
        foreach (SealingStream stream in link.Streams.Values)
        {
            if (stream.Announcement.IsDue(now) && MaySeal(stream, now)) stream.Announcement.Sent(SendBody(link, stream, _streamBody, now), now);
        }
    }
}
