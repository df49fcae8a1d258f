using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Records;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Records;

/// <summary>[WIRE §3], [WIRE §12.2], [RFC 8742 §2]: records in files and over FCPC, and what asks for them.</summary>
public sealed class RecordTests
{
    [Fact]
    public void RecordFile_WrittenAndRead_HoldsTheSameRecordsInOrder()
    {
        ControlRecord[] records = [.. Enum.GetValues<RecordKind>().Skip(1).Select(static kind => ControlRecord.Of(kind, [0xa1, 0x61, (byte)kind, 0x00]))];
        Assert.Equal(FcpStatus.Accepted, RecordFile.Read(RecordFile.Write(records), out IReadOnlyList<ControlRecord> read));
        Assert.Equal(records.Select(Describe), read.Select(Describe));
        Assert.Equal(FcpStatus.Accepted, RecordFile.Read(default, out read));
        Assert.Empty(read);
    }

    [Theory]
    [InlineData("40", FcpStatus.MissingSchemaHashPrefix)]
    [InlineData("a0", FcpStatus.CborDeserialize)]
    [InlineData("58", FcpStatus.CborDeserialize)]
    [InlineData("5820", FcpStatus.CborDeserialize)]
    [InlineData("5f", FcpStatus.NonCanonicalEncoding)]
    [InlineData("58200000000000000000000000000000000000000000000000000000000000000000", FcpStatus.UnknownSchema)]
    public void RecordFile_WhatIsNone_IsRefusedByName(string hex, FcpStatus expected)
    {
        byte[] good = RecordFile.Write([ControlRecord.Of(RecordKind.Manifest, [0xa0])]);
        Assert.Equal(expected, RecordFile.Read((byte[])[.. good, .. Convert.FromHexString(hex)], out IReadOnlyList<ControlRecord> read));
        Assert.Empty(read);
    }

    [Fact]
    public void RecordFile_CutAnywhere_IsRefusedOrShorter()
    {
        byte[] file = RecordFile.Write([ControlRecord.Of(RecordKind.Manifest, [0xa0]), ControlRecord.Of(RecordKind.Profile, [0xa0])]);
        for (int bytes = 0; bytes < file.Length; bytes++)
        {
            FcpStatus status = RecordFile.Read(file.AsMemory(0, bytes), out IReadOnlyList<ControlRecord> read);
            Assert.Equal(bytes % (file.Length / 2) == 0, status == FcpStatus.Accepted);
            Assert.Equal(status == FcpStatus.Accepted ? bytes / (file.Length / 2) : 0, read.Count);
        }
    }

    [Fact]
    public void Requests_WrittenAndRead_AreTheSame()
    {
        ManifestRequest[] manifests = [new(TestZone.ZoneOf("z:work"), null), new(TestZone.ZoneOf("z:a"), new ManifestDigest(new Bytes32(1, 2, 3, 4)))];
        foreach (ManifestRequest request in manifests)
        {
            var writer = new CborWriter();
            request.Write(writer);
            Assert.Equal(FcpStatus.Accepted, ManifestRequest.Parse(writer.Written, out ManifestRequest read));
            Assert.Equal(request, read);
            Hostile(writer.ToArray(), static bytes => ManifestRequest.Parse(bytes, out _));
        }

        RecordRequest[] records = [new(0, default, default), new(9, new Bytes32(1, 2, 3, 4), TestZone.NodeOf("node-07"))];
        foreach (RecordRequest request in records)
        {
            var writer = new CborWriter();
            request.Write(writer);
            Assert.Equal(FcpStatus.Accepted, RecordRequest.Parse(writer.Written, out RecordRequest read));
            Assert.Equal(request, read);
            Hostile(writer.ToArray(), static bytes => RecordRequest.Parse(bytes, out _));
        }
    }

    /// <summary>Whatever bytes come, a parser gives a status.</summary>
    private static void Hostile(byte[] good, Func<byte[], FcpStatus> parse)
    {
        foreach ((int position, byte[] flipped) in TestZone.Flips(good))
        {
            FcpStatus status = parse(flipped);
            Assert.True(position >= SchemaHash.Length || status == FcpStatus.SchemaMismatch);
        }

        for (int bytes = 0; bytes < good.Length; bytes++) Assert.NotEqual(FcpStatus.Accepted, parse(good[..bytes]));
        Assert.Equal(FcpStatus.TrailingBytes, parse([.. good, 0]));
    }

    private static string Describe(ControlRecord record) => $"{record.Kind} {Convert.ToHexString(record.Payload.Span)}";
}
