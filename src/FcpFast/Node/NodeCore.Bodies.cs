using System;
using System.Collections.Generic;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>Zone-sealed bodies: what two ends of a zone say to each other.</summary>
public sealed partial class NodeCore<TAead, TMac> : IControlOutbox
{
    private readonly CborWriter _bodyWriter = new(64);
    private readonly byte[] _streamBody = WriteStreamBody();
    private readonly CborWriter _sealedWriter = new(16 * 1024);
    private readonly HashSet<SenderInstanceId> _stillWaiting = [];
    private byte[] _body = new byte[16 * 1024];

    /// <inheritdoc/>
    public bool SendBody(ZoneKeyRing zone, NodeId to, ReadOnlySpan<byte> payload) =>
        StreamTo(zone, to, out PeerLink? link) is { } stream && SendBody(link!, stream, payload, _now);

    private static byte[] WriteStreamBody()
    {
        var writer = new CborWriter(64);
        StreamBody.Write(writer);
        return writer.ToArray();
    }

    /// <summary>Seals a body under the stream's next number and sends it.</summary>
    private bool SendBody(PeerLink link, SealingStream stream, ReadOnlySpan<byte> payload, Instant now)
    {
        if (stream.BodyKey is not { } bodyKey) return false;
        using KeyLease key = bodyKey.Lease();
        if (!key.IsLive || stream.Bodies.Take(1, (ulong)payload.Length, now, out FrameSeq seq) != FcpStatus.Accepted) return false;
        var origin = new BodyOrigin(stream.Zone, stream.Epoch, stream.Source, stream.Instance, seq);
        SealedBody.Seal(_sealedWriter.Reset(), _crypto.Aead, new BodyKey(stream.ZoneKeyId, stream.Algorithm, key.Bytes), origin, payload);
        return SendControl(link, _sealedWriter.Written, now);
    }

    /// <summary>Takes a zone-sealed body: passes it on where a route says so, and opens it where it is for this node.</summary>
    private FcpStatus ReceiveSealed(PeerLink link, PeerSession session, ReadOnlySpan<byte> payload, Instant now)
    {
        FcpStatus status = SealedBody.Parse(payload, out SealedBody sealedBody);
        if (status != FcpStatus.Accepted) return status;
        ZoneEntry? zone = _parts.Zones.FindNamed(sealedBody.Zone);
        if (session.IsKept && link.Session == session) session.Lanes.Expect(sealedBody.Instance, zone?.Ring.ZoneHash ?? default, sealedBody.ZoneKeyId, now);
        FcpStatus passedOn = _routes.Count == 0 ? FcpStatus.ZoneIdMismatch : PassOn(link, sealedBody.Zone, payload, now);
        if (zone is null) return passedOn;
        bool mustWait = link.Waiting.HasOf(sealedBody.Instance);
        status = mustWait ? FcpStatus.ReplayNotDurable : OpenSealed(link, session.Suite, zone, sealedBody, now);
        return status == FcpStatus.ReplayNotDurable && link.Waiting.TryAdd(new WaitingBody(sealedBody.Instance, session.Suite, payload.ToArray())) ? FcpStatus.Accepted : status;
    }

    /// <summary>Records have become durable: frames and bodies that waited for them count now.</summary>
    private void OpenWaiting(Instant now)
    {
        if (!_windows.TakeDurable()) return;
        if (_undurable.Held.Length > 0)
        {
            _undurable.Resume();
            OpenHeld(_undurable, now);
        }

        AnswerNotices(now);
        foreach (PeerLink link in _linksInOrder)
        {
            _stillWaiting.Clear();
            while (link.Waiting.TryTake(_stillWaiting, out WaitingBody waiting))
            {
                FcpStatus status = SealedBody.Parse(waiting.Payload, out SealedBody sealedBody);
                ZoneEntry? zone = _parts.Zones.FindNamed(sealedBody.Zone);
                if (status == FcpStatus.Accepted) status = zone is null ? FcpStatus.ZoneIdMismatch : OpenSealed(link, waiting.Suite, zone, sealedBody, now);
                if (status == FcpStatus.ReplayNotDurable)
                {
                    link.Waiting.PutBack(waiting);
                    _stillWaiting.Add(waiting.Instance);
                }
                else if (status != FcpStatus.Accepted)
                {
                    ControlCounters.Count(status);
                }
            }
        }
    }

    /// <summary>Opens a body and hands on what is inside.</summary>
    private FcpStatus OpenSealed(PeerLink link, MacSuite suite, ZoneEntry zone, scoped in SealedBody sealedBody, Instant now)
    {
        if (suite < zone.MinSuite) return FcpStatus.SuiteBelowFloor;
        ZoneKey? zoneKey = zone.Ring.Find(sealedBody.ZoneKeyId);
        if (zoneKey is null) return FcpStatus.UnknownZoneKey;
        FcpStatus status = FindSource(link, zone, sealedBody.Source, out NodeId source);
        if (status != FcpStatus.Accepted) return status;
        status = zoneKey.TryGet(sealedBody.Epoch, out SecretKey? parent, out EpochId subkeyEpoch);
        if (status != FcpStatus.Accepted) return status;
        ContentStream? stream = null;
        status = _windows.Prepare(new ContentStreamId(zone.Ring.ZoneHash, zoneKey.Id, source, sealedBody.Instance), ref stream);
        var frame = new ContentFrame(sealedBody.Seq, sealedBody.Epoch, IsDirect: source == link.Peer);
        if (status == FcpStatus.Accepted) status = _windows.CheckBody(stream!, frame);
        if (status != FcpStatus.Accepted) return status;
        var id = new SubkeyId(zone.Ring.ZoneHash, zoneKey.Id, subkeyEpoch, source, sealedBody.Instance, SubkeyPurpose.Bodies);
        SecretKey? subkey = parent is null ? null : _subkeys.GetOrDerive(id, parent);
        if (subkey is null) return FcpStatus.UnknownZoneKey;
        if (_body.Length < sealedBody.PlaintextBytes) _body = new byte[sealedBody.PlaintextBytes];
        Span<byte> body = _body.AsSpan(0, sealedBody.PlaintextBytes);
        using (KeyLease key = subkey.Lease())
        {
            if (!key.IsLive) return FcpStatus.UnknownZoneKey;
            status = sealedBody.Open(_crypto.Aead, zone.Ring.Zone, new BodyKey(zoneKey.Id, zoneKey.Algorithm, key.Bytes), body);
        }

        if (status != FcpStatus.Accepted) return status;
        status = zone.Ring.JudgeEpoch(zoneKey.Id, sealedBody.Epoch);
        if (status == FcpStatus.Accepted) status = _windows.CommitBody(stream!, frame, now);
        if (status != FcpStatus.Accepted) return status;
        NoteSource(link, zone.Ring.ZoneHash, zoneKey.Id, sealedBody.Instance, source, now);
        return DispatchBody(zone, source, sealedBody.Instance, body, now);
    }

    /// <summary>
    /// Finds the member that a body says it is from: the peer itself, or behind a relay any other member. What no member can have sealed is
    /// refused before the cryptography, so that a relay cannot spend this node's subkeys on names that it makes up.
    /// </summary>
    private FcpStatus FindSource(PeerLink link, ZoneEntry zone, ReadOnlySpan<byte> text, out NodeId source)
    {
        source = default;
        if (link.Peer.Matches(text)) source = link.Peer;
        else if (!link.Configuration.IsRelay) return FcpStatus.UnknownSource; // only a relay brings bodies of others
        else if (_parts.Directory.Find(text) is { } identity) source = identity.NodeId;
        if (source != link.Peer && _parts.Shards?.Owns(source) == false) return FcpStatus.UnknownSource; // its windows are another shard's
        return !source.IsEmpty && source != _parts.Self.NodeId && zone.Members.Contains(source) ? FcpStatus.Accepted : FcpStatus.NotMember;
    }

    private FcpStatus DispatchBody(ZoneEntry zone, NodeId source, SenderInstanceId instance, ReadOnlySpan<byte> body, Instant now)
    {
        FcpStatus status = CanonicalCbor.ReadSchema(body, CborLimits.ControlPayloadBytesMax, out SchemaHash schema);
        if (status != FcpStatus.Accepted) return status;
        if (schema == StreamBody.Schema) return StreamBody.Parse(body);
        if (schema == FileBody.Schema)
        {
            status = FileBody.Parse(body, out FileBody file);
            return status == FcpStatus.Accepted ? _incoming.ReceiveFile(zone.Ring, source, file, now) : status;
        }

        if (schema == SegmentBody.Schema)
        {
            status = SegmentBody.Parse(body, out SegmentBody segment);
            return status == FcpStatus.Accepted ? _incoming.ReceiveSegment(zone.Ring, source, segment, now) : status;
        }

        if (schema == SymbolAck.Schema) return ReceiveSymbolAck(source, body);
        return schema == TransferStatusBody.Schema ? ReceiveTransferStatus(zone, source, instance, body, now) : FcpStatus.UnknownSchema;
    }

    private FcpStatus ReceiveTransferStatus(ZoneEntry zone, NodeId source, SenderInstanceId instance, ReadOnlySpan<byte> body, Instant now)
    {
        FcpStatus status = TransferStatusBody.Parse(body, out TransferStatusBody transferStatus);
        if (status != FcpStatus.Accepted) return status;
        status = _outgoing.ReceiveStatus(zone.Ring, source, instance, transferStatus, now, out bool isNewReceiver);
        if (isNewReceiver) RenewStreams(source, now);
        return status;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Behind a relay the receiver may have restarted: then it refuses what is sealed in a stream from before, up to its ceilings, and nobody can
    /// tell. What follows is sealed in a new one.
    /// </remarks>
    public void NoteSilence(NodeId to)
    {
        if (LinkTo(to) is { Configuration.IsRelay: true } relay) relay.EndStreamsOlderThan(_now.Ticks - LinkRules.StreamUnheardTicks);
    }

    /// <summary>
    /// A receiver behind a relay seals in a new stream: it may have restarted, and then refuses numbers of streams from before. Where there is
    /// a session with it, a restart would have ended that. A stream that is new itself is kept: else two nodes that send to each other would
    /// answer each other's new streams for ever.
    /// </summary>
    private void RenewStreams(NodeId receiver, Instant now)
    {
        if (LinkTo(receiver) is { Configuration.IsRelay: true } relay) relay.EndStreamsOlderThan(now.Ticks - LinkRules.StreamSettlesTicks);
    }
}
