using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Objects;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §16.4]: the message that raises a sender's numbers.</summary>
public sealed class FenceBodyTests
{
    private static readonly FenceBody Fence = new(new SessionId(new Bytes16(1, 2)), new SenderInstanceId(77), new FrameSeq(65_536));
    private static readonly byte[] Sample = Write(Fence);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(77, 65_536)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    public void Parse_WhatWasWritten_ReadsTheSame(ulong instance, ulong ceiling)
    {
        FenceBody fence = Fence with { Instance = new SenderInstanceId(instance), Ceiling = new FrameSeq(ceiling) };
        Assert.Equal(FcpStatus.Accepted, FenceBody.Parse(Write(fence), out FenceBody parsed));
        Assert.Equal(fence, parsed);
    }

    [Fact]
    public void Parse_HostileBytes_AreRefusedOrCanonical() => Hostile.EveryRuleHolds(
        Sample, static payload => FenceBody.Parse(payload, out _),
        static payload => FenceBody.Parse(payload, out FenceBody fence) == FcpStatus.Accepted ? Write(fence) : null);

    [Fact]
    public void Parse_Warm_AllocatesNothing() => Assert.Equal(0, Allocations.Of(static () => FenceBody.Parse(Sample, out _)));

    private static byte[] Write(FenceBody fence)
    {
        var writer = new CborWriter();
        fence.Write(writer);
        return writer.ToArray();
    }
}
