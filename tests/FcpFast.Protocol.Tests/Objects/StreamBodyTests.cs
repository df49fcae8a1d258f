using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.8]: the body that says nothing.</summary>
public sealed class StreamBodyTests
{
    private static readonly byte[] Sample = Write();

    [Fact]
    public void Parse_WhatWasWritten_Accepted()
    {
        Assert.Equal(33, Sample.Length);
        Assert.Equal(FcpStatus.Accepted, StreamBody.Parse(Sample));
    }

    [Fact]
    public void Parse_AnythingElse_Refused()
    {
        Hostile.PayloadRulesHold(Sample, StreamBody.Parse);
        Hostile.EveryCutIsRefused(Sample, StreamBody.Parse);
        Hostile.EveryBitFlipIsRefusedOrCanonical(Sample, static payload => StreamBody.Parse(payload) == FcpStatus.Accepted ? Sample : null);
        Assert.Equal(FcpStatus.NonCanonicalEncoding, StreamBody.Parse([.. Sample[..32], 0xA1, 0x61, (byte)'a', 0x01]));
        Assert.Equal(FcpStatus.CborDeserialize, StreamBody.Parse([.. Sample[..32], 0x80]));
    }

    [Fact]
    public void Parse_Warm_AllocatesNothing() => Assert.Equal(0, Allocations.Of(static () => StreamBody.Parse(Sample)));

    private static byte[] Write()
    {
        var writer = new CborWriter();
        StreamBody.Write(writer);
        return writer.ToArray();
    }
}
