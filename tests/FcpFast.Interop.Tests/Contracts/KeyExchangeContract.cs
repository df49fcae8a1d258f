using System;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Contracts;

/// <summary>What every provider of X25519 does.</summary>
/// <remarks>Source: [WIRE §7.6], [RFC 7748 §5], [RFC 7748 §6.1].</remarks>
public abstract class KeyExchangeContract
{
    private protected abstract IKeyExchange KeyExchange { get; }

    [Theory] // RFC 7748 section 5.2
    [InlineData(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", // its top bit is to be ignored
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void TryAgree_TheStandardsInputs_GivesItsOutputs(string scalar, string point, string expected)
    {
        byte[] shared = new byte[32];
        Assert.True(KeyExchange.TryAgree(Convert.FromHexString(scalar), Convert.FromHexString(point), shared));
        Assert.Equal(expected, Convert.ToHexStringLower(shared));
    }

    [Fact]
    public void TryAgree_OneThousandTimes_GivesTheStandardsResult()
    {
        byte[] k = [9, .. new byte[31]], u = [9, .. new byte[31]];
        for (int i = 1; i <= 1000; i++)
        {
            byte[] next = new byte[32];
            Assert.True(KeyExchange.TryAgree(k, u, next));
            if (i == 1) Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", Convert.ToHexStringLower(next));
            (u, k) = (k, next);
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Convert.ToHexStringLower(k));
    }

    [Fact] // RFC 7748 section 6.1
    public void DerivePublicKey_TheStandardsSecret_GivesItsPublicKeyAndShares()
    {
        byte[] secret = Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"), output = new byte[32];
        KeyExchange.DerivePublicKey(secret, output);
        Assert.Equal("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", Convert.ToHexStringLower(output));
        byte[] peer = Convert.FromHexString("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        Assert.True(KeyExchange.TryAgree(secret, peer, output));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Convert.ToHexStringLower(output));
    }

    [Fact]
    public void TryAgree_RandomPairs_AgreeFromBothSides() => Seeded.Run(50, random =>
    {
        byte[] a = random.Bytes(32), b = random.Bytes(32), publicA = new byte[32], publicB = new byte[32], sharedA = new byte[32], sharedB = new byte[32];
        KeyExchange.DerivePublicKey(a, publicA);
        KeyExchange.DerivePublicKey(b, publicB);
        Assert.True(KeyExchange.TryAgree(a, publicB, sharedA));
        Assert.True(KeyExchange.TryAgree(b, publicA, sharedB));
        Assert.Equal(sharedA, sharedB);
        Assert.Contains(sharedA, static value => value != 0);
    });

    [Theory] // every encoding of a point of small order, canonical or not
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void TryAgree_APointOfSmallOrder_IsRefusedWithZeroes(string point)
    {
        byte[] peer = Convert.FromHexString(point), shared = Enumerable.Repeat((byte)0xaa, 32).ToArray();
        for (int top = 0; top < 2; top++)
        {
            Assert.False(KeyExchange.TryAgree(new Random(1).Bytes(32), peer, shared));
            Assert.Equal(new byte[32], shared);
            peer[31] |= 0x80;
        }
    }

    [Fact]
    public void DerivePublicKeyAndTryAgree_OtherLengths_AreTheCallersFault()
    {
        Assert.Throws<ArgumentException>(() => KeyExchange.DerivePublicKey(new byte[31], new byte[32]));
        Assert.Throws<ArgumentException>(() => KeyExchange.DerivePublicKey(new byte[32], new byte[33]));
        Assert.Throws<ArgumentException>(() => KeyExchange.TryAgree(new byte[31], new byte[32], new byte[32]));
        Assert.Throws<ArgumentException>(() => KeyExchange.TryAgree(new byte[32], new byte[33], new byte[32]));
        Assert.Throws<ArgumentException>(() => KeyExchange.TryAgree(new byte[32], new byte[32], new byte[31]));
    }
}
