using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Wire;

/// <summary>[WIRE §6], [REPLAY §10] D11: envelope and frame carry one number.</summary>
public sealed class DatagramViewFrameTests
{
    [Theory]
    [InlineData(1ul, 1ul, FcpStatus.Accepted)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, FcpStatus.Accepted)]
    [InlineData(0ul, 1ul, FcpStatus.SeqMismatch)]
    [InlineData(1ul << 32, 0ul, FcpStatus.SeqMismatch)]
    [InlineData(ulong.MaxValue, ulong.MaxValue >> 1, FcpStatus.SeqMismatch)]
    public void ParseFrame_TwoNumbers_AcceptsEqualOnes(ulong envelope, ulong inFrame, FcpStatus expected)
    {
        DatagramView.Parse(Datagram(envelope, inFrame), 1200, out DatagramView view);
        Assert.Equal(expected, view.ParseFrame(out FrameView frame));
        if (expected == FcpStatus.Accepted) Assert.Equal(inFrame, frame.Seq.Value);
    }

    [Fact]
    public void ParseFrame_BrokenFrameWithAnotherNumber_NamesTheFramesFault()
    {
        byte[] datagram = Datagram(1, 2);
        datagram[DatagramLayout.HeaderBytes] ^= 1;
        DatagramView.Parse(datagram, 1200, out DatagramView view);
        Assert.Equal(FcpStatus.InvalidMagic, view.ParseFrame(out _));
    }

    [Fact]
    public void ParseFrame_NoFrame_IsTooShort()
    {
        DatagramView.Parse(new byte[DatagramLayout.HeaderBytes], 1200, out DatagramView view);
        Assert.Equal(FcpStatus.TooShort, view.ParseFrame(out _));
    }

    private static byte[] Datagram(ulong envelope, ulong inFrame)
    {
        byte[] frame = new byte[FcpsLayout.HeaderBytes];
        new FcpsHeader(FrameFlags.ControlPlane, 0, 0, default, 1024, default, default, default, default, new FrameSeq(inFrame)).Write(frame);
        byte[] datagram = [.. new byte[DatagramLayout.HeaderBytes], .. frame];
        DatagramWriter.WriteHeader(datagram, default, new FrameSeq(envelope), new byte[16]);
        return datagram;
    }
}
