using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §7.4]: a cookie is good for one Hello under one key.</summary>
public sealed class CookieTests
{
    private static readonly byte[] Key = SHA256.HashData("cookie key"u8);
    private static readonly HmacOnly Kdf = new();

    [Fact]
    public void Compute_AHello_IsTheHmacOfItsItemsInTheOrderOfTheTranscript()
    {
        HelloMessage hello = Hello();
        byte[] cookie = new byte[32];
        Cookie.Compute(Kdf, Key, hello, new CborWriter(), cookie);
        byte[] input =
        [
            0x66, .. "node-a"u8, 0x66, .. "node-b"u8, 0x58, 32, .. hello.EphemeralKey, 0x50, .. hello.Nonce,
            0x1A, 0x65, 0x53, 0xF1, 0x00, 0x82, 0x02, 0x01, 0xF6,
        ];
        Assert.Equal(HMACSHA256.HashData(Key, input), cookie);
    }

    [Fact]
    public void Check_TheRetriedHello_IsAcceptedWhateverItsSignature()
    {
        HelloMessage hello = WithCookie();
        Assert.Equal(FcpStatus.Accepted, Cookie.Check(Kdf, Key, hello, new CborWriter()));
        hello.Signature = new byte[64];
        Assert.Equal(FcpStatus.Accepted, Cookie.Check(Kdf, Key, hello, new CborWriter()));
    }

    [Theory]
    [InlineData("from")]
    [InlineData("to")]
    [InlineData("ephemeral")]
    [InlineData("nonce")]
    [InlineData("timestamp")]
    [InlineData("suites")]
    [InlineData("limits")]
    [InlineData("cookie")]
    [InlineData("no cookie")]
    public void Check_OneFieldChanged_IsRefused(string field)
    {
        HelloMessage hello = WithCookie();
        switch (field)
        {
            case "from": hello.From = "node-x"u8; break;
            case "to": hello.To = "node-x"u8; break;
            case "ephemeral": hello.EphemeralKey = new byte[32]; break;
            case "nonce": hello.Nonce = new byte[16]; break;
            case "timestamp": hello.TimestampUnixSeconds++; break;
            case "suites": hello.Suites = new SuiteList([MacSuite.HmacSha256, MacSuite.Blake3]); break;
            case "limits": hello.TransportLimits = 1200; break;
            case "cookie": hello.Cookie = new byte[32]; break;
            default: hello.Cookie = default; break;
        }

        Assert.Equal(FcpStatus.InvalidCookie, Cookie.Check(Kdf, Key, hello, new CborWriter()));
    }

    [Fact]
    public void Check_UnderAnotherKey_IsRefused()
    {
        HelloMessage hello = WithCookie();
        Assert.Equal(FcpStatus.InvalidCookie, Cookie.Check(Kdf, new byte[32], hello, new CborWriter()));
    }

    [Theory]
    [InlineData(0, FcpStatus.InvalidCookieLength)]
    [InlineData(31, FcpStatus.InvalidCookieLength)]
    [InlineData(32, FcpStatus.Accepted)]
    [InlineData(33, FcpStatus.InvalidCookieLength)]
    public void CheckLength_OnlyThirtyTwoBytes_AreACookie(int bytes, FcpStatus expected) =>
        Assert.Equal(expected, Cookie.CheckLength(new byte[bytes]));

    private static HelloMessage WithCookie()
    {
        HelloMessage hello = Hello();
        byte[] cookie = new byte[32];
        Cookie.Compute(Kdf, Key, hello, new CborWriter(), cookie);
        hello.Cookie = cookie;
        return hello;
    }

    private static HelloMessage Hello() => new()
    {
        From = "node-a"u8,
        To = "node-b"u8,
        EphemeralKey = SHA256.HashData("ephemeral"u8),
        Nonce = Sixteen("nonce"),
        TimestampUnixSeconds = 0x6553F100,
        Suites = new SuiteList([MacSuite.Blake3, MacSuite.HmacSha256]),
    };

    private static byte[] Sixteen(string text) => SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(text))[..16];

    /// <summary>The platform's HMAC; nothing else is asked of it.</summary>
    private sealed class HmacOnly : IKdf
    {
        public void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> pseudoRandomKey) => throw new NotSupportedException();

        public void Expand(ReadOnlySpan<byte> pseudoRandomKey, ReadOnlySpan<byte> info, Span<byte> output) => throw new NotSupportedException();

        public void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac) => HMACSHA256.HashData(key, data, mac);

        public void Hash(ReadOnlySpan<byte> data, Span<byte> digest) => throw new NotSupportedException();
    }
}
