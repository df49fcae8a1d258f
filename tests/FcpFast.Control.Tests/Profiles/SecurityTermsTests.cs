using FcpFast.Control.Profiles;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Control.Tests.Profiles;

/// <summary>[WIRE §14]: bounds, defaults, and what is weaker than what.</summary>
public sealed class SecurityTermsTests
{
    private static readonly SecurityTerms Strong = new(KeyMode.MlsTreeKem, true, 3600, MacSuite.Blake3, true);

    [Fact]
    public void Default_IsTheZoneWithoutAProfile()
    {
        Assert.Equal(new SecurityTerms(KeyMode.ManifestDistributed, false, 86_400, MacSuite.HmacSha256, false), SecurityTerms.Default);
        Assert.True(SecurityTerms.Default.AreValid);
    }

    [Theory]
    [InlineData(299ul, false)]
    [InlineData(300ul, true)]
    [InlineData(31_536_000ul, true)]
    [InlineData(31_536_001ul, false)]
    [InlineData(0ul, false)]
    [InlineData(ulong.MaxValue, false)]
    public void AreValid_OfALife_IsWithinItsBounds(ulong seconds, bool valid) =>
        Assert.Equal(valid, (SecurityTerms.Default with { MaxEpochSeconds = seconds }).AreValid);

    [Fact]
    public void AreValid_WhatTheModeCannotGive_IsNot()
    {
        Assert.False((SecurityTerms.Default with { RequirePcs = true }).AreValid);
        Assert.False((SecurityTerms.Default with { KeyMode = KeyMode.Unset }).AreValid);
        Assert.False((SecurityTerms.Default with { MinSuite = MacSuite.Unset }).AreValid);
        Assert.True(Strong.AreValid);
        Assert.False(default(SecurityTerms).AreValid);
    }

    [Fact]
    public void AreWeakerThan_OneTermWeaker_IsWeakerHoweverStrongTheOthers()
    {
        Assert.False(Strong.AreWeakerThan(Strong));
        Assert.False(Strong.AreWeakerThan(SecurityTerms.Default));
        Assert.True(SecurityTerms.Default.AreWeakerThan(Strong));
        Assert.True((Strong with { KeyMode = KeyMode.ManifestDistributed }).AreWeakerThan(Strong));
        Assert.True((Strong with { RequirePcs = false }).AreWeakerThan(Strong));
        Assert.True((Strong with { MaxEpochSeconds = 3601 }).AreWeakerThan(Strong));
        Assert.True((Strong with { MinSuite = MacSuite.HmacSha256 }).AreWeakerThan(Strong));
        Assert.True((Strong with { RequireRatchet = false }).AreWeakerThan(Strong));
        Assert.False((Strong with { MaxEpochSeconds = 300 }).AreWeakerThan(Strong));
    }
}
