using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>The first message of a handshake.</summary>
/// <remarks>
/// Shape:  a view of the message's bytes, or of the caller's when one is made; owns nothing.
/// Source: [WIRE §7.1] to [WIRE §7.4].
/// </remarks>
public ref struct HelloMessage
{
    /// <summary>The initiator.</summary>
    public ReadOnlySpan<byte> From { get; set; }

    /// <summary>The responder asked.</summary>
    public ReadOnlySpan<byte> To { get; set; }

    /// <summary>32 bytes.</summary>
    public ReadOnlySpan<byte> EphemeralKey { get; set; }

    /// <summary>16 bytes.</summary>
    public ReadOnlySpan<byte> Nonce { get; set; }

    /// <summary>32 bytes; empty if absent.</summary>
    public ReadOnlySpan<byte> Cookie { get; set; }

    /// <summary>When it was made.</summary>
    public ulong TimestampUnixSeconds { get; set; }

    /// <summary>The suites offered, in order of preference.</summary>
    public SuiteList Suites { get; set; }

    /// <summary>The largest datagram that the initiator will transmit; null if absent.</summary>
    public ushort? TransportLimits { get; set; }

    /// <summary>64 bytes; empty if absent.</summary>
    public ReadOnlySpan<byte> Signature { get; set; }

    /// <summary>Reads a Hello.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.Validate"/>, then <c>InvalidNodeId</c>, <c>InvalidSuites</c>, <c>InvalidTransportLimits</c>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> message, out HelloMessage hello)
    {
        hello = default;
        FcpStatus status = CanonicalCbor.Validate(message, CborLimits.HandshakeBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(message);
        var parsed = new HelloMessage { To = map.Text("to"u8), From = map.Text("from"u8), Nonce = map.Bytes("nonce"u8, SessionRules.NonceBytes) };
        parsed.Cookie = map.TryBytes("cookie"u8, SessionRules.CookieBytes);
        bool suitesAreListed = ReadSuites(ref map, out SuiteList suites);
        parsed.Suites = suites;
        parsed.Signature = map.TryBytes("signature"u8, CryptoSizes.SignatureBytes);
        parsed.TimestampUnixSeconds = map.Unsigned("timestamp"u8);
        parsed.EphemeralKey = map.Bytes("eph_pubkey"u8, CryptoSizes.KeyBytes);
        ulong? limits = map.TryUnsigned("transport_limits"u8);
        if (limits > ushort.MaxValue) map.Fail(FcpStatus.CborDeserialize);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        parsed.TransportLimits = (ushort?)limits;
        if (NodeId.Check(parsed.From) != FcpStatus.Accepted || NodeId.Check(parsed.To) != FcpStatus.Accepted) return FcpStatus.InvalidNodeId;
        if (!suitesAreListed) return FcpStatus.InvalidSuites;
        status = SessionRules.DatagramLimit(parsed.TransportLimits, out _);
        if (status == FcpStatus.Accepted) hello = parsed;
        return status;
    }

    /// <summary>Writes the message.</summary>
    public readonly void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginMap(6 + (Cookie.IsEmpty ? 0 : 1) + (Signature.IsEmpty ? 0 : 1) + (TransportLimits is null ? 0 : 1));
        writer.Key("to"u8);
        writer.Text(To);
        writer.Key("from"u8);
        writer.Text(From);
        writer.Key("nonce"u8);
        writer.Bytes(Nonce);
        if (!Cookie.IsEmpty)
        {
            writer.Key("cookie"u8);
            writer.Bytes(Cookie);
        }

        writer.Key("suites"u8);
        WriteSuites(writer);
        if (!Signature.IsEmpty)
        {
            writer.Key("signature"u8);
            writer.Bytes(Signature);
        }

        writer.Key("timestamp"u8);
        writer.Unsigned(TimestampUnixSeconds);
        writer.Key("eph_pubkey"u8);
        writer.Bytes(EphemeralKey);
        if (TransportLimits is { } limits)
        {
            writer.Key("transport_limits"u8);
            writer.Unsigned(limits);
        }
    }

    /// <summary>Writes what the signature covers.</summary>
    public readonly void WriteTranscript(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Raw("FCP2-HELLO-V1"u8);
        WriteUpToNonce(writer);
        if (Cookie.IsEmpty) writer.Null();
        else writer.Bytes(Cookie);
        WriteFromTimestamp(writer);
    }

    /// <summary>Writes what the cookie covers: everything but the cookie and the signature.</summary>
    public readonly void WriteCookieInput(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        WriteUpToNonce(writer);
        WriteFromTimestamp(writer);
    }

    private static bool ReadSuites(ref CborMapReader map, out SuiteList suites)
    {
        suites = default;
        CborArrayReader entries = map.Array("suites"u8);
        bool listed = entries.Count is >= 1 and <= SessionRules.SuitesMax;
        while (entries.TryRead(out CborItem item))
        {
            if (!item.TryGetUnsigned(out ulong number) || SessionRules.ParseSuite(number, out MacSuite suite) != FcpStatus.Accepted)
            {
                map.Fail(FcpStatus.CborDeserialize);
                return listed;
            }

            listed &= !suites.Contains(suite);
            if (listed) suites.Add(suite);
        }

        return listed;
    }

    private readonly void WriteUpToNonce(CborWriter writer)
    {
        writer.Text(From);
        writer.Text(To);
        writer.Bytes(EphemeralKey);
        writer.Bytes(Nonce);
    }

    private readonly void WriteFromTimestamp(CborWriter writer)
    {
        writer.Unsigned(TimestampUnixSeconds);
        WriteSuites(writer);
        if (TransportLimits is { } limits) writer.Unsigned(limits);
        else writer.Null();
    }

    private readonly void WriteSuites(CborWriter writer)
    {
        writer.BeginArray(Suites.Count);
        for (int i = 0; i < Suites.Count; i++) writer.Unsigned((ulong)Suites[i]);
    }
}
