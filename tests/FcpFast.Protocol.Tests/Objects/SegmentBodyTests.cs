using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9]: the body that announces a segment.</summary>
public sealed class SegmentBodyTests
{
    private static readonly byte[] Manifest = WriteManifest();
    private static readonly byte[] Sample = Write(17, new ObjectIdKeyId(new Bytes8(0x0102030405060708)));
    private static readonly byte[] WithoutKeyId = Write(ulong.MaxValue, null);

    [Fact]
    public void Parse_WhatWasWritten_ReadsTheSame()
    {
        Assert.Equal(FcpStatus.Accepted, SegmentBody.Parse(Sample, out SegmentBody segment));
        Assert.Equal(17ul, segment.Index);
        Assert.Equal(new TransferId(new Bytes16(1, 2)), segment.TransferId);
        Assert.Equal(new ObjectIdKeyId(new Bytes8(0x0102030405060708)), segment.ObjectIdKeyId);
        Assert.True(segment.Manifest.Encoded.SequenceEqual(Manifest));
        Assert.Equal(3, segment.Manifest.ChunkCount);
        Assert.Equal(Sample, Rewrite(Sample));

        Assert.Equal(FcpStatus.Accepted, SegmentBody.Parse(WithoutKeyId, out segment));
        Assert.Null(segment.ObjectIdKeyId);
        Assert.Equal(ulong.MaxValue, segment.Index);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    [InlineData(9)]
    public void Parse_KeyIdOfAnotherLength_Refused(int bytes) =>
        Assert.Equal(FcpStatus.CborDeserialize, SegmentBody.Parse(WriteUnchecked(Manifest, bytes), out _));

    [Fact]
    public void Parse_ManifestFaults_AreNamedAsTheManifests()
    {
        Assert.Equal(FcpStatus.Accepted, SegmentBody.Parse(WriteUnchecked(Manifest, 8), out _));
        Assert.Equal(FcpStatus.TrailingBytes, SegmentBody.Parse(WriteUnchecked([.. Manifest, 0], 8), out SegmentBody segment));
        Assert.Equal(0, segment.Manifest.ChunkCount);
        Assert.Equal(FcpStatus.CborDeserialize, SegmentBody.Parse(WriteUnchecked([], 8), out _));
        byte[] longer = (byte[])Manifest.Clone();
        int at = longer.AsSpan().IndexOf("total_len"u8) + "total_len"u8.Length;
        longer[at + 1] = 0x7F; // 0x19 hi lo: many more bytes than three chunks
        Assert.Equal(FcpStatus.ChunkCountMismatch, SegmentBody.Parse(WriteUnchecked(longer, 8), out _));
    }

    [Fact]
    public void Parse_HostileBytes_AreRefusedOrCanonical()
    {
        Hostile.EveryRuleHolds(Sample, static payload => SegmentBody.Parse(payload, out _), Rewrite);
        Hostile.EveryBitFlipIsRefusedOrCanonical(WithoutKeyId, Rewrite);
    }

    [Fact]
    public void Parse_Warm_AllocatesNothing() => Assert.Equal(0, Allocations.Of(static () => SegmentBody.Parse(Sample, out _)));

    [Fact]
    public void Write_WithoutManifest_IsTheCallersFault() =>
        Assert.Throws<InvalidOperationException>(static () => new SegmentBody { Index = 1 }.Write(new CborWriter()));

    private static byte[] WriteManifest()
    {
        Assert.Equal(FcpStatus.Accepted, ZoneId.Parse("z:work", out ZoneId zone));
        var writer = new CborWriter();
        ChunkedObjectManifest.Write(writer, new Blake3Hasher(), new byte[32], zone, 1, new byte[2_500], 1024);
        return writer.ToArray();
    }

    private static byte[] Write(ulong index, ObjectIdKeyId? keyId)
    {
        Assert.Equal(FcpStatus.Accepted, ChunkedObjectManifest.Parse(Manifest, out ChunkedObjectManifest manifest));
        var writer = new CborWriter();
        new SegmentBody { TransferId = new TransferId(new Bytes16(1, 2)), Index = index, Manifest = manifest, ObjectIdKeyId = keyId }.Write(writer);
        return writer.ToArray();
    }

    private static byte[] WriteUnchecked(byte[] manifest, int keyIdBytes)
    {
        var writer = new CborWriter();
        writer.BeginPayload(SegmentBody.Schema);
        writer.BeginMap(4);
        writer.Key("index"u8);
        writer.Unsigned(1);
        writer.Key("manifest"u8);
        writer.Bytes(manifest);
        writer.Key("transfer_id"u8);
        writer.Bytes(new byte[16]);
        writer.Key("object_id_key_id"u8);
        writer.Bytes(new byte[keyIdBytes]);
        return writer.ToArray();
    }

    private static byte[]? Rewrite(byte[] payload)
    {
        if (SegmentBody.Parse(payload, out SegmentBody segment) != FcpStatus.Accepted) return null;
        var writer = new CborWriter();
        segment.Write(writer);
        return writer.ToArray();
    }
}
