using System;
using System.Text;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Protocol.Tests.Keys;

/// <summary>[WIRE §10]: what a sealed box is bound to.</summary>
public sealed class BoxContextTests
{
    /// <summary>First case of the family hpke.</summary>
    [Fact]
    public void ToAssociatedData_OfAKnownBox_IsItsCanonicalMap() => Assert.Equal(
        "a467707572706f73654d464350322d5a4f4e452d4b4559677a6f6e655f6964467a3a776f726b696973737565645f61741a6a432166"
        + "71726563697069656e745f6e6f64655f69644a6e6f64652d616c706861",
        Convert.ToHexStringLower(Context("z:work", "node-alpha", BoxPurpose.ZoneKey, 1_782_784_358).ToAssociatedData()));

    [Fact]
    public void ToAssociatedData_AnythingChanged_IsOther()
    {
        byte[] original = Context("z:work", "node-alpha", BoxPurpose.ZoneKey, 7).ToAssociatedData();
        Assert.NotEqual(original, Context("z:worl", "node-alpha", BoxPurpose.ZoneKey, 7).ToAssociatedData());
        Assert.NotEqual(original, Context("z:work", "node-alphb", BoxPurpose.ZoneKey, 7).ToAssociatedData());
        Assert.NotEqual(original, Context("z:work", "node-alpha", BoxPurpose.ObjectIdKey, 7).ToAssociatedData());
        Assert.NotEqual(original, Context("z:work", "node-alpha", BoxPurpose.ZoneKey, 8).ToAssociatedData());
    }

    [Theory]
    [InlineData("FCP2-ZONE-KEY", BoxPurpose.ZoneKey)]
    [InlineData("FCP2-OBJECTID-KEY", BoxPurpose.ObjectIdKey)]
    [InlineData("FCP2-OWNER-SHARE", BoxPurpose.OwnerShare)]
    [InlineData("FCP2-SECRET-SHARE", BoxPurpose.SecretShare)]
    public void TryParsePurpose_AKnownText_IsItsPurpose(string text, BoxPurpose expected)
    {
        Assert.True(BoxContext.TryParsePurpose(Encoding.ASCII.GetBytes(text), out BoxPurpose purpose));
        Assert.Equal(expected, purpose);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fcp2-zone-key")]
    [InlineData("FCP2-ZONE-KEYS")]
    public void TryParsePurpose_AnotherText_IsNone(string text)
    {
        Assert.False(BoxContext.TryParsePurpose(Encoding.ASCII.GetBytes(text), out BoxPurpose purpose));
        Assert.Equal(BoxPurpose.Unset, purpose);
    }

    [Fact]
    public void ToAssociatedData_WithoutPurpose_Throws() =>
        Assert.Throws<ArgumentException>(() => Context("z:work", "node", BoxPurpose.Unset, 0).ToAssociatedData());

    private static BoxContext Context(string zoneText, string nodeText, BoxPurpose purpose, ulong issuedAt)
    {
        Assert.Equal(FcpStatus.Accepted, ZoneId.Parse(zoneText, out ZoneId zone));
        Assert.Equal(FcpStatus.Accepted, NodeId.Parse(nodeText, out NodeId node));
        return new BoxContext(zone, node, purpose, issuedAt);
    }
}
