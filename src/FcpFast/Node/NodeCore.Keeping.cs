using System;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>Sessions that outlive the process (mode M1): what is kept of them, and how they go on.</summary>
/// <remarks>
/// Shape:   a session that goes on is up at once, and frames above the ceilings of its lanes count. Its control channel waits: the peer gets the
///          fences and a Ping, and nothing of the channel counts before the answer to that. A peer that no longer knows the session ends the
///          connection, and a handshake follows, as in mode M0. The peer's own mode does not matter.
/// Source:  [REPLAY §6.2], [REPLAY §3] (Recovering), [WIRE §16.4].
/// </remarks>
public sealed partial class NodeCore<TAead, TMac>
{
    /// <inheritdoc/>
    public int SessionsResumed { get; private set; }

    /// <summary>Goes on with the sessions of the process before, the newest of each peer.</summary>
    private void Resume(SessionKeeping keeping, Instant now)
    {
        foreach (SessionRecord record in keeping.Left.OrderByDescending(static record => record.CreatedUnixSeconds))
        {
            if (TryResume(record, keeping.Store, now)) SessionsResumed++;
            else keeping.Store.Drop(record.Parameters.Id);
            record.Dispose();
        }

        WakeLinks(now);
    }

    private bool TryResume(SessionRecord record, ISessionStore store, Instant now)
    {
        SessionParameters parameters = record.Parameters;
        bool isOfAPeer = _links.TryGetValue(parameters.Peer, out PeerLink? link) && link.Session is null
            && _parts.Directory.Find(parameters.Peer)?.Judge(now.UnixSeconds) == FcpStatus.Accepted;
        if (!isOfAPeer || parameters.Suite < MinSuiteOf(parameters.Peer) || !_options.Suites.Contains(parameters.Suite)) return false;
        parameters = parameters with { DatagramBytesMax = Math.Min(parameters.DatagramBytesMax, _options.DatagramBytesMax) };
        if (_handshakes.Resume(record with { Parameters = parameters }, store, now) is not { } session) return false;
        session.NoteAge(now);
        if (session.IsSpent || !session.CanReceive || !_sessions.TryAdd(session))
        {
            session.Dispose();
            return false;
        }

        link!.Session = session;
        link.State = LinkState.Established;
        link.HeardTicks = now.Ticks;
        link.ProbeSequencer = NewProbeSequencer(now);
        LastSuite = session.Suite;
        if (_routes.Count == 0) return true;
        foreach (Lane lane in session.Lanes.Lanes) _ingress.Bind(lane, link, now); // else a stranger could take the instance before its first frame
        return true;
    }

    /// <summary>Keeps a session once it has lasted; until then a crash costs a handshake, and nothing waits for the disk.</summary>
    private void KeepSession(PeerLink link, PeerSession session, Instant now)
    {
        if (_parts.Keeping is not { } keeping || !session.CanBeKept || now.Ticks < link.KeepDueTicks) return;
        link.KeepDueTicks = now.Ticks + LinkRules.KeepRetryTicks;
        if (keeping.Store.IsKeeping) keeping.Store.TryPut(session.Keep(keeping.Store, now));
    }

    /// <summary>Takes up what has become durable of kept sessions.</summary>
    private void TakeKept()
    {
        if (_parts.Keeping is not { Store: var store }) return;
        while (store.TryTake(out LaneRecord lane)) _sessions.Find(lane.Session)?.Lanes.Take(lane);
        while (store.TryTake(out SessionReserve reserve)) _sessions.Find(reserve.Session)?.Take(reserve);
    }

    /// <summary>Asks ahead for the control numbers of a kept session.</summary>
    private void Reserve(PeerSession session)
    {
        if (session.TryReserve(out SessionReserve reserve) && _parts.Keeping!.Store.TryPut(reserve)) session.Asked(reserve);
    }

    private void Unkeep(PeerSession session)
    {
        if (session.IsKept) _parts.Keeping?.Store.Drop(session.Id);
    }

    /// <summary>Tells the peer over a connection where this node's lanes go on, and asks for proof that the connection is live.</summary>
    private void Challenge(PeerLink link, PeerSession session, Connection connection, Instant now)
    {
        connection.IsChallenged = true;
        link.UnansweredSinceTicks = now.Ticks;
        foreach (Lane lane in session.Lanes.Lanes)
        {
            // A relay does not number what it brings; who does seals in a new stream as soon as it hears that this node is another process.
            if (link.Configuration.IsRelay || lane.Ceiling == LaneRecord.Retired) continue;
            ulong ceiling = Math.Max(lane.Ceiling, _windows.CeilingOf(link.Peer, lane.Instance));
            new FenceBody(session.Id, lane.Instance, new FrameSeq(ceiling)).Write(_writer.Reset());
            if (!SendControl(link, connection, _writer.Written, now)) return;
        }

        SendPing(link, connection, now);
    }

    /// <summary>True if a control message is the answer to a Ping of this process: all that is numbered above it is new.</summary>
    private bool TryProve(PeerLink link, PeerSession session, FrameSeq seq, ReadOnlySpan<byte> payload)
    {
        if (link.Session != session || PingBody.Parse(payload, out PingBody ping) != FcpStatus.Accepted) return false;
        if (!ping.IsReply || link.PendingPing != ping.Nonce) return false;
        session.ProveControl(seq);
        if (link.HasMissedFences)
        {
            StartOver(link, _now); // the peer refuses what is numbered up to them, so all that it may know is numbered anew
            return true;
        }

        _parts.Observer.LinkChanged(link.Peer, LinkState.Established);
        if (link.State == LinkState.Ready) _parts.Observer.LinkChanged(link.Peer, LinkState.Ready);
        return true;
    }

    /// <summary>A control message that may be a recording: it is answered as far as that costs little and changes nothing, and otherwise dropped.</summary>
    private FcpStatus ReceiveUnproven(Connection from, PeerLink link, PeerSession session, ReadOnlySpan<byte> payload, Instant now)
    {
        if (link.Session != session) return FcpStatus.ReplayRejected;
        if (!from.IsChallenged) Challenge(link, session, from, now);
        link.HasMissedFences |= CanonicalCbor.ReadSchema(payload, CborLimits.ControlPayloadBytesMax, out SchemaHash schema) == FcpStatus.Accepted && schema == FenceBody.Schema;
        if (PingBody.Parse(payload, out PingBody ping) != FcpStatus.Accepted || ping.IsReply) return FcpStatus.ReplayRejected;
        if (from.UnprovenAnswers++ >= LinkRules.UnprovenAnswersMax) return FcpStatus.ReplayRejected;
        AnswerPing(link, from, ping, now); // the peer may wait for its proof, too
        return FcpStatus.Accepted;
    }
}
