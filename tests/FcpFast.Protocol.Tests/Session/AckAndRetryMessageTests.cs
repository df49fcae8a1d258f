using System.Collections.Generic;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §7.1], [WIRE §7.2], [WIRE §7.3], [WIRE §7.4]: the Ack and the HelloRetry.</summary>
public sealed class AckAndRetryMessageTests
{
    [Fact]
    public void ParseAck_WithAndWithoutSignature_ReadsAndWritesTheSameBytes()
    {
        foreach (string[] absent in new string[][] { [], ["signature"] })
        {
            byte[] bytes = HandshakeSamples.Ack().Without(absent);
            Assert.Equal(FcpStatus.Accepted, AckMessage.Parse(bytes, out AckMessage ack));
            Assert.Equal("node-b"u8.ToArray(), ack.From.ToArray());
            Assert.Equal("node-a"u8.ToArray(), ack.To.ToArray());
            Assert.Equal(HandshakeSamples.Fill(5, 32), ack.EphemeralKey.ToArray());
            Assert.Equal(HandshakeSamples.Fill(6, 16), ack.Nonce.ToArray());
            Assert.Equal("07070707070707070707070707070707", ack.SessionId.ToString());
            Assert.Equal(MacSuite.Blake3, ack.Suite);
            Assert.Equal(1_700_000_001ul, ack.TimestampUnixSeconds);
            Assert.Equal(absent.Length == 0 ? 64 : 0, ack.Signature.Length);
            Assert.Equal(bytes, Write(ack));
        }
    }

    [Fact]
    public void ParseAck_EveryFieldBroken_IsRefused()
    {
        Dictionary<string, byte[]> fields = HandshakeSamples.Ack();
        foreach (string key in fields.Keys)
        {
            bool optional = key == "signature";
            if (!optional) Refuse(FcpStatus.CborDeserialize, fields.Without(key));
            Refuse(optional ? FcpStatus.NonCanonicalEncoding : FcpStatus.CborDeserialize, fields.With(key, [0xf6]));
            Refuse(FcpStatus.CborDeserialize, fields.With(key, [0x80]));
            Refuse(FcpStatus.CborDeserialize, fields.With(key, HandshakeSamples.Bytes(new byte[15])));
        }

        foreach (ulong suite in new ulong[] { 0, 3, 257, ulong.MaxValue }) Refuse(FcpStatus.CborDeserialize, fields.With("suite", HandshakeSamples.Uint(suite)));
        Refuse(FcpStatus.NonCanonicalEncoding, fields.With("cookie", HandshakeSamples.Bytes(new byte[32]))); // not of this message
        Refuse(FcpStatus.InvalidNodeId, fields.With("from", HandshakeSamples.Text("")));
        Refuse(FcpStatus.InvalidNodeId, fields.With("to", HandshakeSamples.Text("ü")));
        Refuse(FcpStatus.TrailingBytes, [.. fields.Map(), 0]);
        Refuse(FcpStatus.PayloadTooLarge, new byte[16_385]);
        Refuse(FcpStatus.CborDeserialize, HandshakeSamples.Hello().Map()); // a Hello is no Ack
    }

    [Fact]
    public void ParseAck_FlippedAndMutated_IsRefusedOrIsThatOtherMessage()
    {
        byte[] bytes = HandshakeSamples.Ack().Map();
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            if (AckMessage.Parse(flipped, out AckMessage ack) == FcpStatus.Accepted) Assert.Equal(flipped, Write(ack));
        }

        Seeded.Run(5000, static random =>
        {
            byte[] mutated = random.Mutated(HandshakeSamples.Ack().Map());
            FcpStatus status = AckMessage.Parse(mutated, out AckMessage ack);
            Assert.NotEqual(FcpStatus.Undecided, status);
            if (status == FcpStatus.Accepted) Assert.Equal(mutated, Write(ack));
        });
    }

    [Fact]
    public void AckTranscript_Fields_TieTheAckToItsHello()
    {
        Dictionary<string, byte[]> f = HandshakeSamples.Ack(), hello = HandshakeSamples.Hello();
        AckMessage.Parse(f.Map(), out AckMessage ack);
        var writer = new CborWriter();
        ack.WriteTranscript(writer, HandshakeSamples.Fill(1, 32), HandshakeSamples.Fill(2, 16));
        Assert.Equal(
            [
                .. "FCP2-ACK-V1"u8, .. f["from"], .. f["to"], .. f["eph_pubkey"], .. f["nonce"], .. f["session_id"], .. f["suite"], .. f["timestamp"],
                .. hello["eph_pubkey"], .. hello["nonce"],
            ],
            writer.ToArray());
    }

    [Fact]
    public void ParseRetry_ItsFields_ReadAndWriteTheSameBytes()
    {
        byte[] bytes = HandshakeSamples.Retry().Map();
        Assert.Equal(FcpStatus.Accepted, HelloRetryMessage.Parse(bytes, out HelloRetryMessage retry));
        Assert.Equal("node-b"u8.ToArray(), retry.From.ToArray());
        Assert.Equal("node-a"u8.ToArray(), retry.To.ToArray());
        Assert.Equal(HandshakeSamples.Fill(9, 32), retry.Cookie.ToArray());
        Assert.Equal(1_700_000_002ul, retry.TimestampUnixSeconds);
        Assert.Equal(bytes, Write(retry));
    }

    [Fact]
    public void ParseRetry_EveryFieldBroken_IsRefused()
    {
        Dictionary<string, byte[]> fields = HandshakeSamples.Retry();
        foreach (string key in fields.Keys)
        {
            Assert.Equal(FcpStatus.CborDeserialize, HelloRetryMessage.Parse(fields.Without(key), out _));
            Assert.Equal(FcpStatus.CborDeserialize, HelloRetryMessage.Parse(fields.With(key, [0xf6]), out _));
            Assert.Equal(FcpStatus.CborDeserialize, HelloRetryMessage.Parse(fields.With(key, HandshakeSamples.Bytes(new byte[33])), out _));
        }

        Assert.Equal(FcpStatus.InvalidNodeId, HelloRetryMessage.Parse(fields.With("from", HandshakeSamples.Text(" ")), out _));
        Assert.Equal(FcpStatus.InvalidNodeId, HelloRetryMessage.Parse(fields.With("to", HandshakeSamples.Text(new string('n', 129))), out _));
        Assert.Equal(FcpStatus.NonCanonicalEncoding, HelloRetryMessage.Parse(fields.With("signature", HandshakeSamples.Bytes(new byte[64])), out _));
        Assert.Equal(FcpStatus.PayloadTooLarge, HelloRetryMessage.Parse(new byte[16_385], out _));
    }

    [Fact]
    public void ParseRetry_FlippedAndMutated_IsRefusedOrIsThatOtherMessage() => Seeded.Run(5000, static random =>
    {
        byte[] mutated = random.Mutated(HandshakeSamples.Retry().Map(), 2);
        FcpStatus status = HelloRetryMessage.Parse(mutated, out HelloRetryMessage retry);
        Assert.NotEqual(FcpStatus.Undecided, status);
        if (status == FcpStatus.Accepted) Assert.Equal(mutated, Write(retry));
    });

    private static void Refuse(FcpStatus expected, byte[] bytes)
    {
        Assert.Equal(expected, AckMessage.Parse(bytes, out AckMessage ack));
        Assert.True(ack.From.IsEmpty && ack.Suite == MacSuite.Unset && ack.SessionId == default);
    }

    private static byte[] Write(AckMessage ack)
    {
        var writer = new CborWriter();
        ack.Write(writer);
        return writer.ToArray();
    }

    private static byte[] Write(HelloRetryMessage retry)
    {
        var writer = new CborWriter();
        retry.Write(writer);
        return writer.ToArray();
    }
}
