using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>The ways to peers: when to connect, when to ask whether the peer is alive, when to give up.</summary>
public sealed partial class NodeCore<TAead, TMac>
{
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

    private static long NextTicks(PeerLink link) => link.State switch
    {
        LinkState.Down => link.Configuration.ConnectsTo ? link.NextTryTicks : long.MaxValue,
        LinkState.Connecting => link.DeadlineTicks,
        _ => Math.Min(PingDueTicks(link), link.Path.IsSpecified ? ProbeDueTicks(link) : long.MaxValue),
    };

    private static long PingDueTicks(PeerLink link) =>
        Math.Max(link.HeardTicks, link.PingedTicks) + (link.PendingPing is null ? LinkRules.PingTicks : LinkRules.PingRepeatTicks);

    private static long ProbeDueTicks(PeerLink link) => link.IsPathConfirmed
        ? Math.Max(link.DatagramHeardTicks, link.ProbedTicks) + LinkRules.ProbeSilenceTicks
        : link.ProbedTicks + LinkRules.ProbeRepeatTicks;

    private void TickEstablished(PeerLink link, Instant now)
    {
        bool isMute = link.PendingPing is not null && now.Ticks - link.UnansweredSinceTicks >= LinkRules.PingTimeoutTicks;
        if (isMute || link.Session is not { CanReceive: true })
        {
            TakeDown(link, now);
            return;
        }

        if (now.Ticks >= PingDueTicks(link)) SendPing(link, now);
    }

    /// <summary>A session with a peer is confirmed: it replaces the one before.</summary>
    private void Establish(PeerLink link, PeerSession session, Instant now)
    {
        if (link.Session == session) return;
        if (link.Unconfirmed == session) link.Unconfirmed = null;
        link.Session?.Drain(now);
        link.EndStreams(); // a new session after either side's restart starts new streams; a rekey that keeps them is another way
        link.Session = session;
        LastSuite = session.Suite;
        link.State = LinkState.Established;
        link.FailedTries = 0;
        link.HeardTicks = now.Ticks;
        link.PendingPing = null;
        link.Boot = null;
        link.IsPathConfirmed = false;
        link.PendingProbe = default;
        link.ProbedTicks = long.MinValue / 2;
        link.ProbeSequencer = NewProbeSequencer(now);
        link.Echoes.Clear();
        link.Path = link.Configuration.ConnectsTo ? link.Configuration.Address : default; // else learned from the first datagram that verifies
        _parts.Observer.LinkChanged(link.Peer, link.State);
        SendPing(link, now);
        _outgoing.Restart(link.Peer, now);
    }

    private Sequencer? NewProbeSequencer(Instant now) =>
        _parts.Instances.Draw(default, out SenderInstanceId instance) == FcpStatus.Accepted
            ? new Sequencer(instance, _options.StreamLimits.Jittered(Random64()), now)
            : null;

    private void MakeReady(PeerLink link)
    {
        if (link.State != LinkState.Established) return;
        link.State = LinkState.Ready;
        _parts.Observer.LinkChanged(link.Peer, link.State);
    }

    /// <summary>Ends everything with a peer; the initiator tries again after a pause.</summary>
    private void TakeDown(PeerLink link, Instant now)
    {
        bool wasUp = link.State is LinkState.Established or LinkState.Ready;
        link.State = LinkState.Down;
        link.Handshake?.Dispose();
        link.Handshake = null;
        if (link.Connection is { } connection) CloseConnection(connection);
        link.Connection = null;
        if (link.Session is { } session) _sessions.Close(session);
        link.Session = null;
        link.EndStreams();
        link.NextTryTicks = now.Ticks + Math.Min(LinkRules.RetryTicks << Math.Min(link.FailedTries, 5), LinkRules.RetryTicksMax);
        link.FailedTries++;
        if (wasUp) _parts.Observer.LinkChanged(link.Peer, link.State);
    }

    /// <summary>Closes sessions whose time is over: drained, never confirmed, or forged at too often.</summary>
    private void CloseOverdue(Instant now)
    {
        foreach (PeerSession session in _sessions.Sessions)
        {
            bool isOver = session.State switch
            {
                SessionState.Unconfirmed => now.Ticks - session.CreatedTicks >= SessionRules.ConfirmationTicks,
                SessionState.Draining => now.Ticks >= session.DrainsUntilTicks,
                _ => false,
            };
            if (!isOver && session.CanReceive) continue;
            if (_links.TryGetValue(session.Peer, out PeerLink? link))
            {
                if (link.Unconfirmed == session) link.Unconfirmed = null;
                if (link.Session == session)
                {
                    TakeDown(link, now);
                    continue;
                }
            }

            _sessions.Close(session); // removing while enumerating is allowed for Dictionary
        }
    }

    /// <summary>The stream that is sealed for a peer in a zone; null while the zone has no active key or no instance may be drawn.</summary>
    private SealingStream? StreamTo(PeerLink link, ZoneEntry zone, Instant now)
    {
        if (link.Streams.TryGetValue(zone.Ring.ZoneHash, out SealingStream? stream))
        {
            if (stream.IsCurrent) return stream;
            stream.Dispose();
            link.Streams.Remove(zone.Ring.ZoneHash);
        }

        if (zone.Ring.Active is not { } key || _parts.Instances.Draw(key.Id, out SenderInstanceId instance) != FcpStatus.Accepted) return null;
        stream = new SealingStream(
            _crypto, zone.Ring, key, _parts.Self.NodeId, instance, _options.StreamLimits.Jittered(Random64()), now);
        link.Streams.Add(zone.Ring.ZoneHash, stream);
        StreamBody.Write(_bodyWriter.Reset());
        SendBody(link, stream, _bodyWriter.Written, now);
        return stream;
    }
}
