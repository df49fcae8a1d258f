using System;
using System.Formats.Cbor;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Tests.Support;
using FormatsWriter = System.Formats.Cbor.CborWriter;
using OurWriter = FcpFast.Protocol.Cbor.CborWriter;

namespace FcpFast.Protocol.Tests.Cbor;

/// <summary>[WIRE §3]: the encoder writes shortest heads, and its buffer grows and is used again.</summary>
public sealed class CborWriterTests
{
    [Fact]
    public void Integers_EdgesAndRandom_HaveTheShortestHead() => Seeded.Run(2000, static random =>
    {
        ulong value = random.Edge64();
        var ours = new OurWriter(1);
        ours.Unsigned(value);
        ours.Negative(value);
        var unsigned = new FormatsWriter(CborConformanceMode.Canonical);
        unsigned.WriteUInt64(value);
        var negative = new FormatsWriter(CborConformanceMode.Canonical);
        negative.WriteCborNegativeIntegerRepresentation(value);
        Assert.Equal([.. unsigned.Encode(), .. negative.Encode()], ours.ToArray());
    });

    [Fact]
    public void Counts_Edges_HaveTheShortestHead()
    {
        foreach (int count in new[] { 0, 1, 23, 24, 255, 256, 65_535, 65_536, int.MaxValue })
        {
            var ours = new OurWriter();
            ours.BeginArray(count);
            byte[] array = ours.ToArray();
            ours.Reset().BeginMap(count);
            byte[] map = ours.ToArray();
            ours.Reset().Unsigned((ulong)count);
            byte[] number = ours.ToArray();
            Assert.Equal(0x80, array[0] & 0xe0);
            Assert.Equal(0xa0, map[0] & 0xe0);
            number[0] |= 0x80;
            Assert.Equal(number, array);
            number[0] |= 0x20;
            Assert.Equal(number, map);
        }

        Assert.ThrowsAny<Exception>(static () => new OurWriter().BeginArray(-1)); // a caller's fault, never written
    }

    [Fact]
    public void FixedBytesAndHex_AreByteStringsAndText()
    {
        byte[] bytes = new Random(1).Bytes(32);
        var writer = new OurWriter(1);
        writer.Bytes(Bytes8.Read(bytes));
        writer.Bytes(Bytes16.Read(bytes));
        writer.Bytes(Bytes32.Read(bytes));
        writer.HexText(bytes);
        writer.Text("é");
        byte[] expected =
        [
            0x48, .. bytes[..8], 0x50, .. bytes[..16], 0x58, 32, .. bytes, 0x78, 64, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)),
            0x62, 0xc3, 0xa9,
        ];
        Assert.Equal(expected, writer.ToArray());
    }

    [Fact]
    public void Reset_UsedAgain_StartsAnewAndErasesWhenAsked()
    {
        var writer = new OurWriter(64);
        writer.Bytes("a secret that was written before"u8);
        ReadOnlySpan<byte> old = writer.Written;
        writer.Reset(erase: true);
        Assert.False(old.ContainsAnyExcept((byte)0));
        Assert.True(writer.Written.IsEmpty);
        writer.Null();
        Assert.Equal([0xf6], writer.ToArray());
    }

    [Fact]
    public void Text_HalfASurrogatePair_IsStillWrittenAsValidText()
    {
        var writer = new OurWriter();
        writer.Text("a\ud800b");
        Assert.Equal(Protocol.Diagnostics.FcpStatus.Accepted, CanonicalCbor.Validate(writer.Written, 100));
    }

    [Fact]
    public void Raw_GrowthFromEveryCapacity_LosesNothing() => Seeded.Run(50, static random =>
    {
        var writer = new OurWriter(random.Next(1, 40));
        byte[] expected = [];
        for (int i = 0; i < 20; i++)
        {
            byte[] piece = random.Bytes(random.Next(100));
            writer.Raw(piece);
            expected = [.. expected, .. piece];
        }

        Assert.Equal(expected, writer.ToArray());
    });
}
