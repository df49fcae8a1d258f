using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §7.1], [WIRE §7.2], [WIRE §7.3], [WIRE §7.4]: the Hello.</summary>
public sealed class HelloMessageTests
{
    private static readonly string[] Optional = ["cookie", "transport_limits", "signature"];

    [Fact]
    public void Parse_EverySetOfOptionalFields_ReadsThemAndWritesTheSameBytes()
    {
        for (int set = 0; set < 8; set++)
        {
            string[] absent = Optional.Where((_, i) => (set >> i & 1) != 0).ToArray();
            byte[] bytes = HandshakeSamples.Hello().Without(absent);
            Assert.Equal(FcpStatus.Accepted, HelloMessage.Parse(bytes, out HelloMessage hello));
            Assert.Equal("node-a"u8.ToArray(), hello.From.ToArray());
            Assert.Equal("node-b"u8.ToArray(), hello.To.ToArray());
            Assert.Equal(HandshakeSamples.Fill(1, 32), hello.EphemeralKey.ToArray());
            Assert.Equal(HandshakeSamples.Fill(2, 16), hello.Nonce.ToArray());
            Assert.Equal(absent.Contains("cookie") ? [] : HandshakeSamples.Fill(3, 32), hello.Cookie.ToArray());
            Assert.Equal(absent.Contains("signature") ? [] : HandshakeSamples.Fill(4, 64), hello.Signature.ToArray());
            Assert.Equal(absent.Contains("transport_limits") ? null : (ushort)1400, hello.TransportLimits);
            Assert.Equal(1_700_000_000ul, hello.TimestampUnixSeconds);
            Assert.Equal([MacSuite.Blake3, MacSuite.HmacSha256], Suites(hello));
            Assert.Equal(bytes, Write(hello));
        }
    }

    [Fact]
    public void Parse_RequiredFieldMissingNullOrRetyped_IsCborDeserialize()
    {
        Dictionary<string, byte[]> fields = HandshakeSamples.Hello();
        foreach (string key in fields.Keys.Except(Optional))
        {
            Refuse(FcpStatus.CborDeserialize, fields.Without(key));
            Refuse(FcpStatus.CborDeserialize, fields.With(key, [0xf6]));
            Refuse(FcpStatus.CborDeserialize, fields.With(key, [0xf5]));
            Refuse(FcpStatus.CborDeserialize, fields.With(key, [0x20]));
        }

        foreach (string key in Optional)
        {
            Refuse(FcpStatus.NonCanonicalEncoding, fields.With(key, [0xf6]));
            Refuse(FcpStatus.CborDeserialize, fields.With(key, [0xf5]));
        }
    }

    [Theory]
    [InlineData("nonce", 15)]
    [InlineData("nonce", 17)]
    [InlineData("eph_pubkey", 31)]
    [InlineData("eph_pubkey", 33)]
    [InlineData("cookie", 0)]
    [InlineData("cookie", 31)]
    [InlineData("cookie", 33)]
    [InlineData("signature", 0)]
    [InlineData("signature", 63)]
    [InlineData("signature", 65)]
    public void Parse_BytesOfAnotherLength_IsCborDeserialize(string key, int length) =>
        Refuse(FcpStatus.CborDeserialize, HandshakeSamples.Hello().With(key, HandshakeSamples.Bytes(new byte[length])));

    [Fact]
    public void Parse_UnknownField_IsNonCanonical()
    {
        foreach (string key in new[] { "", "a", "tp", "version", "zzzzzzzzzzzzzzzzz", "eph_pubkez" })
        {
            Refuse(FcpStatus.NonCanonicalEncoding, HandshakeSamples.Hello().With(key, [0x00]));
        }
    }

    [Theory]
    [InlineData("", FcpStatus.InvalidNodeId)]
    [InlineData("a b", FcpStatus.InvalidNodeId)]
    [InlineData("é", FcpStatus.InvalidNodeId)]
    [InlineData("\0", FcpStatus.InvalidNodeId)]
    public void Parse_NoNodeId_IsInvalidNodeId(string id, FcpStatus expected)
    {
        Refuse(expected, HandshakeSamples.Hello().With("from", HandshakeSamples.Text(id)));
        Refuse(expected, HandshakeSamples.Hello().With("to", HandshakeSamples.Text(id)));
    }

    [Fact]
    public void Parse_NodeIdBorders_Are128Bytes()
    {
        Assert.Equal(FcpStatus.Accepted, HelloMessage.Parse(HandshakeSamples.Hello().With("from", HandshakeSamples.Text(new string('n', 128))), out _));
        Refuse(FcpStatus.InvalidNodeId, HandshakeSamples.Hello().With("from", HandshakeSamples.Text(new string('n', 129))));
    }

    [Fact]
    public void Parse_Suites_AreOneToEightKnownOnesWithoutRepetition()
    {
        RefuseSuites(FcpStatus.InvalidSuites, []);
        RefuseSuites(FcpStatus.InvalidSuites, [1, 1]);
        RefuseSuites(FcpStatus.InvalidSuites, [2, 1, 2]);
        RefuseSuites(FcpStatus.InvalidSuites, [1, 2, 1, 2, 1, 2, 1, 2]);
        RefuseSuites(FcpStatus.InvalidSuites, [.. Enumerable.Repeat(1ul, 9)]);
        RefuseSuites(FcpStatus.InvalidSuites, [.. Enumerable.Repeat(2ul, 5000)]);
        RefuseSuites(FcpStatus.CborDeserialize, [0]);
        RefuseSuites(FcpStatus.CborDeserialize, [3]);
        RefuseSuites(FcpStatus.CborDeserialize, [1, 258]); // not 2 in a byte
        RefuseSuites(FcpStatus.CborDeserialize, [ulong.MaxValue]);
        RefuseSuites(FcpStatus.CborDeserialize, [.. Enumerable.Repeat(1ul, 9), 7]); // an unknown one makes the Hello no Hello
        Refuse(FcpStatus.CborDeserialize, HandshakeSamples.Hello().With("suites", [0x81, 0x61, 0x31]));
        foreach (ulong[] suites in new ulong[][] { [1], [2], [1, 2], [2, 1] })
        {
            Assert.Equal(FcpStatus.Accepted, HelloMessage.Parse(HandshakeSamples.Hello().With("suites", HandshakeSamples.Array(suites)), out HelloMessage hello));
            Assert.Equal(suites.Select(static number => (MacSuite)number), Suites(hello));
        }
    }

    [Theory]
    [InlineData(0ul, FcpStatus.Accepted)]
    [InlineData(1ul, FcpStatus.InvalidTransportLimits)]
    [InlineData(575ul, FcpStatus.InvalidTransportLimits)]
    [InlineData(576ul, FcpStatus.Accepted)]
    [InlineData(65_535ul, FcpStatus.Accepted)]
    [InlineData(65_536ul, FcpStatus.CborDeserialize)]
    [InlineData(ulong.MaxValue, FcpStatus.CborDeserialize)]
    public void Parse_TransportLimits_HaveTheirRange(ulong limits, FcpStatus expected)
    {
        byte[] bytes = HandshakeSamples.Hello().With("transport_limits", HandshakeSamples.Uint(limits));
        Assert.Equal(expected, HelloMessage.Parse(bytes, out HelloMessage hello));
        if (expected == FcpStatus.Accepted) Assert.Equal(bytes, Write(hello));
    }

    [Fact]
    public void Parse_TwoFaults_GivesShapeThenNodesThenSuitesThenLimits()
    {
        Dictionary<string, byte[]> fields = HandshakeSamples.Hello();
        fields["transport_limits"] = HandshakeSamples.Uint(1);
        Refuse(FcpStatus.InvalidTransportLimits, fields.Map());
        fields["suites"] = HandshakeSamples.Array();
        Refuse(FcpStatus.InvalidSuites, fields.Map());
        fields["to"] = HandshakeSamples.Text("");
        Refuse(FcpStatus.InvalidNodeId, fields.Map());
        fields["timestamp"] = [0x20];
        Refuse(FcpStatus.CborDeserialize, fields.Map());
        Refuse(FcpStatus.TrailingBytes, [.. fields.Map(), 0]);
    }

    [Fact]
    public void Parse_Sizes_AreBounded()
    {
        Refuse(FcpStatus.PayloadTooLarge, new byte[16_385]);
        Refuse(FcpStatus.CborDeserialize, []);
        byte[] bytes = HandshakeSamples.Hello().Map();
        for (int length = 0; length < bytes.Length; length++) Refuse(FcpStatus.CborDeserialize, bytes[..length]);
    }

    [Fact]
    public void Parse_EveryByteFlipped_IsRefusedOrIsThatOtherMessage()
    {
        byte[] bytes = HandshakeSamples.Hello().Map();
        int accepted = 0;
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            if (HelloMessage.Parse(flipped, out HelloMessage hello) != FcpStatus.Accepted) continue;
            accepted++;
            Assert.Equal(flipped, Write(hello));
        }

        Assert.True(accepted > 0);
    }

    [Fact]
    public void Parse_RandomAndMutatedMessages_NeverThrowsAndWritesWhatItAccepts() => Seeded.Run(20_000, static random =>
    {
        byte[] bytes = random.Mutated(HandshakeSamples.Hello().Without(Optional.Where(_ => random.Next(2) == 0).ToArray()));
        FcpStatus status = HelloMessage.Parse(bytes, out HelloMessage hello);
        Assert.NotEqual(FcpStatus.Undecided, status);
        if (status == FcpStatus.Accepted) Assert.Equal(bytes, Write(hello));
    });

    [Fact]
    public void WriteTranscript_EverySetOfOptionalFields_IsTheSequenceOfItems()
    {
        Dictionary<string, byte[]> f = HandshakeSamples.Hello();
        for (int set = 0; set < 8; set++)
        {
            string[] absent = Optional.Where((_, i) => (set >> i & 1) != 0).ToArray();
            HelloMessage.Parse(f.Without(absent), out HelloMessage hello);
            byte[] cookie = absent.Contains("cookie") ? [0xf6] : f["cookie"], limits = absent.Contains("transport_limits") ? [0xf6] : f["transport_limits"];
            var writer = new CborWriter();
            hello.WriteTranscript(writer);
            Assert.Equal(
                [.. "FCP2-HELLO-V1"u8, .. f["from"], .. f["to"], .. f["eph_pubkey"], .. f["nonce"], .. cookie, .. f["timestamp"], .. f["suites"], .. limits],
                writer.ToArray());
            hello.WriteCookieInput(writer.Reset());
            Assert.Equal([.. f["from"], .. f["to"], .. f["eph_pubkey"], .. f["nonce"], .. f["timestamp"], .. f["suites"], .. limits], writer.ToArray());
        }
    }

    private static void RefuseSuites(FcpStatus expected, ulong[] suites) =>
        Refuse(expected, HandshakeSamples.Hello().With("suites", HandshakeSamples.Array(suites)));

    private static void Refuse(FcpStatus expected, byte[] bytes)
    {
        Assert.Equal(expected, HelloMessage.Parse(bytes, out HelloMessage hello));
        Assert.True(hello.From.IsEmpty && hello.Nonce.IsEmpty && hello.Suites.Count == 0); // nothing of a refused message is given out
    }

    private static byte[] Write(HelloMessage hello)
    {
        var writer = new CborWriter();
        hello.Write(writer);
        return writer.ToArray();
    }

    private static MacSuite[] Suites(HelloMessage hello)
    {
        var suites = new MacSuite[8];
        return suites[..hello.Suites.CopyTo(suites)];
    }
}
