using System;
using System.Text.Json;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Tool.Vectors;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>[WIRE §3] through the typed values of the vectors.</summary>
public sealed class TypedValueTests
{
    [Theory]
    [InlineData("0", "00")]
    [InlineData("23", "17")]
    [InlineData("24", "1818")]
    [InlineData("18446744073709551615", "1bffffffffffffffff")]
    [InlineData("""{"int":"18446744073709551615"}""", "1bffffffffffffffff")]
    [InlineData("""{"int":"5"}""", "05")]
    [InlineData("-1", "20")]
    [InlineData("-18446744073709551616", "3bffffffffffffffff")]
    [InlineData("""{"int":"-18446744073709551616"}""", "3bffffffffffffffff")]
    [InlineData("\"ü\"", "62c3bc")]
    [InlineData("""{"hex":""}""", "40")]
    [InlineData("""{"hex":"00ff"}""", "4200ff")]
    [InlineData("""{"hex":"00ff","x":1}""", "a26178016368657864" + "30306666")]
    [InlineData("""{"hex":1}""", "a16368657801")]
    [InlineData("""[true,false,null]""", "83f5f4f6")]
    [InlineData("""{"b":1,"aa":2,"a":3,"":4}""", "a46004616103616201626161" + "02")]
    public void Write_AValue_IsItsCanonicalEncoding(string json, string cbor)
    {
        Assert.Equal(FcpStatus.Accepted, Write(json, out byte[] bytes));
        Assert.Equal(cbor, Convert.ToHexStringLower(bytes));
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(bytes, bytes.Length));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("18446744073709551616")]
    [InlineData("-18446744073709551617")]
    [InlineData("""{"int":"x"}""")]
    [InlineData("""[{"a":[0.5]}]""")]
    public void Write_ANumberThatCborHasNoIntegerFor_IsUnsupported(string json) =>
        Assert.Equal(FcpStatus.UnsupportedItem, Write(json, out _));

    [Theory]
    [InlineData("0")]
    [InlineData("4294967295")]
    [InlineData("""{"int":"4294967296"}""")]
    [InlineData("""{"int":"-18446744073709551616"}""")]
    [InlineData("-1")]
    [InlineData("""{"k":[{"hex":"00ff"},"text",true,null,[],{}]}""")]
    public void Read_WhatWasWritten_IsTheSameValue(string json)
    {
        Write(json, out byte[] bytes);
        Assert.Equal(json, TypedValue.Read(new CborItem(bytes))?.ToJsonString());
    }

    [Theory]
    [InlineData("5", """{"int":"5"}""", true)]
    [InlineData("""[{"a":-7}]""", """[{"a":{"int":"-7"}}]""", true)]
    [InlineData("5", """{"int":"6"}""", false)]
    [InlineData("\"5\"", """{"int":"5"}""", false)]
    [InlineData("""{"a":5}""", """{"a":5,"b":null}""", false)]
    public void WithTaggedIntegers_BothFormsOfANumber_BecomeOne(string left, string right, bool equal) =>
        Assert.Equal(
            equal,
            JsonNode.DeepEquals(TypedValue.WithTaggedIntegers(JsonNode.Parse(left)), TypedValue.WithTaggedIntegers(JsonNode.Parse(right))));

    private static FcpStatus Write(string json, out byte[] bytes)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var writer = new CborWriter();
        FcpStatus status = TypedValue.Write(writer, document.RootElement);
        bytes = writer.ToArray();
        return status;
    }
}
