using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Wire;

/// <summary>[WIRE §9]: the checks C1 to C5 in their order.</summary>
public sealed class FcpcHeaderTests
{
    private static readonly byte[] Valid = WireSamples.Fcpc(new Random(21), 100);

    private static readonly (FcpStatus Name, Func<byte[], byte[]> Break)[] Checks =
    [
        (FcpStatus.TooShort, static frame => frame[..51]),
        (FcpStatus.InvalidMagic, static frame => frame.With(0, 0x53504346, 4)),
        (FcpStatus.UnsupportedVersion, static frame => frame.With(4, 0, 2)),
        (FcpStatus.UnknownFlags, static frame => frame.With(30, 0x0005, 2)),
        (FcpStatus.PayloadTooLarge, static frame => frame.With(32, 1001, 4)),
        (FcpStatus.LengthMismatch, static frame => [.. frame, 0]),
    ];

    [Fact]
    public void ParseFrame_OneOrTwoChecksBroken_GivesTheEarlierName()
    {
        Assert.Equal(FcpStatus.Accepted, FcpcHeader.ParseFrame(Valid, 1000, out _));
        for (int first = 0; first < Checks.Length; first++)
        {
            Assert.Equal(Checks[first].Name, FcpcHeader.ParseFrame(Checks[first].Break(Valid), 1000, out FcpcHeader header));
            Assert.Equal(default, header);
            for (int second = first + 1; second < Checks.Length; second++)
            {
                FcpStatus status = FcpcHeader.ParseFrame(Checks[first].Break(Checks[second].Break(Valid)), 1000, out _);
                Assert.True(Checks[first].Name == status, $"{Checks[first].Name} and {Checks[second].Name} gave {status}");
            }
        }
    }

    [Fact]
    public void ParseFrame_EveryLengthAndDeclaredLength_AcceptsOnlyWhatFits()
    {
        byte[] longer = [.. Valid, .. new byte[50]];
        for (int length = 0; length <= longer.Length; length++)
        {
            FcpStatus expected = length < 52 ? FcpStatus.TooShort : length == Valid.Length ? FcpStatus.Accepted : FcpStatus.LengthMismatch;
            Assert.Equal(expected, FcpcHeader.ParseFrame(longer.AsSpan(0, length), 1000, out _));
            FcpStatus alone = length < 36 ? FcpStatus.TooShort : FcpStatus.Accepted;
            Assert.Equal(alone, FcpcHeader.Parse(longer.AsSpan(0, length), 1000, out _));
        }

        foreach (ulong declared in new ulong[] { 0, 99, 101, 1000, 1001, int.MaxValue, 1ul << 31, uint.MaxValue })
        {
            FcpStatus expected = declared > 1000 ? FcpStatus.PayloadTooLarge : FcpStatus.LengthMismatch;
            Assert.Equal(expected, FcpcHeader.ParseFrame(Valid.With(32, declared, 4), 1000, out _));
        }

        Assert.Equal(FcpStatus.Accepted, FcpcHeader.ParseFrame(Valid, 100, out _));
        Assert.Equal(FcpStatus.PayloadTooLarge, FcpcHeader.ParseFrame(Valid, 99, out _));
        Assert.Equal(FcpStatus.PayloadTooLarge, FcpcHeader.Parse(Valid.With(32, 4_194_305, 4), FcpcHeader.CiphertextBytesMax, out _));
        Assert.Equal(FcpStatus.Accepted, FcpcHeader.Parse(Valid.With(32, 4_194_304, 4), FcpcHeader.CiphertextBytesMax, out _));
    }

    [Fact]
    public void Parse_EveryFlagBit_KnowsTwo()
    {
        for (int bit = 0; bit < 16; bit++)
        {
            FcpStatus expected = bit < 2 ? FcpStatus.Accepted : FcpStatus.UnknownFlags;
            Assert.Equal(expected, FcpcHeader.Parse(Valid.With(30, 1ul << bit, 2), 1000, out _));
        }
    }

    [Fact]
    public void Write_ReadHeaders_GiveTheSameBytes() => Seeded.Run(200, static random =>
    {
        byte[] frame = WireSamples.Fcpc(random, random.Next(100), (ushort)random.Next(4)), written = new byte[36];
        Assert.Equal(FcpStatus.Accepted, FcpcHeader.ParseFrame(frame, 100, out FcpcHeader header));
        header.Write(written);
        Assert.Equal(frame[..36], written);
        Assert.Equal(BitConverter.ToUInt64(frame, 22), header.Seq.Value);
        Assert.Equal(Convert.ToHexStringLower(frame[6..22]), header.SessionId.ToString());
    });

    [Fact]
    public void Parse_RandomAndMutatedBytes_NeverThrows() => Seeded.Run(5000, static random =>
    {
        byte[] bytes = random.Next(4) == 0 ? random.Bytes(random.Next(80)) : random.Mutated(WireSamples.Fcpc(random, random.Next(20)));
        FcpStatus whole = FcpcHeader.ParseFrame(bytes, 1000, out FcpcHeader header);
        Assert.NotEqual(FcpStatus.Undecided, whole);
        if (whole == FcpStatus.Accepted) Assert.Equal(bytes.Length - 52, (int)header.CiphertextBytes);
    });

    [Theory]
    [InlineData("46435043", true)]
    [InlineData("4643504300", true)]
    [InlineData("464350", false)]
    [InlineData("46435053", false)]
    [InlineData("", false)]
    public void HasMagic_Starts_TellsFramesFromHandshakes(string hex, bool expected) =>
        Assert.Equal(expected, FcpcHeader.HasMagic(Convert.FromHexString(hex)));
}
