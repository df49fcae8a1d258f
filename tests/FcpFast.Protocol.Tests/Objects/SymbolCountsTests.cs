using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §18]: how many symbols an object has.</summary>
public sealed class SymbolCountsTests
{
    [Theory]
    [InlineData(0ul, 1024u, 500, 0ul, 0ul)]
    [InlineData(1024ul, 1024u, 500, 1ul, 0ul)]
    [InlineData(1025ul, 1024u, 500, 2ul, 0ul)]
    [InlineData(102_400ul, 1024u, 500, 100ul, 5ul)]
    [InlineData(1_024_000ul, 1024u, 500, 1000ul, 50ul)]
    [InlineData(138_655ul, 512u, 10_000, 271ul, 271ul)]
    [InlineData(131_374ul, 1016u, 333, 130ul, 4ul)]
    [InlineData(1ul << 48, 1u, 65_535, 1ul << 48, 1_844_646_259_873_284ul)]
    public void Of_Length_CountsBoth(ulong length, uint symbol, int basisPoints, ulong source, ulong repair)
    {
        SymbolCounts counts = SymbolCounts.Of(length, symbol, (ushort)basisPoints);
        Assert.Equal(source, counts.SourceSymbols);
        Assert.Equal(repair, counts.RepairSymbols);
        Assert.Equal(source + repair, counts.TotalSymbols);
    }

    [Fact]
    public void Of_OutOfBounds_IsTheCallersFault()
    {
        Assert.Throws<ArgumentException>(static () => SymbolCounts.Of((1ul << 48) + 1, 1024, 500));
        Assert.Throws<ArgumentException>(static () => SymbolCounts.Of(5, 0, 500));
    }

    [Theory]
    [InlineData(1, 1024, 1, FcpStatus.Accepted)]
    [InlineData(65_536, 1024, 64, FcpStatus.Accepted)]
    [InlineData(65_537, 1024, 65, FcpStatus.Accepted)]
    [InlineData(262_144, 1024, 256, FcpStatus.Accepted)]
    [InlineData(262_145, 1024, 0, FcpStatus.InvalidK)]
    [InlineData(int.MaxValue, 16_384, 0, FcpStatus.InvalidK)]
    [InlineData(0, 1024, 0, FcpStatus.InvalidK)]
    [InlineData(-1, 1024, 0, FcpStatus.InvalidK)]
    [InlineData(65_536, 1020, 0, FcpStatus.SymbolSizeOutOfRange)]
    [InlineData(65_536, 248, 0, FcpStatus.SymbolSizeOutOfRange)]
    [InlineData(65_536, 16_392, 0, FcpStatus.SymbolSizeOutOfRange)]
    [InlineData(65_536, 0, 0, FcpStatus.SymbolSizeOutOfRange)]
    public void SourceSymbolsOf_Chunk_IsJudged(int chunk, int symbol, int k, FcpStatus expected)
    {
        Assert.Equal(expected, SymbolCounts.SourceSymbolsOf(chunk, symbol, out ushort found));
        Assert.Equal(k, found);
    }

    [Fact]
    public void CheckChunk_OtherK_Refused()
    {
        Assert.Equal(FcpStatus.Accepted, SymbolCounts.CheckChunk(65_536, 1024, 64));
        Assert.Equal(FcpStatus.InvalidK, SymbolCounts.CheckChunk(65_536, 1024, 63));
        Assert.Equal(FcpStatus.InvalidK, SymbolCounts.CheckChunk(65_536, 1024, 0));
        Assert.Equal(FcpStatus.InvalidK, SymbolCounts.CheckChunk(0, 1024, 0));
        Assert.Equal(FcpStatus.SymbolSizeOutOfRange, SymbolCounts.CheckChunk(65_536, 1023, 65));
    }
}
