using System;
using System.Linq;
using FcpFast.Control.Manifests;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>[WIRE §11.1], [WIRE §11.2], [WIRE §11.4]: the encoding, its bytes kept as they came.</summary>
public sealed class ZoneKeyManifestTests : IDisposable
{
    private readonly TestZone _zone = new();
    private readonly ZoneSecrets _secrets;

    public ZoneKeyManifestTests() => _secrets = ZoneSecrets.Generate(_zone.Crypto);

    public void Dispose()
    {
        _secrets.Dispose();
        _zone.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parse_WhatWasSigned_GivesEveryField(bool withOptionalFields)
    {
        var forge = new ManifestForge(_zone) { Secrets = _secrets, Algorithm = AeadAlgorithm.XChaCha20Poly1305 };
        if (withOptionalFields)
        {
            forge = forge with
            {
                ValidUntil = TestZone.Now + 9,
                Previous = new ZoneKeyId(new Bytes8(5)),
                Policy = new RekeyPolicy { EpochRatchet = true, RetainEpochs = 7 },
                Refs = [new Bytes32(1, 1, 1, 1)],
                ForeignRefs = [new Bytes32(2, 2, 2, 2), new Bytes32(3, 3, 3, 3)],
            };
        }

        ZoneKeyManifest made = forge.Make();
        Assert.Equal(FcpStatus.Accepted, ZoneKeyManifest.Parse(made.Encoded.Span, out ZoneKeyManifest? parsed));
        Assert.Equal(made.Encoded.ToArray(), parsed!.Encoded.ToArray());
        Assert.Equal(made.Digest, parsed.Digest);
        Assert.Equal(made.SigningBytes(), parsed.SigningBytes());
        Assert.Equal(_zone.Zone, parsed.Zone);
        Assert.Equal(_secrets.ZoneKeyId, parsed.ZoneKeyId);
        Assert.Equal(_secrets.ObjectIdKeyId, parsed.ObjectIdKeyId);
        Assert.Equal(AeadAlgorithm.XChaCha20Poly1305, parsed.Algorithm);
        Assert.Equal(forge.ValidUntil, parsed.ValidUntilUnixSeconds);
        Assert.Equal(forge.Previous, parsed.PreviousZoneKeyId);
        Assert.Equal(forge.Policy, parsed.RekeyPolicy);
        Assert.Equal(forge.Refs, parsed.Header.Refs);
        Assert.Equal(forge.ForeignRefs, parsed.Header.ForeignRefs);
        Assert.Equal(_zone.Signer, parsed.Signature.Signer);
        Assert.Equal(new ManifestOrder(forge.ValidFrom, forge.CreatedAt), parsed.Order);
        Assert.Equal([_zone.Node, _zone.OtherNode], parsed.Recipients());
        Assert.Equal(made.WrappedKeys.Select(static entry => entry.Box.ToArray()), parsed.WrappedKeys.Select(static entry => entry.Box.ToArray()));
    }

    /// <summary>Signing what the decoder believes would lose these bytes: provenance and placement of other writers.</summary>
    [Fact]
    public void SigningBytes_OfAnotherWritersHeader_AreTheBytesThatCame()
    {
        byte[] bytes = new ManifestForge(_zone) { Secrets = _secrets }.Make().Encoded.ToArray();
        int at = bytes.AsSpan().IndexOf("Untainted"u8) - 1;
        byte[] tainted = [.. bytes[..at], 0x67, .. "Tainted"u8, .. bytes[(at + 10)..]];
        Assert.Equal(FcpStatus.Accepted, ZoneKeyManifest.Parse(tainted, out ZoneKeyManifest? parsed));
        byte[] expected = SigningId.ZoneKeyManifest.SigningBytes(CborMapCut.Without(tainted, "signature"u8));
        Assert.Equal(expected, parsed!.SigningBytes());
        Assert.True(expected.AsSpan().IndexOf("gTainted"u8) > 0);
    }

    [Fact]
    public void Parse_SignerThatIsNoNodeId_IsInvalidNodeId()
    {
        byte[] bytes = new ManifestForge(_zone) { Secrets = _secrets }.Make().Encoded.ToArray();
        bytes[bytes.AsSpan().IndexOf("owner-1"u8)] = 0x1B; // what a terminal would take for a command
        Assert.Equal(FcpStatus.InvalidNodeId, ZoneKeyManifest.Parse(bytes, out _));
    }

    [Theory]
    [InlineData(46, FcpStatus.HpkeFailed)]
    [InlineData(48, FcpStatus.Accepted)]
    [InlineData(4096, FcpStatus.Accepted)]
    [InlineData(4097, FcpStatus.HpkeFailed)]
    public void Parse_ABoxOfALength_IsWithinItsBounds(int boxBytes, FcpStatus expected)
    {
        byte[] bytes = new ManifestForge(_zone) { Secrets = _secrets, OtherBox = new byte[boxBytes] }.Make().Encoded.ToArray();
        Assert.Equal(expected, ZoneKeyManifest.Parse(bytes, out _));
    }

    [Theory]
    [InlineData((byte)'A')] // a capital
    [InlineData((byte)'g')] // no hex digit
    [InlineData((byte)' ')]
    public void Parse_ABoxInOtherDigits_IsHpkeFailed(byte character)
    {
        byte[] bytes = new ManifestForge(_zone) { Secrets = _secrets }.Make().Encoded.ToArray();
        foreach (string field in (string[])["cenc", "jciphertext"])
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[changed.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(field)) + field.Length + 2] = character;
            Assert.Equal(FcpStatus.HpkeFailed, ZoneKeyManifest.Parse(changed, out _));
        }
    }

    [Fact]
    public void Parse_LongerThanTheLimit_IsTooLarge() => Assert.Equal(
        FcpStatus.PayloadTooLarge, ZoneKeyManifest.Parse(new byte[CborLimits.ManifestBytesMax + 1], out _));

    /// <summary>Random damage of many kinds: never an exception, and what is taken is written exactly so.</summary>
    [Fact]
    public void Parse_Damaged_RefusesOrKeepsTheBytes()
    {
        byte[] bytes = new ManifestForge(_zone) { Secrets = _secrets, Policy = RekeyPolicy.Default }.Make().Encoded.ToArray();
        int taken = 0;
        Seeded.Run(3000, random =>
        {
            byte[] damaged = (byte[])bytes.Clone();
            for (int i = random.Next(1, 4); i > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            int cut = random.Next(damaged.Length), add = random.Next(4);
            if (random.Next(3) == 0) damaged = [.. damaged[..cut], .. new byte[add], .. damaged[cut..]];
            if (ZoneKeyManifest.Parse(damaged, out ZoneKeyManifest? parsed) != FcpStatus.Accepted)
            {
                Assert.Null(parsed);
                return;
            }

            Assert.Equal(damaged, parsed!.Encoded.ToArray());
            taken++;
        });
        Assert.InRange(taken, 1, 2999);
    }
}
