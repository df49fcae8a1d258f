using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Tests.Codec;

/// <summary>[RFC 9420 §2.1]: what may be read, and what every fault ends in.</summary>
public sealed class MlsReaderTests
{
    [Theory]
    [InlineData("00", 0)]
    [InlineData("25", 37)]
    [InlineData("3f", 63)]
    [InlineData("4040", 64)]
    [InlineData("7bbd", 15293)]
    [InlineData("7fff", 16383)]
    [InlineData("80004000", 16384)]
    [InlineData("9d7f3e7d", 494878333)]
    [InlineData("bfffffff", 1073741823)]
    public void Length_InShortestForm_IsReadAndWritten(string hex, int length)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var reader = new MlsReader(bytes);
        Assert.Equal(length, reader.Length());
        Assert.False(reader.IsBroken);
        Assert.True(reader.IsEmpty);
        if (length > 20_000) return;
        using var writer = new MlsWriter();
        writer.Vector(new byte[length]);
        Assert.Equal(bytes, writer.Written[..bytes.Length].ToArray());
        Assert.Equal(bytes.Length + length, writer.Written.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("40")]
    [InlineData("8000")]
    [InlineData("800000")]
    [InlineData("4000")]
    [InlineData("403f")]
    [InlineData("80000000")]
    [InlineData("80003fff")]
    [InlineData("c0")]
    [InlineData("ffffffff")]
    public void Length_CutLongerThanNeededOrReserved_IsMalformed(string hex)
    {
        var reader = new MlsReader(Convert.FromHexString(hex));
        reader.Length();
        Assert.Equal(MlsStatus.Malformed, reader.Status);
    }

    [Fact]
    public void Vector_LongerThanWhatIsLeft_IsMalformedAndEmpty()
    {
        var reader = new MlsReader([5, 1, 2, 3, 4]);
        Assert.True(reader.Vector().IsEmpty);
        Assert.Equal(MlsStatus.Malformed, reader.Status);
        Assert.Equal(0, reader.U8());
        Assert.Equal(0UL, reader.U64());
        Assert.Empty(reader.U16List());
    }

    [Fact]
    public void Optional_AnotherOctetThanZeroOrOne_IsMalformed()
    {
        var reader = new MlsReader([0, 1, 2]);
        Assert.False(reader.Optional());
        Assert.True(reader.Optional());
        Assert.False(reader.Optional());
        Assert.Equal(MlsStatus.Malformed, reader.Status);
    }

    [Fact]
    public void List_LastElementCut_IsEmptyAndMalformed()
    {
        var reader = new MlsReader([3, 0, 1, 0]);
        Assert.Empty(reader.U16List());
        Assert.Equal(MlsStatus.Malformed, reader.Status);
    }

    [Fact]
    public void Break_Twice_KeepsTheFirstFault()
    {
        var reader = new MlsReader([1, 2, 3]);
        reader.Break(MlsStatus.UnsupportedVersion);
        reader.Break();
        Assert.Equal(MlsStatus.UnsupportedVersion, reader.Status);
        Assert.True(reader.IsEmpty);
    }

    [Fact]
    public void Writer_NestedVectors_AreReadBack()
    {
        using var writer = new MlsWriter();
        int outer = writer.Begin();
        foreach (int length in (int[])[0, 1, 63, 64, 300, 20_000]) writer.Vector(Enumerable.Repeat((byte)7, length).ToArray());
        writer.End(outer);
        var reader = new MlsReader(writer.Written);
        List<int> lengths = [.. reader.List(static (ref MlsReader inner) => inner.Vector().Length, uint.MaxValue)];
        Assert.Equal([0, 1, 63, 64, 300, 20_000], lengths);
        Assert.True(reader.IsEmpty);
    }
}
