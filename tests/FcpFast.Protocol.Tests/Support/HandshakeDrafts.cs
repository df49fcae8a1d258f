using System;
using System.Linq;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>A Hello as an honest or hostile node may make it; signed by the key of whoever it says it is from, unless told otherwise.</summary>
/// <remarks>Source: [WIRE §7.1], [WIRE §7.3].</remarks>
internal sealed record HelloDraft
{
    public string From { get; init; } = "alice";

    public string To { get; init; } = "bob";

    public byte[] EphemeralSecret { get; init; } = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    public byte[]? EphemeralKey { get; init; }

    public byte[] Nonce { get; init; } = HandshakeSamples.Fill(7, 16);

    public byte[]? Cookie { get; init; }

    public ulong Timestamp { get; init; } = TestNodes.Start.UnixSeconds;

    public MacSuite[] Suites { get; init; } = [MacSuite.Blake3, MacSuite.HmacSha256];

    public ushort? TransportLimits { get; init; } = 1200;

    public string? SignedBy { get; init; }

    public bool IsUnsigned { get; init; }

    public byte[] Bytes()
    {
        var hello = new HelloMessage
        {
            From = Encoding.ASCII.GetBytes(From),
            To = Encoding.ASCII.GetBytes(To),
            EphemeralKey = EphemeralKey ?? PublicKeyOf(EphemeralSecret),
            Nonce = Nonce,
            Cookie = Cookie,
            TimestampUnixSeconds = Timestamp,
            Suites = new SuiteList(Suites),
            TransportLimits = TransportLimits,
        };
        Span<byte> signature = stackalloc byte[64];
        HandshakeTranscript.SignHello(new RealCrypto().Provider.Signatures, HandshakeParty.SeedOf(SignedBy ?? From), hello, new CborWriter(), signature);
        if (!IsUnsigned) hello.Signature = signature.ToArray();
        var writer = new CborWriter();
        hello.Write(writer);
        return writer.ToArray();
    }

    internal static byte[] PublicKeyOf(byte[] secret)
    {
        byte[] key = new byte[32];
        new RealCrypto().Provider.KeyExchange.DerivePublicKey(secret, key);
        return key;
    }
}

/// <summary>An Ack as an honest or hostile node may make it, in answer to a Hello.</summary>
/// <remarks>Source: [WIRE §7.1], [WIRE §7.3].</remarks>
internal sealed record AckDraft
{
    /// <summary>The Hello whose key and nonce the signature covers.</summary>
    public required byte[] Hello { get; init; }

    public string From { get; init; } = "bob";

    public string To { get; init; } = "alice";

    public byte[] EphemeralKey { get; init; } = HelloDraft.PublicKeyOf(HandshakeSamples.Fill(3, 32));

    public byte[] Nonce { get; init; } = HandshakeSamples.Fill(8, 16);

    public SessionId SessionId { get; init; } = new(new Bytes16(5, 6));

    public MacSuite Suite { get; init; } = MacSuite.Blake3;

    public ulong Timestamp { get; init; } = TestNodes.Start.UnixSeconds;

    public string? SignedBy { get; init; }

    public bool IsUnsigned { get; init; }

    public byte[] Bytes()
    {
        HelloMessage.Parse(Hello, out HelloMessage hello);
        var ack = new AckMessage
        {
            From = Encoding.ASCII.GetBytes(From),
            To = Encoding.ASCII.GetBytes(To),
            EphemeralKey = EphemeralKey,
            Nonce = Nonce,
            SessionId = SessionId,
            Suite = Suite,
            TimestampUnixSeconds = Timestamp,
        };
        Span<byte> signature = stackalloc byte[64];
        HandshakeTranscript.SignAck(
            new RealCrypto().Provider.Signatures, HandshakeParty.SeedOf(SignedBy ?? From), ack, hello.EphemeralKey, hello.Nonce, new CborWriter(), signature);
        if (!IsUnsigned) ack.Signature = signature.ToArray();
        var writer = new CborWriter();
        ack.Write(writer);
        return writer.ToArray();
    }
}
