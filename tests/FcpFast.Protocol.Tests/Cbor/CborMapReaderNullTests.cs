using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Tests.Cbor;

/// <summary>Null as a field's value. [WIRE §3]</summary>
public sealed class CborMapReaderNullTests
{
    [Fact]
    public void Field_RequiredIsNull_IsAnotherType()
    {
        CborMapReader map = CborMapReader.Open([0xA1, 0x61, (byte)'a', 0xF6]);
        Assert.Equal(0ul, map.Unsigned("a"u8));
        Assert.Equal(FcpStatus.CborDeserialize, map.End());
    }

    [Fact]
    public void TryField_OptionalIsNull_IsNotCanonical()
    {
        CborMapReader map = CborMapReader.Open([0xA1, 0x61, (byte)'a', 0xF6]);
        Assert.Null(map.TryUnsigned("a"u8));
        Assert.Equal(FcpStatus.NonCanonicalEncoding, map.End());
    }
}
