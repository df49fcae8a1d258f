using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>The responder's answer: the session.</summary>
/// <remarks>Shape: as <see cref="HelloMessage"/>. Source: [WIRE §7.1] to [WIRE §7.3].</remarks>
public ref struct AckMessage
{
    /// <summary>The responder.</summary>
    public ReadOnlySpan<byte> From { get; set; }

    /// <summary>The initiator.</summary>
    public ReadOnlySpan<byte> To { get; set; }

    /// <summary>32 bytes.</summary>
    public ReadOnlySpan<byte> EphemeralKey { get; set; }

    /// <summary>16 bytes.</summary>
    public ReadOnlySpan<byte> Nonce { get; set; }

    /// <summary>The session, drawn at random.</summary>
    public SessionId SessionId { get; set; }

    /// <summary>The suite selected.</summary>
    public MacSuite Suite { get; set; }

    /// <summary>When it was made.</summary>
    public ulong TimestampUnixSeconds { get; set; }

    /// <summary>64 bytes; empty if absent.</summary>
    public ReadOnlySpan<byte> Signature { get; set; }

    /// <summary>Reads an Ack.</summary>
    /// <remarks>Errors: those of <see cref="CanonicalCbor.Validate"/>, then <c>InvalidNodeId</c>. Cost: no allocation.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> message, out AckMessage ack)
    {
        ack = default;
        FcpStatus status = CanonicalCbor.Validate(message, CborLimits.HandshakeBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(message);
        var parsed = new AckMessage { To = map.Text("to"u8), From = map.Text("from"u8), Nonce = map.Bytes("nonce"u8, SessionRules.NonceBytes) };
        FcpStatus known = SessionRules.ParseSuite(map.Unsigned("suite"u8), out MacSuite suite);
        if (known != FcpStatus.Accepted) map.Fail(FcpStatus.CborDeserialize);
        parsed.Suite = suite;
        parsed.Signature = map.TryBytes("signature"u8, CryptoSizes.SignatureBytes);
        parsed.TimestampUnixSeconds = map.Unsigned("timestamp"u8);
        parsed.EphemeralKey = map.Bytes("eph_pubkey"u8, CryptoSizes.KeyBytes);
        ReadOnlySpan<byte> session = map.Bytes("session_id"u8, SessionId.Length);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (NodeId.Check(parsed.From) != FcpStatus.Accepted || NodeId.Check(parsed.To) != FcpStatus.Accepted) return FcpStatus.InvalidNodeId;
        parsed.SessionId = new SessionId(Bytes16.Read(session));
        ack = parsed;
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the message.</summary>
    public readonly void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginMap(7 + (Signature.IsEmpty ? 0 : 1));
        writer.Key("to"u8);
        writer.Text(To);
        writer.Key("from"u8);
        writer.Text(From);
        writer.Key("nonce"u8);
        writer.Bytes(Nonce);
        writer.Key("suite"u8);
        writer.Unsigned((ulong)Suite);
        if (!Signature.IsEmpty)
        {
            writer.Key("signature"u8);
            writer.Bytes(Signature);
        }

        writer.Key("timestamp"u8);
        writer.Unsigned(TimestampUnixSeconds);
        writer.Key("eph_pubkey"u8);
        writer.Bytes(EphemeralKey);
        writer.Key("session_id"u8);
        writer.Bytes(SessionId.Value);
    }

    /// <summary>Writes what the signature covers; it ties the Ack to the Hello that it answers.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="helloEphemeralKey">32 bytes of the Hello.</param>
    /// <param name="helloNonce">16 bytes of the Hello.</param>
    public readonly void WriteTranscript(CborWriter writer, ReadOnlySpan<byte> helloEphemeralKey, ReadOnlySpan<byte> helloNonce)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Raw("FCP2-ACK-V1"u8);
        writer.Text(From);
        writer.Text(To);
        writer.Bytes(EphemeralKey);
        writer.Bytes(Nonce);
        writer.Bytes(SessionId.Value);
        writer.Unsigned((ulong)Suite);
        writer.Unsigned(TimestampUnixSeconds);
        writer.Bytes(helloEphemeralKey);
        writer.Bytes(helloNonce);
    }
}
