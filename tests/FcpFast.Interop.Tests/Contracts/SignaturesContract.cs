using System;
using System.Linq;
using System.Numerics;
using FcpFast.Interop.Tests.Oracles;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Contracts;

/// <summary>What every provider of Ed25519 does, and above all what it refuses.</summary>
/// <remarks>Source: [WIRE §2.7], [RFC 8032 §5.1].</remarks>
public abstract class SignaturesContract
{
    private protected abstract ISignatures Signatures { get; }

    [Theory] // RFC 8032 section 7.1, tests 1 to 3
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Sign_TheStandardsTests_GivesTheirSignatures(string seed, string publicKey, string message, string signature)
    {
        byte[] key = new byte[32], output = new byte[64];
        Signatures.DerivePublicKey(Convert.FromHexString(seed), key);
        Assert.Equal(publicKey, Convert.ToHexStringLower(key));
        Signatures.Sign(Convert.FromHexString(seed), Convert.FromHexString(message), output);
        Assert.Equal(signature, Convert.ToHexStringLower(output));
        Assert.True(Signatures.Verify(key, Convert.FromHexString(message), output));
    }

    [Fact]
    public void Verify_EveryBitFlipped_IsRefused()
    {
        (byte[] key, byte[] message, byte[] signature) = Sample(1);
        foreach (byte[] part in new[] { key, message, signature })
        {
            for (int bit = 0; bit < 8 * part.Length; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(Signatures.Verify(key, message, signature));
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(Signatures.Verify(key, message, signature));
    }

    [Fact]
    public void Verify_SNotBelowTheOrder_IsRefused() => Seeded.Run(20, random =>
    {
        (byte[] key, byte[] message, byte[] signature) = Sample(random.Next());
        BigInteger s = new(signature.AsSpan(32), isUnsigned: true);
        for (BigInteger other = s + Edwards25519.Order; other < BigInteger.One << 256; other += Edwards25519.Order)
        {
            Assert.False(Signatures.Verify(key, message, [.. signature[..32], .. Edwards25519.Bytes(other)])); // the same s for everyone else
        }
    });

    [Fact]
    public void Verify_RIsOfSmallOrder_IsRefused()
    {
        byte[] seed = new Random(2).Bytes(32), key = new byte[32], message = "a message"u8.ToArray();
        Signatures.DerivePublicKey(seed, key);
        foreach ((BigInteger X, BigInteger Y) point in Edwards25519.SmallOrderPoints())
        {
            // s = k a, so that s B = k A: with R the identity the equation holds, with the others it holds times 8.
            byte[] r = Edwards25519.Encode(point);
            BigInteger s = Edwards25519.Challenge(r, key, message) * Edwards25519.Scalar(seed) % Edwards25519.Order;
            Assert.False(Signatures.Verify(key, message, [.. r, .. Edwards25519.Bytes(s)]));
        }
    }

    [Fact]
    public void Verify_AIsOfSmallOrder_IsRefusedThoughTheEquationHolds()
    {
        BigInteger s = 12345;
        byte[] r = Edwards25519.Encode(Edwards25519.Multiply(Edwards25519.Base, s));
        foreach ((BigInteger X, BigInteger Y) point in Edwards25519.SmallOrderPoints())
        {
            byte[] key = Edwards25519.Encode(point);
            for (int i = 0, tried = 0; tried < 2; i++)
            {
                byte[] message = BitConverter.GetBytes(i);
                BigInteger k = Edwards25519.Challenge(r, key, message);
                if (Edwards25519.Multiply(point, k % 8) != Edwards25519.Identity) continue; // then s B = R + k A exactly
                tried++;
                Assert.False(Signatures.Verify(key, message, [.. r, .. Edwards25519.Bytes(s)]));
            }
        }
    }

    [Fact]
    public void Verify_ANotCanonical_IsRefused()
    {
        // y and y + p name one point; only these y leave room below 2^255. For the identity the equation would hold.
        BigInteger p = BigInteger.Pow(2, 255) - 19, s = 777;
        byte[] r = Edwards25519.Encode(Edwards25519.Multiply(Edwards25519.Base, s));
        for (int y = 0; y < 19; y++)
        {
            byte[] key = Edwards25519.Bytes(p + y);
            Assert.False(Signatures.Verify(key, "message"u8, [.. r, .. Edwards25519.Bytes(s)]));
            key[31] |= 0x80;
            Assert.False(Signatures.Verify(key, "message"u8, [.. r, .. Edwards25519.Bytes(s)]));
        }
    }

    [Fact]
    public void Verify_OtherLengths_IsRefusedWithoutThrowing()
    {
        (byte[] key, byte[] message, byte[] signature) = Sample(3);
        for (int length = 0; length < 130; length++)
        {
            if (length != 64) Assert.False(Signatures.Verify(key, message, new byte[length]));
            if (length != 32) Assert.False(Signatures.Verify(new byte[length], message, signature));
        }

        Assert.False(Signatures.Verify(key, message, [.. signature, 0]));
        Assert.False(Signatures.Verify(default, message, default));
    }

    [Fact]
    public void SignAndVerify_RandomMessages_RoundTripAndSeparate() => Seeded.Run(50, random =>
    {
        (byte[] key, byte[] message, byte[] signature) = Sample(random.Next());
        (byte[] otherKey, byte[] otherMessage, _) = Sample(random.Next());
        Assert.True(Signatures.Verify(key, message, signature));
        Assert.False(Signatures.Verify(otherKey, message, signature));
        Assert.False(Signatures.Verify(key, otherMessage, signature));
    });

    [Fact]
    public void Sign_OtherLengths_IsTheCallersFault()
    {
        Assert.Throws<ArgumentException>(() => Signatures.Sign(new byte[31], default, new byte[64]));
        Assert.Throws<ArgumentException>(() => Signatures.Sign(new byte[32], default, new byte[63]));
        Assert.Throws<ArgumentException>(() => Signatures.DerivePublicKey(new byte[33], new byte[32]));
        Assert.Throws<ArgumentException>(() => Signatures.DerivePublicKey(new byte[32], new byte[31]));
    }

    [Fact]
    public void Oracle_OfTheCurve_IsTheCurve()
    {
        byte[] seed = new Random(4).Bytes(32), key = new byte[32];
        Signatures.DerivePublicKey(seed, key);
        Assert.Equal(Edwards25519.Encode(Edwards25519.Multiply(Edwards25519.Base, Edwards25519.Scalar(seed))), key);
        Assert.Equal(8, Edwards25519.SmallOrderPoints().Distinct().Count());
        Assert.Equal(Edwards25519.Identity, Edwards25519.Multiply(Edwards25519.Base, Edwards25519.Order));
    }

    private (byte[] Key, byte[] Message, byte[] Signature) Sample(int seedOfSeed)
    {
        var random = new Random(seedOfSeed);
        byte[] seed = random.Bytes(32), key = new byte[32], message = random.Bytes(random.Next(4, 200)), signature = new byte[64];
        Signatures.DerivePublicKey(seed, key);
        Signatures.Sign(seed, message, signature);
        return (key, message, signature);
    }
}
