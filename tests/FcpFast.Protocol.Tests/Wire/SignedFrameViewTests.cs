using System;
using System.Text;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Wire;

/// <summary>[WIRE §16.7]: signed frames, decoded for diagnosis.</summary>
public sealed class SignedFrameViewTests
{
    [Fact]
    public void Parse_Lengths_FollowTheDeclaredId()
    {
        byte[] whole = Signed("node-1", 200);
        Assert.Equal(FcpStatus.Accepted, SignedFrameView.Parse(whole, whole.Length, out SignedFrameView view));
        Assert.Equal("node-1"u8.ToArray(), view.SourceId.ToArray());
        Assert.Equal(BitConverter.ToUInt64(whole, 8), view.TimestampUnixSeconds);
        Assert.Equal(whole[16..80], view.Signature.ToArray());
        Assert.Equal(whole[80..], view.Frame.ToArray());
        Assert.Equal(FcpStatus.ExceedsMtu, SignedFrameView.Parse(whole, whole.Length - 1, out _));
        for (int length = 0; length < whole.Length; length++)
        {
            FcpStatus expected = length < 80 + 114 ? FcpStatus.TooShort : FcpStatus.Accepted;
            Assert.Equal(expected, SignedFrameView.Parse(whole.AsSpan(0, length), 10_000, out _));
        }
    }

    [Fact]
    public void Parse_IdBorders_HaveTheirNames()
    {
        Assert.Equal(FcpStatus.Accepted, Parse(Signed("a", 114)));
        Assert.Equal(189, Signed("a", 114).Length);
        Assert.Equal(FcpStatus.TooShort, Parse(Signed("a", 113)));
        Assert.Equal(FcpStatus.TooShort, Parse(Signed("", 200)));
        Assert.Equal(FcpStatus.TooShort, Parse(Signed("a", 200).With(0, 65_535, 2)));
        Assert.Equal(FcpStatus.Accepted, Parse(Signed(new string('x', 65_535), 114)));
        byte[] bad = Signed("ab", 114);
        bad[2] = 0xff;
        Assert.Equal(FcpStatus.InvalidUtf8, Parse(bad));
        Assert.Equal(FcpStatus.TooShort, Parse(bad[..^1])); // the length is judged before the text
    }

    [Fact]
    public void Parse_RandomAndMutatedBytes_NeverThrows() => Seeded.Run(5000, static random =>
        Assert.NotEqual(FcpStatus.Undecided, Parse(random.Mutated(Signed("nodé", random.Next(110, 120))))));

    [Fact]
    public void Transcript_Parts_AreConcatenatedBehindTheDomain() =>
        Assert.Equal(
            [.. "FCP2-FRAME-SIG-V1"u8, .. "id"u8, 1, 2, 0, 0, 0, 0, 0, 0, 9, 8], SignedFrameView.Transcript("id"u8, 513, [9, 8]));

    private static FcpStatus Parse(byte[] bytes) => SignedFrameView.Parse(bytes, 100_000, out _);

    private static byte[] Signed(string id, int frameBytes)
    {
        byte[] text = Encoding.UTF8.GetBytes(id);
        return [.. BitConverter.GetBytes((ushort)text.Length), .. text, .. new Random(3).Bytes(8 + 64 + frameBytes)];
    }
}
