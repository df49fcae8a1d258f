using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>The responder's demand for a cookie; unsigned, so it promises nothing but itself.</summary>
/// <remarks>Shape: as <see cref="HelloMessage"/>. Source: [WIRE §7.1], [WIRE §7.4].</remarks>
public ref struct HelloRetryMessage
{
    /// <summary>The responder.</summary>
    public ReadOnlySpan<byte> From { get; set; }

    /// <summary>The initiator.</summary>
    public ReadOnlySpan<byte> To { get; set; }

    /// <summary>32 bytes, to be put into the Hello.</summary>
    public ReadOnlySpan<byte> Cookie { get; set; }

    /// <summary>When it was made.</summary>
    public ulong TimestampUnixSeconds { get; set; }

    /// <summary>Reads a HelloRetry.</summary>
    /// <remarks>Errors: those of <see cref="CanonicalCbor.Validate"/>, then <c>InvalidNodeId</c>. Cost: no allocation.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> message, out HelloRetryMessage retry)
    {
        retry = default;
        FcpStatus status = CanonicalCbor.Validate(message, CborLimits.HandshakeBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(message);
        var parsed = new HelloRetryMessage
        {
            To = map.Text("to"u8),
            From = map.Text("from"u8),
            Cookie = map.Bytes("cookie"u8, SessionRules.CookieBytes),
            TimestampUnixSeconds = map.Unsigned("timestamp"u8),
        };
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (NodeId.Check(parsed.From) != FcpStatus.Accepted || NodeId.Check(parsed.To) != FcpStatus.Accepted) return FcpStatus.InvalidNodeId;
        retry = parsed;
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the message.</summary>
    public readonly void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginMap(4);
        writer.Key("to"u8);
        writer.Text(To);
        writer.Key("from"u8);
        writer.Text(From);
        writer.Key("cookie"u8);
        writer.Bytes(Cookie);
        writer.Key("timestamp"u8);
        writer.Unsigned(TimestampUnixSeconds);
    }
}
