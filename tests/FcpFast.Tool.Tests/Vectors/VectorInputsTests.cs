using System;
using System.Text.Json;
using FcpFast.Tool.Vectors;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>The notation of the vectors: bytes in three forms, numbers in two, absent or null.</summary>
public sealed class VectorInputsTests
{
    [Fact]
    public void Bytes_InEachForm_AreRead()
    {
        VectorInputs inputs = Parse(
            $$"""{"hex":"00ff","fill":{"fill":7,"length":3},"stream":{"stream_key":"{{new string('0', 64)}}","length":8},"list":["01","02"],"none":null}""");
        Assert.Equal([0, 255], inputs.Bytes("hex"));
        Assert.Equal([7, 7, 7], inputs.Bytes("fill"));
        Assert.Equal([0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90], inputs.Bytes("stream")); // [RFC 8439 A.1] first key stream block
        Assert.Equal([[1], [2]], inputs.ByteStrings("list"));
        Assert.Null(inputs.TryBytes("none"));
        Assert.Null(inputs.TryBytes("absent"));
    }

    [Theory]
    [InlineData("""{"b":{"fill":7,"length":-1}}""")]
    [InlineData("""{"b":{"fill":7,"length":134217729}}""")]
    [InlineData("""{"b":7}""")]
    [InlineData("""{}""")]
    [InlineData("""{"b":null}""")]
    public void Bytes_OutsideTheNotation_AreNamed(string json) => Assert.Throws<VectorFormatException>(() => Parse(json).Bytes("b"));

    [Fact]
    public void Numbers_AsTextOrNumber_AreRead()
    {
        VectorInputs inputs = Parse("""{"a":"18446744073709551615","b":7,"c":"7","n":null,"list":["1",2]}""");
        Assert.Equal(ulong.MaxValue, inputs.ULong("a"));
        Assert.Equal(7, inputs.Int("b"));
        Assert.Equal(7u, inputs.UInt("c"));
        Assert.Null(inputs.TryInt("n"));
        Assert.Null(inputs.TryULong("absent"));
        Assert.Equal([1ul, 2ul], inputs.ULongs("list"));
        Assert.Throws<OverflowException>(() => inputs.UInt("a"));
    }

    [Fact]
    public void Value_OfNull_IsNullAndNotAbsent()
    {
        VectorInputs inputs = Parse("""{"value":null}""");
        Assert.Equal(JsonValueKind.Null, inputs.Value("value").ValueKind);
        Assert.Throws<VectorFormatException>(() => inputs.Value("other"));
    }

    private static VectorInputs Parse(string json) => new(JsonDocument.Parse(json).RootElement);
}
