using System;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.8]: reading a sealed body without any key; opening is tested with real cryptography elsewhere.</summary>
public sealed class SealedBodyParseTests
{
    private static readonly byte[] Sample = Write("z:work", "node-alpha", new byte[40]);

    [Fact]
    public void Parse_WhatWasWritten_ReadsTheSame()
    {
        Assert.Equal(FcpStatus.Accepted, SealedBody.Parse(Sample, out SealedBody body));
        Assert.Equal("z:work", Encoding.ASCII.GetString(body.Zone));
        Assert.Equal("node-alpha", Encoding.ASCII.GetString(body.Source));
        Assert.Equal(new ZoneKeyId(new Bytes8(0x0807060504030201)), body.ZoneKeyId);
        Assert.Equal(new EpochId(5_000_000), body.Epoch);
        Assert.Equal(new SenderInstanceId(ulong.MaxValue), body.Instance);
        Assert.Equal(new FrameSeq(1), body.Seq);
        Assert.Equal(40, body.Sealed.Length);
        Assert.Equal(24, body.PlaintextBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(200)]
    [InlineData(300)]
    [InlineData(70_000)]
    public void WriteAssociatedData_AnySeal_IsTheMapWithoutIt(int sealedBytes)
    {
        Assert.Equal(FcpStatus.Accepted, SealedBody.Parse(Write("z:work", "node-alpha", new byte[sealedBytes]), out SealedBody body));
        byte[] found = new byte[body.AssociatedDataBytes];
        Assert.Equal(found.Length, body.WriteAssociatedData(found));
        byte[] whole = Write("z:work", "node-alpha", null);
        Assert.Equal(whole[32..], found);
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(found, found.Length));
        Assert.Equal(Math.Max(0, sealedBytes - 16), body.PlaintextBytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("node alpha")]
    [InlineData("nöde")]
    [InlineData("node\n")]
    public void Parse_SourceIsNoNodeId_Refused(string source) =>
        Assert.Equal(FcpStatus.InvalidNodeId, SealedBody.Parse(Write("z:work", source, new byte[16]), out _));

    [Fact]
    public void Parse_SourceOf129Bytes_Refused()
    {
        Assert.Equal(FcpStatus.Accepted, SealedBody.Parse(Write("z:work", new string('n', 128), new byte[16]), out _));
        Assert.Equal(FcpStatus.InvalidNodeId, SealedBody.Parse(Write("z:work", new string('n', 129), new byte[16]), out _));
    }

    [Fact]
    public void Parse_FieldMissing_Refused() =>
        Assert.Equal(FcpStatus.CborDeserialize, SealedBody.Parse(Write("z:work", "node-alpha", null), out _));

    [Fact]
    public void Parse_UnknownField_Refused()
    {
        byte[] payload = [.. Sample[..32], 0xA8, 0x63, (byte)'h', (byte)'o', (byte)'p', 0x01, .. Sample[33..]];
        Assert.Equal(FcpStatus.NonCanonicalEncoding, SealedBody.Parse(payload, out _));
    }

    [Fact]
    public void Parse_HostileBytes_AreDecided()
    {
        Hostile.PayloadRulesHold(Sample, static payload => SealedBody.Parse(payload, out _));
        Hostile.EveryCutIsRefused(Sample, static payload => SealedBody.Parse(payload, out _));
        Hostile.EveryHeadIsDecided(Sample, static payload => SealedBody.Parse(payload, out _));
        for (int bit = 0; bit < 8 * Sample.Length; bit++)
        {
            byte[] changed = (byte[])Sample.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (SealedBody.Parse(changed, out SealedBody body) != FcpStatus.Accepted) continue;
            byte[] associated = new byte[body.AssociatedDataBytes];
            Assert.Equal(associated.Length, body.WriteAssociatedData(associated));
            Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(associated, associated.Length));
        }
    }

    [Fact]
    public void Parse_RandomBytesBehindTheSchema_AreDecided()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            byte[] payload = new byte[32 + random.Next(0, 200)];
            random.NextBytes(payload);
            Sample.AsSpan(0, 32).CopyTo(payload);
            Assert.NotEqual(FcpStatus.Undecided, SealedBody.Parse(payload, out _));
        }
    }

    [Fact]
    public void Parse_Warm_AllocatesNothing() => Assert.Equal(0, Allocations.Of(static () => SealedBody.Parse(Sample, out _)));

    private static byte[] Write(string zone, string source, byte[]? sealedBytes)
    {
        var writer = new CborWriter();
        writer.BeginPayload(SealedBody.Schema);
        writer.BeginMap(sealedBytes is null ? 6 : 7);
        writer.Key("seq"u8);
        writer.Unsigned(1);
        if (sealedBytes is not null)
        {
            writer.Key("sealed"u8);
            writer.Bytes(sealedBytes);
        }

        writer.Key("source"u8);
        writer.Text(source);
        writer.Key("zone_id"u8);
        writer.Text(zone);
        writer.Key("epoch_id"u8);
        writer.Unsigned(5_000_000);
        writer.Key("zone_key_id"u8);
        writer.Bytes([1, 2, 3, 4, 5, 6, 7, 8]);
        writer.Key("sender_instance_id"u8);
        writer.Unsigned(ulong.MaxValue);
        return writer.ToArray();
    }
}
