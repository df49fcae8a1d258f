using System;
using System.Collections.Generic;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>The datagram paths to peers: probes, their echoes, and where frames come from.</summary>
/// <remarks>Source: [WIRE §8] (return path, probe).</remarks>
public sealed partial class NodeCore<TAead, TMac>
{
    private readonly Queue<PeerLink> _probing = new();
    private readonly Queue<PeerLink> _echoing = new();

    /// <summary>Frames of a session have verified: its peer holds the keys, and datagrams of it come from there.</summary>
    private void Hear(PeerSession session, NetAddress from, int bytes, bool isNewest, Instant now)
    {
        if (!_links.TryGetValue(session.Peer, out PeerLink? link)) return;
        if (session.Confirm()) Establish(link, session, link.Unconfirmed == session ? link.UnconfirmedBy : null, now);
        if (link.Session != session) return;
        link.Path.Hear(from, bytes, isNewest, now);
        WakeLinks(now);
    }

    private void TakeProbe(ReadOnlySpan<byte> slab, in FrameSlot slot, NetAddress from, Instant now)
    {
        if (!_links.TryGetValue(slot.Session!.Peer, out PeerLink? link) || link.Session != slot.Session) return;
        if (FrameView.Parse(slab.Slice(slot.FrameOffset, slot.FrameBytes), slot.FrameBytes, out FrameView frame) != FcpStatus.Accepted) return;
        if ((frame.Flags & FrameFlags.Response) == 0)
        {
            if (link.Echoes.Count == LinkRules.EchoesMax) return;
            link.Echoes.Enqueue((from, frame.ObjectId));
            _echoing.Enqueue(link);
            return;
        }

        if (!link.Path.Answer(from, frame.ObjectId, now, out long sentTicks)) return;
        _outgoing.PathTo(link.Peer, now).MeasureRoundTrip(now.Ticks - sentTicks);
        if (link.State != LinkState.Established) return;
        link.State = LinkState.Ready;
        _parts.Observer.LinkChanged(link.Peer, link.State);
    }

    /// <summary>Writes an echo that is owed, or a probe that is due; 0 if there is neither.</summary>
    private int FillProbe(Span<byte> slab, Instant now, out DatagramRoute to)
    {
        while (_echoing.TryDequeue(out PeerLink? link))
        {
            if (!link.Echoes.TryDequeue(out (NetAddress To, ObjectId Id) echo)) continue; // the link has started over
            bool isWritten = link.Path.TrySpend(echo.To, ProbeDatagram.Bytes) && WriteProbe(link, echo.Id, isEcho: true, slab, now);
            to = isWritten ? RouteTo(link.Session!, echo.To) : default;
            if (isWritten) return ProbeDatagram.Bytes;
        }

        while (_probing.TryDequeue(out PeerLink? link))
        {
            ObjectId id = RandomObjectId();
            NetAddress probed = default;
            bool isWritten = link.IsUp && link.Path.TryProbe(id, now, out probed) && WriteProbe(link, id, isEcho: false, slab, now);
            to = isWritten ? RouteTo(link.Session!, probed) : default;
            if (isWritten) return ProbeDatagram.Bytes;
        }

        to = default;
        return 0;
    }

    private bool WriteProbe(PeerLink link, ObjectId id, bool isEcho, Span<byte> slab, Instant now) =>
        link.Session is { CanSend: true } session && link.ProbeSequencer is { } sequencer
        && sequencer.Take(1, ProbeDatagram.Bytes, now, out FrameSeq seq) == FcpStatus.Accepted
        && ProbeDatagram.Write(_crypto.Mac, session, id, sequencer.Instance, seq, isEcho, slab) == FcpStatus.Accepted;
}
