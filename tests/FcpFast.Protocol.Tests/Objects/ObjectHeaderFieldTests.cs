using System;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §11.1]: the header of stored objects.</summary>
public sealed class ObjectHeaderFieldTests
{
    [Fact]
    public void Write_TheHeaderOfFcpFast_HasEveryFieldInCanonicalOrder()
    {
        byte[] bytes = Encode(Header());
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(bytes, bytes.Length));
        Assert.Equal(FcpStatus.Accepted, Decode(bytes, out ObjectHeader? read));
        Assert.Equal(Schemas.ZoneKeyManifest, read!.Schema);
        Assert.Equal("z:work", read.Zone.ToString());
        Assert.Equal(1_700_000_000ul, read.CreatedAtUnixSeconds);
        Assert.Null(read.TtlSeconds);
        Assert.Null(read.EncodedPlacement);
        Assert.Equal(bytes, Encode(read));
    }

    [Fact]
    public void Write_EverythingSet_RoundTrips()
    {
        byte[] placement = [0xa1, 0x69, .. "min_nodes"u8, 0x03], provenance = [0xa1, 0x61, 0x78, 0x80];
        ObjectHeader header = Header() with
        {
            Refs = [default, Bytes32.Read(new Random(1).Bytes(32))],
            ForeignRefs = [Bytes32.Read(new Random(2).Bytes(32))],
            TtlSeconds = ulong.MaxValue,
            EncodedPlacement = placement,
            EncodedProvenance = provenance,
        };
        byte[] bytes = Encode(header);
        Assert.Equal(FcpStatus.Accepted, Decode(bytes, out ObjectHeader? read));
        Assert.Equal(header.Refs, read!.Refs);
        Assert.Equal(header.ForeignRefs, read.ForeignRefs);
        Assert.Equal(ulong.MaxValue, read.TtlSeconds);
        Assert.Equal(placement, read.EncodedPlacement);
        Assert.Equal(provenance, read.EncodedProvenance);
        Assert.Equal(bytes, Encode(read));
    }

    [Fact]
    public void Read_OneFieldRemovedRenamedOrRetyped_IsRefused()
    {
        (string Key, byte[] Value)[] fields = Fields(Encode(Header()));
        Assert.Equal(6, fields.Length);
        foreach ((string key, _) in fields)
        {
            Assert.Equal(FcpStatus.CborDeserialize, Decode(Map(fields.Where(field => field.Key != key)), out _));
            Assert.Equal(FcpStatus.CborDeserialize, Decode(Map(fields.Select(field => field.Key == key ? (key, [0x20]) : field)), out _));
            Assert.Equal(FcpStatus.CborDeserialize, Decode(Map(fields.Select(field => field.Key == key ? (key, [0xf6]) : field)), out ObjectHeader? header));
            Assert.Null(header);
        }

        foreach (string unknown in new[] { "a", "ref", "zzzzzzzzzzzzzzzzzzz", "created_as" })
        {
            Assert.Equal(FcpStatus.NonCanonicalEncoding, Decode(Map(fields.Append((unknown, [0x00]))), out _));
        }

        foreach (string optional in new[] { "ttl_secs", "placement" })
        {
            Assert.Equal(FcpStatus.NonCanonicalEncoding, Decode(Map(fields.Append((optional, [0xf6]))), out _));
            Assert.Equal(FcpStatus.CborDeserialize, Decode(Map(fields.Append((optional, [0x61, 0x61]))), out _));
        }
    }

    [Theory]
    [InlineData("zone_id", "6577c3b6726b")] // not a zone id
    [InlineData("zone_id", "627a3a")]
    [InlineData("refs", "8141ff")] // a reference is 32 bytes
    [InlineData("refs", "8100")]
    [InlineData("foreign_refs", "81f6")]
    [InlineData("schema", "a1646e616d656161")] // version and namespace are missing
    [InlineData("provenance", "80")]
    [InlineData("created_at", "20")]
    public void Read_FieldOutOfRange_IsCborDeserialize(string key, string value)
    {
        (string Key, byte[] Value)[] fields = Fields(Encode(Header()));
        byte[] bytes = Map(fields.Select(field => field.Key == key ? (key, Convert.FromHexString(value)) : field));
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(bytes, bytes.Length));
        Assert.Equal(FcpStatus.CborDeserialize, Decode(bytes, out _));
    }

    [Fact]
    public void Read_TooManyReferences_IsRefused()
    {
        (string Key, byte[] Value)[] fields = Fields(Encode(Header()));
        byte[] many = [0x9a, 0x00, 0x01, 0x00, 0x01, .. new byte[65_537]];
        Assert.Equal(FcpStatus.CborDeserialize, Decode(Map(fields.Select(field => field.Key == "refs" ? ("refs", many) : field)), out _));
    }

    [Fact]
    public void Read_MutatedHeaders_NeverThrowsAndReencodesWhatItAccepts() => Seeded.Run(5000, static random =>
    {
        byte[] bytes = random.Mutated(Encode(Header() with { TtlSeconds = 9, Refs = [default] }), 2);
        if (CanonicalCbor.Validate(bytes, bytes.Length) != FcpStatus.Accepted) return;
        if (Decode(bytes, out ObjectHeader? header) == FcpStatus.Accepted) Assert.Equal(bytes, Encode(header!));
    });

    private static ObjectHeader Header()
    {
        ZoneId.Parse("z:work", out ZoneId zone);
        return new ObjectHeader { Schema = Schemas.ZoneKeyManifest, Zone = zone, CreatedAtUnixSeconds = 1_700_000_000 };
    }

    private static byte[] Encode(ObjectHeader header)
    {
        var writer = new CborWriter();
        header.Write(writer);
        return writer.ToArray();
    }

    private static FcpStatus Decode(byte[] bytes, out ObjectHeader? header) => ObjectHeader.Read(CborMapReader.Open(bytes), out header);

    private static (string Key, byte[] Value)[] Fields(byte[] map)
    {
        var reader = new System.Formats.Cbor.CborReader(map, System.Formats.Cbor.CborConformanceMode.Canonical);
        int count = reader.ReadStartMap()!.Value;
        return Enumerable.Range(0, count).Select(_ => (reader.ReadTextString(), reader.ReadEncodedValue().ToArray())).ToArray();
    }

    /// <summary>A map of the fields, put into canonical order.</summary>
    private static byte[] Map(System.Collections.Generic.IEnumerable<(string Key, byte[] Value)> fields)
    {
        var writer = new System.Formats.Cbor.CborWriter(System.Formats.Cbor.CborConformanceMode.Canonical);
        (string Key, byte[] Value)[] all = fields.ToArray();
        writer.WriteStartMap(all.Length);
        foreach ((string key, byte[] value) in all)
        {
            writer.WriteTextString(key);
            writer.WriteEncodedValue(value);
        }

        writer.WriteEndMap();
        return writer.Encode();
    }
}
