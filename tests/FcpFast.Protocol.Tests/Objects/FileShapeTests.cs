using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9]: sizes of files and segments.</summary>
public sealed class FileShapeTests
{
    [Theory]
    [InlineData(0ul, 65_536ul, true)]
    [InlineData(1ul << 48, 67_108_864ul, true)]
    [InlineData((1ul << 48) + 1, 67_108_864ul, false)]
    [InlineData(ulong.MaxValue, 65_536ul, false)]
    [InlineData(5ul, 65_535ul, false)]
    [InlineData(5ul, 67_108_865ul, false)]
    [InlineData(5ul, 0ul, false)]
    [InlineData(5ul, ulong.MaxValue, false)]
    public void Check_Bounds_AreThoseOfTheText(ulong size, ulong segment, bool valid) =>
        Assert.Equal(valid ? FcpStatus.Accepted : FcpStatus.InvalidFile, new FileShape(size, segment).Check());

    [Theory]
    [InlineData(0ul, 0ul)]
    [InlineData(1ul, 1ul)]
    [InlineData(65_536ul, 1ul)]
    [InlineData(65_537ul, 2ul)]
    [InlineData(1ul << 48, 1ul << 32)]
    public void SegmentCount_OfSize_RoundsUp(ulong size, ulong count) => Assert.Equal(count, new FileShape(size, 65_536).SegmentCount);

    [Fact]
    public void SegmentCount_InvalidShape_IsZero() => Assert.Equal(0ul, new FileShape(5, 0).SegmentCount);

    [Fact]
    public void BytesOf_EverySegment_AddUpToTheFile()
    {
        var shape = new FileShape((5 * 65_536) + 17, 65_536);
        ulong end = 0;
        for (ulong i = 0; i < shape.SegmentCount; i++)
        {
            Assert.Equal(end, shape.OffsetOf(i));
            end += (ulong)shape.BytesOf(i);
        }

        Assert.Equal(shape.SizeBytes, end);
        Assert.Equal(17, shape.BytesOf(5));
        Assert.Throws<ArgumentException>(() => shape.BytesOf(6));
        Assert.Throws<ArgumentException>(() => shape.OffsetOf(ulong.MaxValue));
    }
}
