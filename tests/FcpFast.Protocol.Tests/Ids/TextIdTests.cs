using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Ids;

/// <summary>[WIRE §2.1], [WIRE §2.2], [WIRE §2.3]: every refusal, in its order, and nothing normalised.</summary>
public sealed class TextIdTests
{
    private const string CanonicalAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789._:-";
    private const string ZoneAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789:_-";

    [Theory]
    [InlineData("", FcpStatus.Empty)]
    [InlineData("a", FcpStatus.Accepted)]
    [InlineData("9.x:y_z-", FcpStatus.Accepted)]
    [InlineData("A", FcpStatus.UppercaseNotAllowed)]
    [InlineData(".a", FcpStatus.InvalidStartChar)]
    [InlineData("-", FcpStatus.InvalidStartChar)]
    [InlineData("a b", FcpStatus.InvalidChar)]
    [InlineData("a/", FcpStatus.InvalidChar)]
    [InlineData("a\n", FcpStatus.InvalidChar)]
    [InlineData("a\0", FcpStatus.InvalidChar)]
    [InlineData("é", FcpStatus.NonAscii)]
    [InlineData("\ud800", FcpStatus.NonAscii)] // half a surrogate pair
    [InlineData(".A\u00e9", FcpStatus.NonAscii)] // each fault wins over those behind it
    [InlineData(".A b", FcpStatus.UppercaseNotAllowed)]
    [InlineData(".a b", FcpStatus.InvalidStartChar)]
    [InlineData("\u212a", FcpStatus.NonAscii)] // the Kelvin sign lower-cases to k: nothing is normalised
    public void CanonicalIdParse_FaultsInTheirOrder_GivesTheFirst(string text, FcpStatus expected)
    {
        Assert.Equal(expected, CanonicalId.Parse(text, out CanonicalId id));
        Assert.Equal(expected == FcpStatus.Accepted ? text : "", id.ToString());
    }

    [Fact]
    public void CanonicalIdParse_LengthBorders_CountBytes()
    {
        Assert.Equal(FcpStatus.Accepted, CanonicalId.Parse(new string('a', 128), out _));
        Assert.Equal(FcpStatus.TooLong, CanonicalId.Parse(new string('a', 129), out _));
        Assert.Equal(FcpStatus.TooLong, CanonicalId.Parse(new string('é', 65), out _)); // 130 bytes of UTF-8
        Assert.Equal(FcpStatus.NonAscii, CanonicalId.Parse(new string('é', 64), out _));
        Assert.Equal(FcpStatus.TooLong, CanonicalId.Parse(new string('A', 200), out _));
    }

    [Fact]
    public void Check_EveryByteAtStartAndAfter_FollowsTheGrammar()
    {
        for (int value = 0; value < 256; value++)
        {
            byte b = (byte)value;
            bool upper = value is >= 'A' and <= 'Z', letterOrDigit = value is (>= 'a' and <= 'z') or (>= '0' and <= '9');
            FcpStatus shared = value > 127 ? FcpStatus.NonAscii : upper ? FcpStatus.UppercaseNotAllowed : FcpStatus.Accepted;
            FcpStatus start = shared != FcpStatus.Accepted ? shared : letterOrDigit ? FcpStatus.Accepted : FcpStatus.InvalidStartChar;
            bool allowed = CanonicalAlphabet.Contains((char)value);
            Assert.Equal(start, CanonicalId.Check([b]));
            Assert.Equal(shared != FcpStatus.Accepted ? shared : allowed ? FcpStatus.Accepted : FcpStatus.InvalidChar, CanonicalId.Check([(byte)'a', b]));

            Assert.Equal(value is >= 0x21 and <= 0x7E ? FcpStatus.Accepted : FcpStatus.InvalidNodeId, NodeId.Check([b]));
            Assert.Equal(value is >= 0x21 and <= 0x7E ? FcpStatus.Accepted : FcpStatus.InvalidNodeId, NodeId.Check([(byte)'n', b, (byte)'n']));

            FcpStatus zone = value > 127 ? FcpStatus.NonAscii : ZoneAlphabet.Contains((char)value) ? FcpStatus.Accepted : FcpStatus.InvalidChar;
            Assert.Equal(zone, ZoneId.Check([(byte)'z', (byte)':', b]));
        }
    }

    [Theory]
    [InlineData("nodeX", FcpStatus.Accepted)]
    [InlineData("!~", FcpStatus.Accepted)]
    [InlineData("", FcpStatus.InvalidNodeId)]
    [InlineData("a b", FcpStatus.InvalidNodeId)]
    [InlineData("a\u007f", FcpStatus.InvalidNodeId)]
    [InlineData("nodé", FcpStatus.InvalidNodeId)]
    public void NodeIdParse_Texts_AcceptsPrintableAsciiOnly(string text, FcpStatus expected)
    {
        Assert.Equal(expected, NodeId.Parse(text, out NodeId id));
        Assert.Equal(expected, NodeId.Parse(Encoding.UTF8.GetBytes(text), out NodeId fromBytes));
        Assert.Equal(id, fromBytes);
        Assert.Equal(expected != FcpStatus.Accepted, id.IsEmpty);
        if (expected != FcpStatus.Accepted) return;
        byte[] written = new byte[NodeId.MaxBytes];
        Assert.Equal(text.Length, id.Write(written));
        Assert.Equal(text.Length, id.LengthBytes);
        Assert.True(id.Matches(written.AsSpan(0, text.Length)));
        Assert.False(id.Matches(written.AsSpan(0, text.Length + 1)));
        Assert.False(id.Matches(default));
    }

    [Fact]
    public void NodeIdParse_LengthBorders_AreOneAnd128()
    {
        Assert.Equal(FcpStatus.Accepted, NodeId.Parse(new string('~', 128), out _));
        Assert.Equal(FcpStatus.InvalidNodeId, NodeId.Parse(new string('~', 129), out _));
        Assert.Equal(FcpStatus.InvalidNodeId, NodeId.Check(new byte[100_000]));
    }

    [Theory]
    [InlineData("", FcpStatus.Empty)]
    [InlineData("z:", FcpStatus.Empty)]
    [InlineData("z:a", FcpStatus.Accepted)]
    [InlineData("z:::", FcpStatus.Accepted)]
    [InlineData("Z:a", FcpStatus.MissingPrefix)]
    [InlineData("a", FcpStatus.MissingPrefix)]
    [InlineData("z", FcpStatus.MissingPrefix)]
    [InlineData("z:A", FcpStatus.InvalidChar)]
    [InlineData("z:a.b", FcpStatus.InvalidChar)]
    [InlineData("aé", FcpStatus.NonAscii)]
    [InlineData("é:", FcpStatus.NonAscii)]
    [InlineData("aB", FcpStatus.MissingPrefix)]
    public void ZoneIdParse_FaultsInTheirOrder_GivesTheFirst(string text, FcpStatus expected)
    {
        Assert.Equal(expected, ZoneId.Parse(text, out ZoneId zone));
        Assert.Equal(expected, ZoneId.Parse(Encoding.UTF8.GetBytes(text), out ZoneId fromBytes));
        Assert.Equal(zone, fromBytes);
        Assert.Equal(expected == FcpStatus.Accepted ? text : "", zone.ToString());
        Assert.Equal(expected != FcpStatus.Accepted, zone.IsEmpty);
    }

    [Fact]
    public void ZoneIdParse_LengthBorders_CountBytesBeforeCharacters()
    {
        Assert.Equal(FcpStatus.Accepted, ZoneId.Parse("z:" + new string('a', 62), out _));
        Assert.Equal(FcpStatus.TooLong, ZoneId.Parse("z:" + new string('a', 63), out _));
        Assert.Equal(FcpStatus.TooLong, ZoneId.Parse(new string('é', 33), out _));
        Assert.Equal(FcpStatus.NonAscii, ZoneId.Parse(new string('é', 32), out _));
    }

    [Theory]
    [InlineData("tag:fcp-work", FcpStatus.Accepted, "z:work")]
    [InlineData("tag:fcp-", FcpStatus.Empty, "")]
    [InlineData("tag:fcp", FcpStatus.InvalidTailscaleTagPrefix, "")]
    [InlineData("TAG:FCP-work", FcpStatus.InvalidTailscaleTagPrefix, "")]
    [InlineData("tag:fcp-Work", FcpStatus.InvalidChar, "")]
    [InlineData("tag:fcp-w\u00f6", FcpStatus.NonAscii, "")]
    [InlineData("", FcpStatus.InvalidTailscaleTagPrefix, "")]
    public void ParseTailscaleTag_Tags_GoThereAndBack(string tag, FcpStatus expected, string zone)
    {
        Assert.Equal(expected, ZoneId.ParseTailscaleTag(tag, out ZoneId id));
        Assert.Equal(zone, id.ToString());
        if (expected == FcpStatus.Accepted) Assert.Equal(tag, id.TailscaleTag);
    }

    [Fact]
    public void Parse_RandomBytesAndTexts_NeverThrowsAndRoundTrips() => Seeded.Run(3000, static random =>
    {
        byte[] bytes = random.Next(2) == 0
            ? random.Bytes(random.Next(140))
            : Enumerable.Range(0, random.Next(140)).Select(_ => (byte)random.Next(0x20, 0x80)).ToArray();
        string text = Encoding.Latin1.GetString(bytes);
        if (NodeId.Parse(bytes, out NodeId node) == FcpStatus.Accepted) Assert.Equal(bytes, Encoding.ASCII.GetBytes(node.ToString()));
        if (ZoneId.Parse(bytes, out ZoneId zone) == FcpStatus.Accepted) Assert.Equal(bytes, Encoding.ASCII.GetBytes(zone.ToString()));
        if (CanonicalId.Parse(text, out CanonicalId id) == FcpStatus.Accepted) Assert.Equal(text, id.ToString());
        Assert.NotEqual(FcpStatus.Undecided, SchemaId.Parse(text, out _));
        Assert.NotEqual(FcpStatus.Undecided, ObjectId.Parse(bytes, out _));
    });

    [Fact]
    public void DefaultValues_OfEveryTextId_AreEmptyAndEqual()
    {
        Assert.Equal("", default(NodeId).ToString());
        Assert.Equal("", default(ZoneId).ToString());
        Assert.Equal("", default(CanonicalId).ToString());
        Assert.Equal(0, default(NodeId).Write(new byte[4]));
        Assert.Equal(0, default(ZoneId).LengthBytes);
        Assert.Equal(default, new List<NodeId> { default }[0]);
    }
}
