using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <summary>A message of a zone's group as it travels over FCPC and in files: <c>fcp.zone:MlsMessage@1.0.0</c>.</summary>
/// <remarks>
/// Shape:   <see cref="Epoch"/> is the epoch that the message was made in; outside of the message's own protection, so nothing is decided by it.
/// Source:  [WIRE §14].
/// </remarks>
public sealed class GroupMessage
{
    private GroupMessage(ZoneId zone, ulong epoch, GroupMessageKind kind, byte[] message, byte[] encoded)
    {
        Zone = zone;
        Epoch = epoch;
        Kind = kind;
        Message = message;
        Encoded = encoded;
        Id = ObjectId.Unscoped(encoded);
    }

    /// <summary>The zone.</summary>
    public ZoneId Zone { get; }

    /// <summary>The epoch.</summary>
    public ulong Epoch { get; }

    /// <summary>What it is.</summary>
    public GroupMessageKind Kind { get; }

    /// <summary>The message of MLS.</summary>
    public ReadOnlyMemory<byte> Message { get; }

    /// <summary>The canonical CBOR.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>By which a manifest names it.</summary>
    public ObjectId Id { get; }

    /// <summary>Wraps a message.</summary>
    public static GroupMessage Of(ZoneId zone, ulong epoch, GroupMessageKind kind, ReadOnlySpan<byte> message)
    {
        if (zone.IsEmpty || kind == GroupMessageKind.Unset) ThrowHelper.BadArgument(nameof(kind), "a message has a zone and a kind");
        var writer = new CborWriter(message.Length + 256);
        writer.BeginMap(4);
        writer.Key("kind"u8);
        writer.Text(TextOf(kind));
        writer.Key("epoch"u8);
        writer.Unsigned(epoch);
        writer.Key("message"u8);
        writer.Bytes(message);
        writer.Key("zone_id"u8);
        writer.Text(zone.ToString());
        return new GroupMessage(zone, epoch, kind, message.ToArray(), writer.ToArray());
    }

    /// <summary>Reads a message of a zone.</summary>
    /// <remarks>Errors: as the other; <c>ZoneIdMismatch</c> for another zone.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, ZoneId zone, out GroupMessage? message)
    {
        FcpStatus status = Parse(bytes, out message);
        if (status != FcpStatus.Accepted || message!.Zone == zone) return status;
        message = null;
        return FcpStatus.ZoneIdMismatch;
    }

    /// <summary>Reads a message.</summary>
    /// <remarks>Errors: those of section 3; <c>CborDeserialize</c> for another kind, <c>ZoneIdMismatch</c> for what is no zone.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, out GroupMessage? message)
    {
        message = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.ControlPayloadBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        GroupMessageKind kind = KindOf(map.Text("kind"u8));
        if (kind == GroupMessageKind.Unset) map.Fail(FcpStatus.CborDeserialize);
        ulong epoch = map.Unsigned("epoch"u8);
        byte[] content = map.Bytes("message"u8).ToArray();
        FcpStatus zoneStatus = ZoneId.Parse(map.Text("zone_id"u8), out ZoneId zone);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (zoneStatus != FcpStatus.Accepted) return FcpStatus.ZoneIdMismatch;
        message = new GroupMessage(zone, epoch, kind, content, bytes.ToArray());
        return FcpStatus.Accepted;
    }

    private static ReadOnlySpan<byte> TextOf(GroupMessageKind kind) => kind switch
    {
        GroupMessageKind.KeyPackage => "key_package"u8,
        GroupMessageKind.Proposal => "proposal"u8,
        GroupMessageKind.Commit => "commit"u8,
        _ => "welcome"u8,
    };

    private static GroupMessageKind KindOf(ReadOnlySpan<byte> text)
    {
        for (GroupMessageKind kind = GroupMessageKind.KeyPackage; kind <= GroupMessageKind.Welcome; kind++)
        {
            if (text.SequenceEqual(TextOf(kind))) return kind;
        }

        return GroupMessageKind.Unset;
    }
}
