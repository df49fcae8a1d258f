using System;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §11.1]: the header, read in place and read to keep.</summary>
public sealed class ObjectHeaderTests
{
    private static readonly byte[] Full = Write(new ObjectHeader
    {
        Schema = Schemas.Segment,
        Zone = Zone("z:work"),
        CreatedAtUnixSeconds = 1_709_763_041,
        Refs = [new Bytes32(1, 2, 3, 4), new Bytes32(5, 6, 7, 8)],
        ForeignRefs = [new Bytes32(9, 9, 9, 9)],
        TtlSeconds = 60,
        EncodedPlacement = [0xA1, 0x61, (byte)'p', 0x01],
        EncodedProvenance = [0xA0],
    });

    [Fact]
    public void Read_EveryField_IsTheSameInBothForms()
    {
        Assert.Equal(FcpStatus.Accepted, ObjectHeaderView.Read(CborMapReader.Open(Full), out ObjectHeaderView view));
        Assert.Equal(FcpStatus.Accepted, ObjectHeader.Read(CborMapReader.Open(Full), out ObjectHeader? header));
        Assert.Equal(Schemas.Segment, header!.Schema);
        Assert.True(view.HasSchema(Schemas.Segment));
        Assert.False(view.HasSchema(Schemas.File));
        Assert.False(view.HasSchema(Schemas.Segment with { Version = "1.0.1" }));
        Assert.False(view.HasSchema(Schemas.Segment with { Namespace = "fcp.zone" }));
        Assert.Equal("z:work", Encoding.ASCII.GetString(view.Zone));
        Assert.Equal("z:work", header.Zone.ToString());
        Assert.Equal(1_709_763_041ul, view.CreatedAtUnixSeconds);
        Assert.Equal(60ul, view.TtlSeconds);
        Assert.Equal(2, view.Refs.Count);
        Assert.Equal([new Bytes32(1, 2, 3, 4), new Bytes32(5, 6, 7, 8)], header.Refs);
        Assert.Equal([new Bytes32(9, 9, 9, 9)], header.ForeignRefs);
        Assert.Equal(new byte[] { 0xA1, 0x61, (byte)'p', 0x01 }, header.EncodedPlacement);
        Assert.Equal(new byte[] { 0xA0 }, header.EncodedProvenance);
        Assert.Equal(Full, Write(header));
    }

    [Fact]
    public void Read_EveryBitFlip_IsRefusedOrCanonical()
    {
        Hostile.EveryBitFlipIsRefusedOrCanonical(Full, static bytes =>
        {
            if (CanonicalCbor.Validate(bytes, bytes.Length) != FcpStatus.Accepted) return null;
            return ObjectHeader.Read(CborMapReader.Open(bytes), out ObjectHeader? header) == FcpStatus.Accepted ? Write(header!) : null;
        });
    }

    [Theory]
    [InlineData("zone_id")]
    [InlineData("refs")]
    [InlineData("provenance")]
    public void Read_FieldMissing_Refused(string field)
    {
        byte[] bytes = (byte[])Full.Clone();
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(field));
        bytes[at + field.Length - 1]++; // another name of the same length, still in order
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(bytes, bytes.Length));
        Assert.Equal(FcpStatus.CborDeserialize, ObjectHeaderView.Read(CborMapReader.Open(bytes), out _));
    }

    [Fact]
    public void Read_ZoneOutsideItsGrammar_Refused()
    {
        byte[] bytes = (byte[])Full.Clone();
        bytes[bytes.AsSpan().IndexOf("z:work"u8)] = (byte)'y';
        Assert.Equal(FcpStatus.CborDeserialize, ObjectHeaderView.Read(CborMapReader.Open(bytes), out _));
    }

    [Fact]
    public void Read_InPlace_AllocatesNothing() =>
        Assert.Equal(0, Allocations.Of(static () => ObjectHeaderView.Read(CborMapReader.Open(Full), out _)));

    private static ZoneId Zone(string text)
    {
        Assert.Equal(FcpStatus.Accepted, ZoneId.Parse(text, out ZoneId zone));
        return zone;
    }

    private static byte[] Write(ObjectHeader header)
    {
        var writer = new CborWriter();
        header.Write(writer);
        return writer.ToArray();
    }
}
