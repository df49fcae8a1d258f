using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>The signed symbol messages that other implementations use instead of statuses.</summary>
public sealed partial class NodeCore<TAead, TMac>
{
    /// <inheritdoc/>
    public void SendSymbolAck(ZoneKeyRing zone, NodeId to, ObjectId objectId, SymbolAckReason reason)
    {
        if (LinkTo(to) is not { } link || _parts.Zones.Find(zone.ZoneHash)?.Ring is not { Active: { } zoneKey } ring) return;
        Span<byte> zoneText = stackalloc byte[ZoneId.MaxBytes];
        Span<byte> signature = stackalloc byte[CryptoSizes.SignatureBytes];
        scoped var message = new SymbolAck
        {
            CreatedAtUnixSeconds = _now.UnixSeconds,
            Address = new ObjectAddress(objectId, zoneText[..zone.Zone.Write(zoneText)], zoneKey.Id, ring.SealingEpochOf(zoneKey.Id)),
            Reason = reason,
        };
        using (KeyLease seed = _parts.Self.SigningSeed.Lease())
        {
            if (!seed.IsLive) return;
            message.Sign(_crypto.Signatures, seed.Bytes, _bodyWriter, signature);
        }

        message.Signature = signature;
        message.Write(_bodyWriter.Reset());
        if (link.Peer == to) SendControl(link, _bodyWriter.Written, _now);
        else SendBody(zone, to, _bodyWriter.Written); // a relay passes on only what is sealed for the zone
    }

    private FcpStatus ReceiveSymbolRequest(PeerLink link, ReadOnlySpan<byte> payload, Instant now)
    {
        FcpStatus status = SymbolRequest.Parse(payload, out SymbolRequest request);
        if (status == FcpStatus.Accepted) status = CheckAddress(request.Address);
        if (status == FcpStatus.Accepted) status = FindSigner(link.Peer, out PublicKey signer) ? Verify(request, signer) : FcpStatus.SignatureInvalid;
        if (status == FcpStatus.Accepted) status = SymbolRequestRules.Check(request, isAuthenticated: true, _options.Admission.RequiresAuthentication);
        if (status != FcpStatus.Accepted) return status;
        Span<uint> esis = stackalloc uint[ObjectLimits.HintEntriesMax];
        esis = esis[..request.MissingHint.CopyTo(esis)];
        uint symbols = SymbolRequestRules.ResponseSymbolsMax(request, isAuthenticated: true);
        uint answered = esis.IsEmpty ? symbols : Math.Min(symbols, (uint)esis.Length);
        status = link.Requests.Admit(isAuthenticated: true, answered, SymbolBytesTo(link.Peer), now);
        return status == FcpStatus.Accepted ? _outgoing.ReceiveRequest(link.Peer, request.Address.ObjectId, esis, answered) : status;
    }

    private FcpStatus ReceiveDecodeStatus(NodeId peer, ReadOnlySpan<byte> payload)
    {
        FcpStatus status = DecodeStatus.Parse(payload, out DecodeStatus message);
        if (status == FcpStatus.Accepted) status = CheckAddress(message.Address);
        if (status == FcpStatus.Accepted) status = message.Check();
        if (status != FcpStatus.Accepted) return status;
        if (!FindSigner(peer, out PublicKey signer)) return FcpStatus.SignatureInvalid;
        Span<byte> key = stackalloc byte[PublicKey.Length];
        signer.Value.Write(key);
        status = message.Verify(_crypto.Signatures, key, _bodyWriter);
        if (status != FcpStatus.Accepted || !message.IsComplete) return status;
        return _outgoing.ReceiveComplete(peer, message.Address.ObjectId);
    }

    private FcpStatus ReceiveSymbolAck(NodeId peer, ReadOnlySpan<byte> payload)
    {
        FcpStatus status = SymbolAck.Parse(payload, out SymbolAck message);
        if (status == FcpStatus.Accepted) status = CheckAddress(message.Address);
        if (status != FcpStatus.Accepted) return status;
        if (!FindSigner(peer, out PublicKey signer)) return FcpStatus.SignatureInvalid;
        Span<byte> key = stackalloc byte[PublicKey.Length];
        signer.Value.Write(key);
        status = message.Verify(_crypto.Signatures, key, _bodyWriter);
        if (status != FcpStatus.Accepted) return status;
        return message.Reason switch
        {
            SymbolAckReason.Complete => _outgoing.ReceiveComplete(peer, message.Address.ObjectId),
            SymbolAckReason.ResourceExhausted => _outgoing.ReceiveStop(
                peer, message.Address.ObjectId, $"{peer} has no room for the file or does not take files"),
            SymbolAckReason.Canceled => _outgoing.ReceiveStop(peer, message.Address.ObjectId, $"{peer} does not want the file"),
            _ => _outgoing.ReceiveStop(peer, message.Address.ObjectId, $"{peer} could not put the file together"),
        };
    }

    private FcpStatus Verify(scoped in SymbolRequest request, PublicKey signer)
    {
        Span<byte> key = stackalloc byte[PublicKey.Length];
        signer.Value.Write(key);
        return request.Verify(_crypto.Signatures, key, _bodyWriter);
    }

    /// <summary>Zone and zone key must be known before a signature is verified: that leaves one way to parse the transcript. [WIRE §16]</summary>
    private FcpStatus CheckAddress(scoped in ObjectAddress address) =>
        _parts.Zones.FindNamed(address.Zone)?.Ring.Find(address.ZoneKeyId) is null ? FcpStatus.UnknownZoneKey : FcpStatus.Accepted;

    /// <summary>A node's attested signing key, while the attestation counts.</summary>
    private bool FindSigner(NodeId node, out PublicKey signer)
    {
        PeerIdentity? identity = _parts.Directory.Find(node);
        signer = identity?.SigningKey ?? default;
        return identity is not null && identity.Judge(_now.UnixSeconds) == FcpStatus.Accepted;
    }
}
