using System;
using System.Text;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using Sodium;

namespace FcpFast.Interop.Tests.Libsodium;

/// <summary>[RFC 9106 §3]: Argon2id through the seam.</summary>
public sealed class SodiumPasswordKdfTests
{
    private static readonly PasswordCost Cheap = new(3, 64);
    private static readonly byte[] Salt = Encoding.ASCII.GetBytes("sixteen of salt.");
    private readonly IPasswordKdf _kdf = LibsodiumGate.Open().Passwords;

    [Fact]
    public void Derive_TheStandardsOwnNotation_NamesTheSameKey()
    {
        byte[] key = Derive("a passphrase", Salt, Cheap);
        string notation = $"$argon2id$v=19$m=64,t=3,p=1${Base64(Salt)}${Base64(key)}\0";
        Assert.True(PasswordHash.ArgonHashStringVerify(Encoding.ASCII.GetBytes(notation.PadRight(128, '\0')), Encoding.ASCII.GetBytes("a passphrase")));
        Assert.False(PasswordHash.ArgonHashStringVerify(Encoding.ASCII.GetBytes(notation.PadRight(128, '\0')), Encoding.ASCII.GetBytes("b passphrase")));
    }

    [Fact]
    public void Derive_EachInput_Counts()
    {
        byte[] key = Derive("a passphrase", Salt, Cheap), otherSalt = (byte[])Salt.Clone();
        otherSalt[15] ^= 1;
        Assert.Equal(key, Derive("a passphrase", Salt, Cheap));
        Assert.NotEqual(key, Derive("a passphrasf", Salt, Cheap));
        Assert.NotEqual(key, Derive("", Salt, Cheap));
        Assert.NotEqual(key, Derive("a passphrase", otherSalt, Cheap));
        Assert.NotEqual(key, Derive("a passphrase", Salt, Cheap with { Passes = 4 }));
        Assert.NotEqual(key, Derive("a passphrase", Salt, Cheap with { MemoryKibibytes = 72 }));
    }

    [Theory]
    [InlineData(2u, 64u)]
    [InlineData(65u, 64u)]
    [InlineData(3u, 7u)]
    [InlineData(3u, (1024u * 1024) + 1)]
    public void Derive_ACostThatNoFileMayAskFor_Throws(uint passes, uint kibibytes)
    {
        Assert.False(new PasswordCost(passes, kibibytes).IsWithinBounds);
        Assert.Throws<ArgumentException>(() => Derive("a", Salt, new PasswordCost(passes, kibibytes)));
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private byte[] Derive(string passphrase, byte[] salt, PasswordCost cost)
    {
        byte[] key = new byte[32];
        _kdf.Derive(Encoding.UTF8.GetBytes(passphrase), salt, cost, key);
        return key;
    }
}
