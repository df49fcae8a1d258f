using System;
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
public sealed partial class NodeCore<TAead, TMac> : IControlOutbox, ISourceDirectory
{
    private readonly CborWriter _bodyWriter = new(64);
    private readonly CborWriter _sealedWriter = new(16 * 1024);
    private byte[] _body = new byte[16 * 1024];

    /// <inheritdoc/>
    public bool SendBody(ZoneId zone, NodeId to, ReadOnlySpan<byte> payload)
    {
        Instant now = _now;
        if (!_links.TryGetValue(to, out PeerLink? link) || link.State is not (LinkState.Established or LinkState.Ready)) return false;
        ZoneEntry? entry = FindZone(zone);
        SealingStream? stream = entry is null ? null : StreamTo(link, entry, now);
        return stream is not null && SendBody(link, stream, payload, now);
    }

    /// <inheritdoc/>
    public NodeId SourceOf(PeerSession session, SenderInstanceId instance, ZoneEntry zone, ZoneKeyId zoneKeyId)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(zone);
        return zone.Members.Contains(session.Peer) ? session.Peer : default; // a direct session: the source is the attested peer
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

    private ZoneEntry? FindZone(ZoneId zone)
    {
        foreach (ZoneEntry entry in _parts.Zones.Zones)
        {
            if (entry.Ring.Zone == zone) return entry;
        }

        return null;
    }

    private ZoneEntry? FindZone(ReadOnlySpan<byte> zone)
    {
        foreach (ZoneEntry entry in _parts.Zones.Zones)
        {
            if (entry.Ring.Zone.Matches(zone)) return entry;
        }

        return null;
    }

    /// <summary>Opens a zone-sealed body and hands on what is inside.</summary>
    private FcpStatus ReceiveSealed(PeerLink link, ReadOnlySpan<byte> payload, Instant now)
    {
        FcpStatus status = SealedBody.Parse(payload, out SealedBody sealedBody);
        if (status != FcpStatus.Accepted) return status;
        ZoneEntry? zone = FindZone(sealedBody.Zone);
        if (zone is null) return FcpStatus.ZoneIdMismatch;
        if (link.Session!.Suite < zone.MinSuite) return FcpStatus.SuiteBelowFloor;
        ZoneKey? zoneKey = zone.Ring.Find(sealedBody.ZoneKeyId);
        if (zoneKey is null) return FcpStatus.UnknownZoneKey;
        if (!link.Peer.Matches(sealedBody.Source)) return FcpStatus.UnknownSource; // only a relay brings bodies of others
        status = zoneKey.TryGet(sealedBody.Epoch, out SecretKey? parent, out EpochId subkeyEpoch);
        if (status != FcpStatus.Accepted) return status;
        status = _windows.Prepare(new ContentStreamId(zoneKey.Id, link.Peer, sealedBody.Instance), out ContentStream? stream);
        if (status == FcpStatus.Accepted) status = ReplayRules.Refusal(stream!.CheckBodies(sealedBody.Seq));
        if (status != FcpStatus.Accepted) return status;
        var id = new SubkeyId(zoneKey.Id, subkeyEpoch, link.Peer, sealedBody.Instance, SubkeyPurpose.Bodies);
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
        if (link.Peer == _parts.Self.NodeId || !zone.Members.Contains(link.Peer)) return FcpStatus.NotMember;
        status = zone.Ring.JudgeEpoch(zoneKey.Id, sealedBody.Epoch);
        if (status == FcpStatus.Accepted) status = _windows.CommitBody(stream!, sealedBody.Seq, now);
        return status == FcpStatus.Accepted ? DispatchBody(link, zone, sealedBody.Instance, body, now) : status;
    }

    private FcpStatus DispatchBody(PeerLink link, ZoneEntry zone, SenderInstanceId instance, ReadOnlySpan<byte> body, Instant now)
    {
        FcpStatus status = CanonicalCbor.ReadSchema(body, CborLimits.ControlPayloadBytesMax, out SchemaHash schema);
        if (status != FcpStatus.Accepted) return status;
        if (schema == StreamBody.Schema) return StreamBody.Parse(body);
        if (schema == FileBody.Schema)
        {
            status = FileBody.Parse(body, out FileBody file);
            return status == FcpStatus.Accepted ? _incoming.ReceiveFile(zone.Ring, link.Peer, file, now) : status;
        }

        if (schema == SegmentBody.Schema)
        {
            status = SegmentBody.Parse(body, out SegmentBody segment);
            return status == FcpStatus.Accepted ? _incoming.ReceiveSegment(zone.Ring, link.Peer, segment, now) : status;
        }

        return schema == TransferStatusBody.Schema ? ReceiveTransferStatus(link, zone, instance, body, now) : FcpStatus.UnknownSchema;
    }

    private FcpStatus ReceiveTransferStatus(
        PeerLink link, ZoneEntry zone, SenderInstanceId instance, ReadOnlySpan<byte> body, Instant now)
    {
        FcpStatus status = TransferStatusBody.Parse(body, out TransferStatusBody transferStatus);
        if (status != FcpStatus.Accepted) return status;
        status = _outgoing.ReceiveStatus(zone.Ring, link.Peer, instance, transferStatus, now, out bool isNewReceiver);
        if (isNewReceiver) link.EndStreams();
        return status;
    }
}
