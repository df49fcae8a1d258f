using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Objects;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[REPLAY §6.1], [WIRE §12.3]: the message by which a stream is announced and answered for.</summary>
public sealed class StreamNoticeTests
{
    private static readonly StreamNotice Notice = new(new ZoneIdHash(new Bytes32(1, 2, 3, 4)), new ZoneKeyId(new Bytes8(5)), new SenderInstanceId(77), IsReady: true);
    private static readonly byte[] Sample = Write(Notice);

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(77, 1, true)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, false)]
    public void Parse_WhatWasWritten_ReadsTheSame(ulong instance, ulong key, bool isReady)
    {
        StreamNotice notice = Notice with { Instance = new SenderInstanceId(instance), ZoneKeyId = new ZoneKeyId(new Bytes8(key)), IsReady = isReady };
        Assert.Equal(FcpStatus.Accepted, StreamNotice.Parse(Write(notice), out StreamNotice parsed));
        Assert.Equal(notice, parsed);
    }

    [Fact]
    public void Parse_HostileBytes_AreRefusedOrCanonical() => Hostile.EveryRuleHolds(
        Sample, static payload => StreamNotice.Parse(payload, out _),
        static payload => StreamNotice.Parse(payload, out StreamNotice notice) == FcpStatus.Accepted ? Write(notice) : null);

    [Fact]
    public void Parse_Warm_AllocatesNothing() => Assert.Equal(0, Allocations.Of(static () => StreamNotice.Parse(Sample, out _)));

    private static byte[] Write(StreamNotice notice)
    {
        var writer = new CborWriter();
        notice.Write(writer);
        return writer.ToArray();
    }
}
