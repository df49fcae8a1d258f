using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Objects;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §8]: the message that keeps a session alive.</summary>
public sealed class PingBodyTests
{
    private static readonly PingBody Ping = new(new Bytes16(1, 2), new Bytes16(3, 4), true);
    private static readonly byte[] Sample = Write(Ping);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Parse_WhatWasWritten_ReadsTheSame(bool isReply)
    {
        PingBody ping = Ping with { IsReply = isReply };
        Assert.Equal(FcpStatus.Accepted, PingBody.Parse(Write(ping), out PingBody parsed));
        Assert.Equal(ping, parsed);
    }

    [Fact]
    public void Parse_HostileBytes_AreRefusedOrCanonical() => Hostile.EveryRuleHolds(
        Sample, static payload => PingBody.Parse(payload, out _),
        static payload => PingBody.Parse(payload, out PingBody ping) == FcpStatus.Accepted ? Write(ping) : null);

    [Fact]
    public void Parse_Warm_AllocatesNothing() => Assert.Equal(0, Allocations.Of(static () => PingBody.Parse(Sample, out _)));

    private static byte[] Write(PingBody ping)
    {
        var writer = new CborWriter();
        ping.Write(writer);
        return writer.ToArray();
    }
}
