using System;
using System.Linq;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Contracts;

/// <summary>What every provider of HKDF, HMAC and SHA-256 does.</summary>
/// <remarks>Source: [WIRE §1], [RFC 5869 §2], [RFC 2104 §2].</remarks>
public abstract class KdfContract
{
    private protected abstract IKdf Kdf { get; }

    [Theory] // RFC 5869 appendix A, cases 1 to 3
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void Derive_TheStandardsCases_GivesTheirKeys(string ikm, string salt, string info, string okm)
    {
        byte[] output = new byte[okm.Length / 2];
        Kdf.Derive(Convert.FromHexString(salt), Convert.FromHexString(ikm), Convert.FromHexString(info), output);
        Assert.Equal(okm, Convert.ToHexStringLower(output));
    }

    [Fact]
    public void ExtractAndExpand_RandomInputs_EqualThePlatforms() => Seeded.Run(200, random =>
    {
        byte[] salt = random.Bytes(random.Next(100)), ikm = random.Bytes(random.Next(200)), info = random.Bytes(random.Next(300));
        byte[] prk = new byte[32], okm = new byte[random.Next(4) == 0 ? random.Next(8161) : random.Next(100)];
        Kdf.Extract(salt, ikm, prk);
        Assert.Equal(HKDF.Extract(HashAlgorithmName.SHA256, ikm, salt), prk);
        if (okm.Length == 0) return;
        Kdf.Expand(prk, info, okm);
        Assert.Equal(HKDF.Expand(HashAlgorithmName.SHA256, prk, okm.Length, info), okm);
    });

    [Fact]
    public void Extract_NoSalt_CountsAs32ZeroBytes()
    {
        byte[] ikm = new Random(1).Bytes(40), none = new byte[32], zeroes = new byte[32];
        Kdf.Extract(default, ikm, none);
        Kdf.Extract(new byte[32], ikm, zeroes);
        Assert.Equal(zeroes, none);
    }

    [Fact]
    public void Expand_Lengths_EndAt255Blocks()
    {
        byte[] prk = new Random(2).Bytes(32), longest = new byte[8160];
        Kdf.Expand(prk, "info"u8, longest);
        Assert.Equal(HKDF.Expand(HashAlgorithmName.SHA256, prk, 8160, "info"u8.ToArray()), longest);
        Assert.Throws<ArgumentException>(() => Kdf.Expand(prk, "info"u8, new byte[8161]));
        Assert.Throws<ArgumentException>(() => Kdf.Expand(prk.AsSpan(1), "info"u8, new byte[32]));
        Assert.Throws<ArgumentException>(() => Kdf.Extract("salt"u8, "ikm"u8, new byte[31]));
        byte[] whole = new byte[64];
        Kdf.Expand(prk, default, whole);
        foreach (int length in Enumerable.Range(1, 63))
        {
            byte[] part = new byte[length];
            Kdf.Expand(prk, default, part);
            Assert.Equal(whole[..length], part);
        }
    }

    [Fact]
    public void Hmac_KeysTo200BytesAndDataTo300_EqualTheReference()
    {
        var random = new Random(3);
        byte[] mac = new byte[32];
        for (int length = 0; length <= 200; length++)
        {
            byte[] key = random.Bytes(length), data = random.Bytes(random.Next(300));
            Kdf.Hmac(key, data, mac);
            Assert.Equal(MacReference.Hmac(key, data), mac);
        }

        Assert.Throws<ArgumentException>(() => Kdf.Hmac("key"u8, "data"u8, new byte[16]));
    }

    [Fact]
    public void Hash_DataTo300Bytes_EqualsThePlatforms()
    {
        var random = new Random(4);
        byte[] digest = new byte[32];
        for (int length = 0; length <= 300; length++)
        {
            byte[] data = random.Bytes(length);
            Kdf.Hash(data, digest);
            Assert.Equal(SHA256.HashData(data), digest);
        }

        Assert.Throws<ArgumentException>(() => Kdf.Hash("data"u8, new byte[31]));
    }
}
