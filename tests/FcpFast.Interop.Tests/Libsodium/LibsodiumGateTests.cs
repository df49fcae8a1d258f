using System;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Libsodium;

/// <summary>The start-up gate says what was expected, what was found, and the remedy; and the parts that have no contract of their own.</summary>
public sealed class LibsodiumGateTests
{
    [Fact]
    public void Open_TheLibraryOfThePackage_BindsEverySeam()
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        Assert.IsType<LibsodiumAead>(crypto.Aead);
        Assert.NotNull(crypto.Vault);
        Assert.NotSame(crypto.Vault, LibsodiumGate.Open().Vault);
    }

    [Theory]
    [InlineData("1.0.19")]
    [InlineData("1.0.22")]
    [InlineData("1.1.0")]
    public void RequireVersion_FromTheOldestOn_Passes(string version) => LibsodiumGate.RequireVersion(version);

    [Theory]
    [InlineData("1.0.18")]
    [InlineData("0.9.0")]
    [InlineData("2.0.0")] // another major version may have another binary interface
    [InlineData("unknown")]
    [InlineData("")]
    public void RequireVersion_Others_SaysExpectedFoundAndRemedy(string version)
    {
        string message = Assert.Throws<PlatformNotSupportedException>(() => LibsodiumGate.RequireVersion(version)).Message;
        Assert.Contains("Expected: version 1.0.19 or later.", message);
        Assert.Contains($"Found: {version}.", message);
        Assert.Contains("Remedy: ", message);
    }

    [Fact]
    public void RequireConstants_OneDiffers_NamesItWithBothFigures()
    {
        LibsodiumGate.RequireConstants([("crypto_tag_bytes", 16, 16)]);
        string message = Assert.Throws<PlatformNotSupportedException>(static () =>
            LibsodiumGate.RequireConstants([("crypto_tag_bytes", 16, 16), ("crypto_nonce_bytes", 12, 8)])).Message;
        Assert.Contains("Expected: crypto_nonce_bytes = 12.", message);
        Assert.Contains("Found: 8.", message);
        Assert.Contains("Remedy: ", message);
    }

    [Fact]
    public void Load_NoOrAForeignLibrary_SaysWhereItComesFromAndKeepsTheCause()
    {
        foreach (Exception cause in new Exception[]
            {
                new DllNotFoundException("libsodium"), new BadImageFormatException("32 bits"), new EntryPointNotFoundException("sodium_init"),
                new TypeInitializationException("Sodium.SodiumCore", null),
            })
        {
            PlatformNotSupportedException refusal = Assert.Throws<PlatformNotSupportedException>(() => LibsodiumGate.Load(() => throw cause));
            Assert.Contains("Expected: the library that the NuGet package 'libsodium' brings", refusal.Message);
            Assert.Contains("Remedy: ", refusal.Message);
            Assert.Same(cause, refusal.InnerException);
        }

        Assert.Throws<InvalidTimeZoneException>(static () => LibsodiumGate.Load(static () => throw new InvalidTimeZoneException())); // a defect is no platform
        Assert.Equal("unknown", LibsodiumGate.Load(static () => null));
    }

    [Fact]
    public void ChaCha20_LengthsTo300_IsTheKeyStreamFromBlockZero()
    {
        _ = Bound.Crypto;
        byte[] key = new Random(1).Bytes(32), expected = ChaChaPolyReference.KeyStream(key, new byte[12], 0, 300);
        for (int length = 0; length <= 300; length++)
        {
            byte[] stream = new byte[length];
            LibsodiumStream.ChaCha20(key, stream);
            Assert.Equal(expected[..length], stream);
        }

        Assert.Throws<ArgumentException>(() => LibsodiumStream.ChaCha20(key.AsSpan(1), new byte[10]));
    }

    [Fact]
    public void Fill_ManyDraws_NeverRepeatsAndReachesEveryByte()
    {
        var seen = new System.Collections.Generic.HashSet<string>();
        byte[] ored = new byte[33];
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = new byte[33];
            Bound.Crypto.Random.Fill(bytes);
            Assert.True(seen.Add(Convert.ToHexString(bytes)));
            for (int at = 0; at < bytes.Length; at++) ored[at] |= bytes[at];
        }

        Assert.All(ored, static b => Assert.Equal(0xff, b)); // 2^-200 a bit
        Bound.Crypto.Random.Fill(default);
    }
}
