using System;
using System.Text;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9]: what a file may be called.</summary>
public sealed class FileNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a.bin")]
    [InlineData("...")]
    [InlineData(".hidden")]
    [InlineData("..a")]
    [InlineData(" ")]
    [InlineData("report 2026.pdf")]
    [InlineData("déjà-vu.txt")]
    [InlineData("日本語")]
    [InlineData("\u00a0")]
    [InlineData("🎈")]
    public void Check_OneComponent_Accepted(string name) => Assert.Equal(FcpStatus.Accepted, FileName.Check(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/")]
    [InlineData("a/b")]
    [InlineData("../a")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\u001f")]
    [InlineData("\u007f")]
    [InlineData("\u0080")]
    [InlineData("a\u009fb")]
    public void Check_NoSafeComponent_Refused(string name) =>
        Assert.Equal(FcpStatus.InvalidName, FileName.Check(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xC2 })]
    [InlineData(new byte[] { 0xC0, 0xAF })] // an overlong slash
    public void Check_NoUtf8_Refused(byte[] name) => Assert.Equal(FcpStatus.InvalidName, FileName.Check(name));

    [Fact]
    public void Check_Length_UpTo255Bytes()
    {
        byte[] name = new byte[256];
        name.AsSpan().Fill((byte)'x');
        Assert.Equal(FcpStatus.Accepted, FileName.Check(name.AsSpan(0, 255)));
        Assert.Equal(FcpStatus.InvalidName, FileName.Check(name));
    }

    [Fact]
    public void Check_EveryByteAlone_AgreesWithTheRule()
    {
        for (int value = 0; value < 256; value++)
        {
            bool valid = value is >= 0x20 and < 0x7F && value is not ('/' or '\\' or '.');
            Assert.Equal(valid ? FcpStatus.Accepted : FcpStatus.InvalidName, FileName.Check([(byte)value]));
        }
    }
}
