using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Tests.Cbor;

/// <summary>[WIRE §3]: fields that are required, optional, unknown or null.</summary>
public sealed class CborMapReaderTests
{
    private delegate void ReadFields(ref CborMapReader map);

    [Fact]
    public void Fields_AllPresent_AreReadInOrder()
    {
        CborMapReader map = Open("a6" + "6161" + "182a" + "6162" + "420102" + "6163" + "62c3a9" + "6164" + "f5" + "6165" + "820102" + "6166" + "a16178" + "00");
        Assert.Equal(42ul, map.Unsigned("a"u8));
        Assert.Equal([1, 2], map.Bytes("b"u8, 2).ToArray());
        Assert.Equal("é"u8.ToArray(), map.Text("c"u8).ToArray());
        Assert.True(map.Boolean("d"u8));
        CborArrayReader entries = map.Array("e"u8);
        Assert.Equal(2, entries.Count);
        CborMapReader inner = map.Map("f"u8);
        Assert.Equal(0ul, inner.Unsigned("x"u8));
        Assert.Equal(FcpStatus.Accepted, inner.End());
        Assert.Equal(FcpStatus.Accepted, map.End());
    }

    [Fact]
    public void OptionalFields_Absent_ReadAsAbsentWithoutFault()
    {
        CborMapReader map = Open("a1616d00");
        Assert.Null(map.TryUnsigned("a"u8));
        Assert.True(map.TryBytes("b"u8, 32).IsEmpty);
        Assert.False(map.TryField("c"u8, out _));
        Assert.Equal(0ul, map.Unsigned("m"u8));
        Assert.Null(map.TryUnsigned("z"u8));
        Assert.Equal(FcpStatus.Accepted, map.End());
    }

    [Fact]
    public void RequiredFields_MissingOrOfAnotherTypeOrNull_AreCborDeserialize()
    {
        string[] values = ["00", "20", "4100", "6100", "80", "a0", "f5", "f6", ""];
        (ReadFields Read, string[] Fitting)[] readers =
        [
            (static (ref CborMapReader map) => map.Unsigned("a"u8), ["00"]),
            (static (ref CborMapReader map) => map.Unsigned("a"u8, 5), ["00"]),
            (static (ref CborMapReader map) => map.Bytes("a"u8), ["4100"]),
            (static (ref CborMapReader map) => map.Bytes("a"u8, 1), ["4100"]),
            (static (ref CborMapReader map) => map.Text("a"u8), ["6100"]),
            (static (ref CborMapReader map) => map.Array("a"u8), ["80"]),
            (static (ref CborMapReader map) => map.Boolean("a"u8), ["f5"]),
            (static (ref CborMapReader map) => map.Map("a"u8), ["a0"]),
            (static (ref CborMapReader map) => map.Field("a"u8, out _), ["00", "20", "4100", "6100", "80", "a0", "f5"]),
        ];
        for (int i = 0; i < readers.Length; i++)
        {
            foreach (string value in values)
            {
                CborMapReader map = Open(value.Length == 0 ? "a0" : "a16161" + value);
                readers[i].Read(ref map);
                FcpStatus expected = Array.IndexOf(readers[i].Fitting, value) >= 0 ? FcpStatus.Accepted : FcpStatus.CborDeserialize;
                Assert.True(expected == map.End(), $"reader {i}, value '{value}': {map.Status}");
            }
        }
    }

    [Fact]
    public void OptionalFields_NullOrOfAnotherType_AreTwoFaults()
    {
        Assert.Equal(FcpStatus.NonCanonicalEncoding, Ended("a16161f6", static (ref CborMapReader map) => map.TryUnsigned("a"u8)));
        Assert.Equal(FcpStatus.NonCanonicalEncoding, Ended("a16161f6", static (ref CborMapReader map) => map.TryBytes("a"u8, 4)));
        Assert.Equal(FcpStatus.NonCanonicalEncoding, Ended("a16161f6", static (ref CborMapReader map) => map.TryField("a"u8, out _)));
        Assert.Equal(FcpStatus.CborDeserialize, Ended("a161616100", static (ref CborMapReader map) => map.TryUnsigned("a"u8)));
        Assert.Equal(FcpStatus.CborDeserialize, Ended("a1616100", static (ref CborMapReader map) => map.TryBytes("a"u8, 4)));
        Assert.Equal(FcpStatus.CborDeserialize, Ended("a1616143000000", static (ref CborMapReader map) => map.TryBytes("a"u8, 4)));
        Assert.Equal(FcpStatus.CborDeserialize, Ended("a1616140", static (ref CborMapReader map) => map.TryBytes("a"u8, 4)));
    }

    [Theory]
    [InlineData("a2" + "6161" + "00" + "6162" + "00")] // before
    [InlineData("a2" + "6162" + "00" + "6163" + "00")] // behind
    [InlineData("a2" + "6162" + "00" + "626162" + "00")] // longer
    [InlineData("a2" + "60" + "00" + "6162" + "00")] // the empty key
    [InlineData("a3" + "6161" + "00" + "6162" + "00" + "6163" + "f6")]
    public void UnknownField_AnywhereInTheMap_IsNonCanonical(string hex) =>
        Assert.Equal(FcpStatus.NonCanonicalEncoding, Ended(hex, static (ref CborMapReader map) => map.Unsigned("b"u8)));

    [Fact]
    public void FirstFault_OfSeveral_IsKept()
    {
        CborMapReader map = Open("a3" + "6161" + "6100" + "6162" + "f6" + "6163" + "00");
        map.Unsigned("a"u8);
        Assert.Equal(FcpStatus.CborDeserialize, map.Status);
        Assert.Null(map.TryUnsigned("b"u8));
        map.Fail(FcpStatus.InvalidNodeId);
        Assert.Equal(FcpStatus.CborDeserialize, map.End());

        map = Open("a1616100");
        Assert.Equal(0ul, map.Unsigned("a"u8));
        map.Fail(FcpStatus.InvalidNodeId);
        map.Fail(FcpStatus.InvalidSuites);
        Assert.Equal(FcpStatus.InvalidNodeId, map.End());
    }

    [Fact]
    public void Map_InsideAFailedMap_ReadsAsFailed()
    {
        CborMapReader map = Open("a16161a0");
        map.Fail(FcpStatus.InvalidNodeId);
        CborMapReader inner = map.Map("a"u8);
        Assert.False(inner.TryField("x"u8, out _));
        Assert.Equal(FcpStatus.InvalidNodeId, inner.End());
    }

    [Fact]
    public void Unsigned_Maximum_IsInclusive()
    {
        CborMapReader map = Open("a16161" + "1a00010000");
        Assert.Equal(65_536u, map.Unsigned("a"u8, 65_536));
        Assert.Equal(FcpStatus.Accepted, map.End());
        Assert.Equal(FcpStatus.CborDeserialize, Ended("a16161" + "1a00010000", static (ref CborMapReader m) => m.Unsigned("a"u8, 65_535)));
        Assert.Equal(FcpStatus.CborDeserialize, Ended("a16161" + "1bffffffffffffffff", static (ref CborMapReader m) => m.Unsigned("a"u8, uint.MaxValue)));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("80")]
    [InlineData("f6")]
    [InlineData("60")]
    public void Open_AnotherItem_IsCborDeserialize(string hex)
    {
        CborMapReader map = CborMapReader.Open(Convert.FromHexString(hex));
        Assert.Equal(FcpStatus.CborDeserialize, map.Status);
        Assert.False(map.TryField("a"u8, out _));
        Assert.Equal(FcpStatus.CborDeserialize, map.End());
    }

    [Fact]
    public void Item_NotValidated_IsTheCallersFault() => Assert.Throws<ArgumentException>(static () => { _ = new CborItem([0x19, 0x00]); });

    private static FcpStatus Ended(string hex, ReadFields read)
    {
        CborMapReader map = Open(hex);
        read(ref map);
        return map.End();
    }

    private static CborMapReader Open(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(bytes, bytes.Length));
        return CborMapReader.Open(bytes);
    }
}
