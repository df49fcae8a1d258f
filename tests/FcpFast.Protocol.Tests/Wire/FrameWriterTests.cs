using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Wire;

/// <summary>[WIRE §4.1]: what is written is what is read, byte for byte.</summary>
public sealed class FrameWriterTests
{
    [Fact]
    public void WriteHeader_ReadHeaders_GiveTheSameBytes() => Seeded.Run(200, static random =>
    {
        byte[] header = WireSamples.Header(random, random.Next(1, 65_536), random.Next(1000), (ushort)random.Next(0x1000)), written = new byte[120];
        Assert.Equal(FcpStatus.Accepted, FcpsHeader.Parse(header, out FcpsHeader values));
        Assert.Equal(FcpStatus.Accepted, FrameWriter.WriteHeader(written, values));
        Assert.Equal([.. header, .. new byte[6]], written);
    });

    [Fact]
    public void WriteHeader_AnotherPayloadLength_IsRefusedAndWritesNothing()
    {
        var values = new FcpsHeader(FrameFlags.Default, 2, 556, default, 256, default, default, default, default, default);
        byte[] written = new byte[114];
        Assert.Equal(FcpStatus.Accepted, FrameWriter.WriteHeader(written, values));
        Array.Clear(written);
        foreach (uint wrong in new uint[] { 0, 555, 557, uint.MaxValue })
        {
            Assert.Equal(FcpStatus.LengthMismatch, FrameWriter.WriteHeader(written, values with { PayloadBytes = wrong }));
        }

        FcpsHeader wrapping = values with { SymbolCount = 65_536, SymbolBytes = 65_514, PayloadBytes = 0 }; // 2^32 is not 0
        Assert.Equal(FcpStatus.LengthMismatch, FrameWriter.WriteHeader(written, wrapping));
        Assert.All(written, static b => Assert.Equal(0, b));
    }

    [Fact]
    public void WriteRecordHead_Edges_AreLittleEndian()
    {
        byte[] head = new byte[8];
        FrameWriter.WriteRecordHead(head, 0x00a1b2c3, 0xd4e5);
        Assert.Equal([0xc3, 0xb2, 0xa1, 0x00, 0xe5, 0xd4, 0, 0], head);
        Assert.Equal(1160, FrameWriter.FrameBytes(1, 1024));
        Assert.Equal(114, FrameWriter.FrameBytes(0, 1024));
        Assert.Throws<OverflowException>(static () => FrameWriter.FrameBytes(int.MaxValue, 65_535));
    }

    [Fact]
    public void DatagramParse_Lengths_ShortBeforeLarge()
    {
        byte[] datagram = new Random(5).Bytes(1300);
        for (int length = 0; length <= datagram.Length; length++)
        {
            FcpStatus expected = length < 40 ? FcpStatus.DatagramTooShort : length > 1200 ? FcpStatus.DatagramTooLarge : FcpStatus.Accepted;
            Assert.Equal(expected, DatagramView.Parse(datagram.AsSpan(0, length), 1200, out DatagramView view));
            if (expected == FcpStatus.Accepted) Assert.Equal(length - 40, view.Frame.Length); // the codec takes an empty frame
        }

        Assert.Equal(FcpStatus.DatagramTooShort, DatagramView.Parse(datagram.AsSpan(0, 39), 10, out _));
        Assert.Equal(FcpStatus.DatagramTooLarge, DatagramView.Parse(datagram.AsSpan(0, 40), 39, out _));
    }

    [Fact]
    public void DatagramWriter_HeaderAndMacPrefix_AreTheTwoForms() => Seeded.Run(50, static random =>
    {
        byte[] session = random.Bytes(16), mac = random.Bytes(16), frame = random.Bytes(random.Next(60));
        ulong seq = random.Edge64();
        byte[] datagram = [.. new byte[40], .. frame], number = BitConverter.GetBytes(seq);
        foreach (Direction direction in new[] { Direction.InitiatorToResponder, Direction.ResponderToInitiator })
        {
            DatagramWriter.WriteMacPrefix(datagram, new SessionId(Bytes16.Read(session)), direction, new FrameSeq(seq));
            Assert.Equal([.. session, (byte)direction, .. number, .. frame], datagram[DatagramLayout.MacInputOffset..]);
        }

        DatagramWriter.WriteHeader(datagram, new SessionId(Bytes16.Read(session)), new FrameSeq(seq), mac);
        Assert.Equal([.. session, .. number, .. mac, .. frame], datagram);
        Assert.Equal(FcpStatus.Accepted, DatagramView.Parse(datagram, 100, out DatagramView view));
        Assert.Equal(seq, view.Seq.Value);
        Assert.Equal(mac, view.Mac.ToArray());
        Assert.Equal(frame, view.Frame.ToArray());
        Assert.Equal(Convert.ToHexStringLower(session), view.SessionId.ToString());
        Assert.Throws<ArgumentException>(() => DatagramWriter.WriteHeader(datagram, default, default, mac.AsSpan(1)));
    });

    [Theory] // [WIRE §6]: floor((max - 40 - 114) / n) - 22, rounded down to a multiple of 8
    [InlineData(1200, 1, 1024)]
    [InlineData(1199, 1, 1016)]
    [InlineData(1207, 1, 1024)]
    [InlineData(1208, 1, 1032)]
    [InlineData(1200, 2, 496)]
    [InlineData(576, 1, 400)]
    [InlineData(183, 1, 0)]
    [InlineData(184, 1, 8)]
    [InlineData(100, 1, 0)]
    [InlineData(0, 5, 0)]
    [InlineData(9000, 8, 1080)]
    public void SymbolBytes_Limits_FollowTheFormula(int max, int symbols, int expected) => Assert.Equal(expected, DatagramSizing.SymbolBytes(max, symbols));

    [Fact]
    public void SymbolsPerFrame_EveryLimit_FillsTheDatagramWithinThePolicy()
    {
        for (int max = WireLimits.DatagramBytesMin; max <= WireLimits.DatagramBytesMax; max++)
        {
            int symbols = DatagramSizing.SymbolsPerFrame(max), bytes = DatagramSizing.SymbolBytes(max, symbols);
            Assert.InRange(symbols, 1, WireLimits.SymbolsPerFrameMax);
            Assert.InRange(bytes, WireLimits.SymbolBytesMin, WireLimits.SymbolBytesMax);
            Assert.Equal(0, bytes % 8);
            int whole = DatagramLayout.HeaderBytes + FrameWriter.FrameBytes(symbols, bytes);
            Assert.InRange(whole, max - (8 * symbols) - symbols, max);
        }
    }
}
