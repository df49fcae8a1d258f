using System;
using System.Linq;
using System.Text;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Tests.Oracles;

namespace FcpFast.Protocol.Tests.Ids;

/// <summary>[WIRE §2.4], [WIRE §2.7]: schema ids, their hashes, signing tags and signing bytes.</summary>
public sealed class SchemaIdTests
{
    [Theory]
    [InlineData("fcp.core:CapabilityObject@1.0.0")]
    [InlineData("a:b@0.0.0")]
    [InlineData("A-1._:_@10.20.30")]
    [InlineData("a:b@1.0.0-alpha.1+build.007")]
    [InlineData("a:b@1.0.0--.-")]
    [InlineData("a:b@1.0.0-0a.00a")] // a leading zero is refused in numbers only
    [InlineData("a:b@1.0.0+00-x")]
    public void Parse_WithinTheGrammar_RoundTrips(string text)
    {
        Assert.Equal(FcpStatus.Accepted, SchemaId.Parse(text, out SchemaId? id));
        Assert.Equal(text, id!.ToString());
        Assert.True(id.IsValid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData(":@")]
    [InlineData("a:b")]
    [InlineData("a@1.0.0")]
    [InlineData("a@1.0.0:b")]
    [InlineData(":b@1.0.0")]
    [InlineData("a:@1.0.0")]
    [InlineData("a:b@")]
    [InlineData("a:b@1")]
    [InlineData("a:b@1.0")]
    [InlineData("a:b@1.0.0.0")]
    [InlineData("a:b@01.0.0")]
    [InlineData("a:b@1.00.0")]
    [InlineData("a:b@1..0")]
    [InlineData("a:b@-1.0.0")]
    [InlineData("a:b@1.0.0-")]
    [InlineData("a:b@1.0.0-01")]
    [InlineData("a:b@1.0.0-a..b")]
    [InlineData("a:b@1.0.0+")]
    [InlineData("a:b@1.0.0+a+b")]
    [InlineData("a:b@1.0.0-\u0661")] // an Arabic-Indic digit
    [InlineData("a:b@\uff11.0.0")] // a full-width digit
    [InlineData("a:b:c@1.0.0")] // otherwise two schemas could share one text
    [InlineData("a:b@1.0.0@1.0.0")]
    [InlineData("a b:c@1.0.0")]
    [InlineData("é:c@1.0.0")]
    [InlineData("a:b@1.0.0\n")]
    public void Parse_OutsideTheGrammar_IsRefused(string text)
    {
        Assert.Equal(FcpStatus.InvalidSchemaId, SchemaId.Parse(text, out SchemaId? id));
        Assert.Null(id);
    }

    [Fact]
    public void Parse_LengthBorders_Are128APart()
    {
        string longest = new('n', 128);
        Assert.Equal(FcpStatus.Accepted, SchemaId.Parse($"{longest}:{longest}@1.0.0", out _));
        Assert.Equal(FcpStatus.InvalidSchemaId, SchemaId.Parse($"{longest}n:a@1.0.0", out _));
        Assert.Equal(FcpStatus.InvalidSchemaId, SchemaId.Parse($"a:{longest}n@1.0.0", out _));
        Assert.Equal(FcpStatus.InvalidSchemaId, SchemaId.Parse("a:b@1.0.0-" + new string('a', 100_000), out _));
    }

    [Fact]
    public void ComputeHash_EverySchemaOfThePlane_IsTheHashOfItsTextAndUnique()
    {
        SchemaId[] all = typeof(Schemas).GetProperties().Select(static property => (SchemaId)property.GetValue(null)!).ToArray();
        Assert.NotEmpty(all);
        foreach (SchemaId schema in all)
        {
            Assert.True(schema.IsValid, schema.ToString());
            byte[] expected = Blake3Reference.Hash([.. "FCP2-SCHEMA-V1"u8, .. Encoding.ASCII.GetBytes(schema.ToString())]);
            Assert.Equal(Convert.ToHexStringLower(expected), schema.ComputeHash().ToString());
        }

        Assert.Equal(all.Length, all.Select(static schema => schema.ComputeHash()).Distinct().Count());
    }

    [Fact]
    public void ComputeTag_TheSpecificationsExample_GivesItsTag() =>
        Assert.Equal("28cb6f0e02d0c489", new SigningId("fcp.core.CapabilityObject/1.0.0").ComputeTag().ToString());

    [Fact]
    public void SigningBytes_AnObject_IsDomainTagAndObject()
    {
        byte[] cbor = [0xa0], tag = Blake3Reference.Hash("fcp.zone.ZoneKeyManifest/1.0.0"u8.ToArray())[..8];
        Assert.Equal([.. "FCP2-SIGN-V1"u8, .. tag, .. cbor], SigningId.ZoneKeyManifest.SigningBytes(cbor));
        Assert.Equal(SigningId.PrefixBytes, SigningId.ZoneKeyManifest.SigningBytes(default).Length);
    }

    [Fact]
    public void ComputeTag_EverySigningId_IsUnique()
    {
        SigningId[] all = [SigningId.ZoneKeyManifest, SigningId.ZoneSecurityProfile, SigningId.Attestation, SigningId.FullAttestation];
        Assert.Equal(all.Length, all.Select(static id => id.ComputeTag()).Distinct().Count());
    }
}
