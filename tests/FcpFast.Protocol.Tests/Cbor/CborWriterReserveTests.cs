using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Tests.Cbor;

/// <summary>Strings that are announced before their bytes are known, and the prefix of payloads. [WIRE §3]</summary>
public sealed class CborWriterReserveTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(70_000)]
    public void ReserveBytes_FilledAfterMoreWasWritten_IsAByteString(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var expected = new CborWriter();
        expected.BeginArray(2);
        expected.Bytes(bytes);
        expected.Unsigned(5);

        var writer = new CborWriter(1);
        writer.BeginArray(2);
        Range reserved = writer.ReserveBytes(length);
        writer.Unsigned(5);
        bytes.CopyTo(writer.Fill(reserved));
        Assert.Equal(expected.ToArray(), writer.ToArray());
    }

    [Fact]
    public void ReserveBytes_UsedBuffer_ShowsNothingOfBefore()
    {
        var writer = new CborWriter(64);
        writer.Raw([1, 2, 3, 4, 5, 6]);
        writer.Reset();
        writer.ReserveBytes(4);
        Assert.Equal(new byte[] { 0x44, 0, 0, 0, 0 }, writer.ToArray());
    }

    [Fact]
    public void BeginPayload_Schema_IsThePrefix()
    {
        var writer = new CborWriter(1);
        writer.BeginPayload(Schemas.Ping.ComputeHash());
        writer.BeginMap(0);
        Assert.Equal(Schemas.Ping.ComputeHash().ToString() + "a0", Convert.ToHexStringLower(writer.Written));
    }
}
