using System;
using System.Linq;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Wire;

/// <summary>[WIRE §6]: one datagram, sealed and verified in its own memory.</summary>
public sealed class DatagramMacTests
{
    private static readonly byte[] Key = SHA256.HashData("mac key"u8);
    private static readonly SessionId Session = new(new Bytes16(0x0807060504030201, 0x100F0E0D0C0B0A09));
    private static readonly FrameSeq Seq = new(0x1122334455667788);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1160)]
    public void Seal_SuiteOne_WritesTheHeaderAndTheHmacOfItsInput(int frameBytes)
    {
        byte[] frame = new byte[frameBytes];
        new Random(frameBytes).NextBytes(frame);
        byte[] datagram = [.. new byte[40], .. frame];
        DatagramMac.Seal(default(PortableMac), MacSuite.HmacSha256, Key, Session, Direction.ResponderToInitiator, Seq, datagram);
        byte[] session = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], seq = [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11];
        byte[] input = [.. session, 1, .. seq, .. frame], mac = HMACSHA256.HashData(Key, input)[..16];
        Assert.Equal([.. session, .. seq, .. mac, .. frame], datagram);
    }

    [Theory]
    [InlineData(MacSuite.HmacSha256)]
    [InlineData(MacSuite.Blake3)]
    public void Verify_AsSealed_AcceptsAndLeavesTheDatagram(MacSuite suite)
    {
        byte[] datagram = Sealed(suite), before = [.. datagram];
        Assert.Equal(FcpStatus.Accepted, Verify(suite, Direction.InitiatorToResponder, datagram));
        Assert.Equal(before, datagram);
    }

    [Theory]
    [InlineData(MacSuite.HmacSha256)]
    [InlineData(MacSuite.Blake3)]
    public void Verify_AnyBitOfTheHeaderOrFrameChanged_RefusesAndLeavesTheDatagram(MacSuite suite)
    {
        byte[] datagram = Sealed(suite);
        for (int bit = 0; bit < 8 * datagram.Length; bit++)
        {
            datagram[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[] before = [.. datagram];
            Assert.True(Verify(suite, Direction.InitiatorToResponder, datagram) == FcpStatus.InvalidSignature, $"bit {bit}");
            Assert.Equal(before, datagram);
            datagram[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Verify_OtherDirectionSuiteOrKey_Refuses()
    {
        byte[] datagram = Sealed(MacSuite.Blake3);
        Assert.Equal(FcpStatus.InvalidSignature, Verify(MacSuite.Blake3, Direction.ResponderToInitiator, datagram));
        Assert.Equal(FcpStatus.InvalidSignature, Verify(MacSuite.HmacSha256, Direction.InitiatorToResponder, datagram));
        Assert.Equal(
            FcpStatus.InvalidSignature,
            DatagramMac.Verify(default(PortableMac), MacSuite.Blake3, new byte[32], Direction.InitiatorToResponder, datagram));
    }

    [Fact]
    public void SealAndVerify_LessThanAHeader_AreTheCallersFault()
    {
        Assert.Throws<ArgumentException>(() => Verify(MacSuite.Blake3, Direction.InitiatorToResponder, new byte[39]));
        Assert.Throws<ArgumentException>(
            () => DatagramMac.Seal(default(PortableMac), MacSuite.Blake3, Key, Session, Direction.InitiatorToResponder, Seq, new byte[39]));
    }

    private static byte[] Sealed(MacSuite suite)
    {
        byte[] datagram = [.. new byte[40], .. Enumerable.Range(0, 80).Select(static i => (byte)i)];
        DatagramMac.Seal(default(PortableMac), suite, Key, Session, Direction.InitiatorToResponder, Seq, datagram);
        return datagram;
    }

    private static FcpStatus Verify(MacSuite suite, Direction direction, byte[] datagram) =>
        DatagramMac.Verify(default(PortableMac), suite, Key, direction, datagram);
}
