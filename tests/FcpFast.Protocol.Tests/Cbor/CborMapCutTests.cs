using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Tests.Cbor;

/// <summary>[WIRE §2.7]: a signature covers the map without itself, every other byte as it came.</summary>
public sealed class CborMapCutTests
{
    [Theory]
    [InlineData("a0", "a0")]
    [InlineData("a1617801", "a0")]
    [InlineData("a161790a", "a161790a")]
    [InlineData("a2617801617981f6", "a1617981f6")]
    [InlineData("a3617702617801617981f6", "a2617702617981f6")]
    public void Without_OneField_KeepsTheRest(string map, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(CborMapCut.Without(Convert.FromHexString(map), "x"u8)));

    [Fact]
    public void Without_TwoFields_KeepsTheRest() =>
        Assert.Equal("a1617702", Convert.ToHexStringLower(CborMapCut.Without(Convert.FromHexString("a3617702617801617981f6"), "y"u8, "x"u8)));

    [Theory]
    [InlineData("80")]
    [InlineData("01")]
    [InlineData("617a")]
    [InlineData("")]
    public void Without_NoMap_Throws(string item) =>
        Assert.Throws<ArgumentException>(() => CborMapCut.Without(Convert.FromHexString(item), "x"u8));

    /// <summary>Maps of 0 to 300 fields, over both borders of the head's length, against writing the map anew.</summary>
    [Fact]
    public void Without_MapsOfManySizes_EqualsWritingTheMapAnew()
    {
        for (int count = 1; count < 300; count += count is > 20 and < 30 or > 250 and < 262 ? 1 : 13)
        {
            List<string> keys = Enumerable.Range(0, count).Select(static i => $"k{i:000}").ToList();
            string cut = keys[count / 2], alsoCut = keys[count / 3];
            byte[] map = Write(keys);
            Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(map, map.Length));
            byte[] expected = Write(keys.Where(key => key != cut && key != alsoCut).ToList());
            Assert.Equal(expected, CborMapCut.Without(map, Encoding.UTF8.GetBytes(cut), Encoding.UTF8.GetBytes(alsoCut)));
        }
    }

    private static byte[] Write(List<string> keys)
    {
        var writer = new CborWriter();
        writer.BeginMap(keys.Count);
        foreach (string key in keys)
        {
            writer.Key(Encoding.UTF8.GetBytes(key));
            writer.BeginMap(1);
            writer.Key("x"u8); // the same key further inside is none of the map's own
            writer.Text(key);
        }

        return writer.ToArray();
    }
}
