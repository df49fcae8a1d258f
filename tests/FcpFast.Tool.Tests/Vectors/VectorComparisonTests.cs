using System;
using System.Security.Cryptography;
using System.Text.Json;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Tool.Vectors;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>Every expected key must be equal; refusals by name, by list, or any.</summary>
public sealed class VectorComparisonTests
{
    [Theory]
    [InlineData("""{"a":"00ff"}""", true)]
    [InlineData("""{"n":7}""", true)]
    [InlineData("""{"a":"00ff","n":7,"u":"7"}""", true)]
    [InlineData("""{"a":"00fe"}""", false)]
    [InlineData("""{"a":"00FF"}""", false)]
    [InlineData("""{"n":"7"}""", false)]
    [InlineData("""{"u":7}""", false)]
    [InlineData("""{"a":"00ff","missing":1}""", false)]
    [InlineData("""{"missing":null}""", true)]
    [InlineData("""{"a":null}""", false)]
    [InlineData("""{"a_len":2}""", true)]
    [InlineData("""{"a_len":3}""", false)]
    [InlineData("""{"error":"Empty"}""", false)]
    [InlineData("""{"error":"*"}""", false)]
    [InlineData("{}", false)]
    public void Difference_OfAResult_IsNullOnlyIfAllIsEqual(string expected, bool equal) =>
        Assert.Equal(equal, Difference(expected, new VectorResult().Bytes("a", [0, 255]).Number("n", 7).Number64("u", 7)) is null);

    [Fact]
    public void Difference_OfALongOutput_ComparesItsHash()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData([0, 255])), other = Convert.ToHexStringLower(SHA256.HashData([0, 254]));
        Assert.Null(Difference($$"""{"a_sha256":"{{hash}}"}""", new VectorResult().Bytes("a", [0, 255])));
        Assert.NotNull(Difference($$"""{"a_sha256":"{{other}}"}""", new VectorResult().Bytes("a", [0, 255])));
    }

    [Theory]
    [InlineData("\"Empty\"", true)]
    [InlineData("\"*\"", true)]
    [InlineData("""["TooLong","Empty"]""", true)]
    [InlineData("\"TooLong\"", false)]
    [InlineData("\"empty\"", false)]
    [InlineData("""["TooLong","NonAscii"]""", false)]
    [InlineData("[]", false)]
    public void Difference_OfARefusal_IsNullOnlyForItsName(string error, bool equal) =>
        Assert.Equal(equal, Difference($$"""{"error":{{error}}}""", VectorResult.Refused(FcpStatus.Empty)) is null);

    [Fact]
    public void Difference_OfARefusalWhereAResultIsExpected_NamesIt() =>
        Assert.Contains("Empty", Difference("""{"a":"00"}""", VectorResult.Refused(FcpStatus.Empty)), StringComparison.Ordinal);

    [Fact]
    public void Difference_OfLongValues_IsShownShort() =>
        Assert.InRange(Difference("""{"a":"00"}""", new VectorResult().Bytes("a", new byte[100_000]))!.Length, 1, 500);

    private static string? Difference(string expected, VectorResult result)
    {
        using JsonDocument document = JsonDocument.Parse(expected);
        return VectorComparison.Difference(document.RootElement, result);
    }
}
