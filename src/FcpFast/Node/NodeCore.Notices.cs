using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>Streams that peers will seal in: the receiver's side of a change of keys.</summary>
/// <remarks>
/// Shape:   an announced stream is answered for once this node has its zone key and its record is durable, so that its first frame opens at once.
///          Of each peer a few announcements wait, the oldest makes room; and a few streams that nothing has come of are kept.
/// Source:  [REPLAY §6.1], [REPLAY §2.9].
/// </remarks>
public sealed partial class NodeCore<TAead, TMac>
{
    private FcpStatus ReceiveNotice(PeerLink link, ReadOnlySpan<byte> payload, Instant now)
    {
        FcpStatus status = StreamNotice.Parse(payload, out StreamNotice notice);
        if (status != FcpStatus.Accepted) return status;
        if (notice.IsReady) return TakeReady(link, notice);
        status = AnswerNotice(link, notice, now);
        if (!MayComeYet(status)) return status;
        bool isFirst = link.WaitFor(notice);
        return isFirst || status == FcpStatus.ReplayNotDurable ? FcpStatus.Accepted : status; // told again: its key should be here, and is asked for
    }

    /// <summary>A record has become durable, or keys have come: what waited for it is answered.</summary>
    private void AnswerNotices(Instant now)
    {
        foreach (PeerLink link in _linksInOrder)
        {
            for (int i = link.Announced.Count - 1; i >= 0; i--)
            {
                StreamNotice notice = link.Announced[i];
                FcpStatus status = AnswerNotice(link, notice, now);
                if (i >= link.Announced.Count) break; // the way to the peer was lost by the answer
                if (MayComeYet(status)) continue;
                link.Announced.RemoveAt(i);
                if (status != FcpStatus.Accepted) ControlCounters.Count(status);
            }
        }
    }

    private static bool MayComeYet(FcpStatus status) => status is FcpStatus.UnknownZoneKey or FcpStatus.ReplayNotDurable;

    private FcpStatus AnswerNotice(PeerLink link, in StreamNotice notice, Instant now)
    {
        if (_parts.Zones.Find(notice.Zone) is not { } zone) return FcpStatus.UnknownZoneKey;
        if (!zone.Members.Contains(link.Peer)) return FcpStatus.NotMember;
        if (zone.Ring.Find(notice.ZoneKeyId) is null) return FcpStatus.UnknownZoneKey;
        FcpStatus status = _windows.Expect(new ContentStreamId(notice.Zone, notice.ZoneKeyId, link.Peer, notice.Instance), now);
        if (status != FcpStatus.Accepted) return status;
        (notice with { IsReady = true }).Write(_writer.Reset());
        SendControl(link, _writer.Written, now);
        return FcpStatus.Accepted;
    }
}
