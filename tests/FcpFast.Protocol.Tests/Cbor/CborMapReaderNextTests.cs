using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Tests.Cbor;

/// <summary>[WIRE §3]: a map of unknown shape can be gone through field by field.</summary>
public sealed class CborMapReaderNextTests
{
    [Fact]
    public void TryNext_EveryField_ComesInItsOrder()
    {
        CborMapReader map = CborMapReader.Open(Map());
        Assert.Equal(3, map.Count);
        var found = new List<string>();
        while (map.TryNext(out ReadOnlySpan<byte> key, out CborItem value)) found.Add($"{Encoding.UTF8.GetString(key)}={value.Kind}");
        Assert.Equal(["a=Unsigned", "b=Null", "aa=Array"], found);
        Assert.Equal(0, map.Count);
        Assert.Equal(FcpStatus.Accepted, map.End());
    }

    [Fact]
    public void TryNext_AfterNamedFields_GoesOnBehindThem()
    {
        CborMapReader map = CborMapReader.Open(Map());
        Assert.Equal(1ul, map.Unsigned("a"u8));
        Assert.True(map.TryNext(out ReadOnlySpan<byte> key, out _));
        Assert.True(key.SequenceEqual("b"u8));
        Assert.Equal(FcpStatus.NonCanonicalEncoding, map.End());
    }

    [Fact]
    public void TryNext_AfterAFault_FindsNothing()
    {
        CborMapReader map = CborMapReader.Open(Map());
        map.Fail(FcpStatus.CborDeserialize);
        Assert.False(map.TryNext(out _, out _));
        Assert.False(CborMapReader.Open([0x80]).TryNext(out _, out _));
    }

    private static byte[] Map()
    {
        var writer = new CborWriter();
        writer.BeginMap(3);
        writer.Key("a"u8);
        writer.Unsigned(1);
        writer.Key("b"u8);
        writer.Null();
        writer.Key("aa"u8);
        writer.BeginArray(1);
        writer.Boolean(true);
        byte[] map = writer.ToArray();
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(map, map.Length));
        return map;
    }
}
