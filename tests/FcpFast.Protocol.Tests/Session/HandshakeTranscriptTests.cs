using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §7.3], [WIRE §7.5]: every field is under the signature, and an Ack answers one Hello only.</summary>
public sealed class HandshakeTranscriptTests
{
    private static readonly byte[] Seed = [.. Fill(0x11, 32)];
    private static readonly FakeSignatures Signatures = new();

    [Fact]
    public void VerifyHello_AsSigned_IsAccepted()
    {
        HelloMessage hello = Hello();
        Assert.Equal(FcpStatus.Accepted, HandshakeTranscript.VerifyHello(Signatures, Signer, hello, new CborWriter()));
    }

    [Theory]
    [InlineData("from")]
    [InlineData("to")]
    [InlineData("ephemeral")]
    [InlineData("nonce")]
    [InlineData("cookie")]
    [InlineData("no cookie")]
    [InlineData("timestamp")]
    [InlineData("suites")]
    [InlineData("limits")]
    [InlineData("no limits")]
    [InlineData("signature")]
    public void VerifyHello_OneFieldChanged_IsRefused(string field)
    {
        HelloMessage hello = Hello();
        switch (field)
        {
            case "from": hello.From = "node-x"u8; break;
            case "to": hello.To = "node-x"u8; break;
            case "ephemeral": hello.EphemeralKey = Fill(9, 32); break;
            case "nonce": hello.Nonce = Fill(9, 16); break;
            case "cookie": hello.Cookie = Fill(9, 32); break;
            case "no cookie": hello.Cookie = default; break;
            case "timestamp": hello.TimestampUnixSeconds++; break;
            case "suites": hello.Suites = new SuiteList([MacSuite.HmacSha256, MacSuite.Blake3]); break;
            case "limits": hello.TransportLimits = 1201; break;
            case "no limits": hello.TransportLimits = null; break;
            default: hello.Signature = Fill(9, 64); break;
        }

        Assert.Equal(FcpStatus.InvalidSignature, HandshakeTranscript.VerifyHello(Signatures, Signer, hello, new CborWriter()));
    }

    [Fact]
    public void VerifyHello_OfAnotherSigner_IsRefused()
    {
        HelloMessage hello = Hello();
        Assert.Equal(FcpStatus.InvalidSignature, HandshakeTranscript.VerifyHello(Signatures, default, hello, new CborWriter()));
    }

    [Fact]
    public void VerifyHelloAndAck_Unsigned_NameTheMissingSignature()
    {
        HelloMessage hello = Hello();
        AckMessage ack = Ack(hello);
        hello.Signature = default;
        ack.Signature = default;
        Assert.Equal(FcpStatus.MissingSignature, HandshakeTranscript.VerifyHello(Signatures, Signer, hello, new CborWriter()));
        Assert.Equal(FcpStatus.MissingSignature, HandshakeTranscript.VerifyAck(Signatures, Signer, ack, hello, new CborWriter()));
    }

    [Theory]
    [InlineData("none", FcpStatus.Accepted)]
    [InlineData("from", FcpStatus.InvalidSignature)]
    [InlineData("to", FcpStatus.InvalidSignature)]
    [InlineData("ephemeral", FcpStatus.InvalidSignature)]
    [InlineData("nonce", FcpStatus.InvalidSignature)]
    [InlineData("session", FcpStatus.InvalidSignature)]
    [InlineData("suite", FcpStatus.InvalidSignature)]
    [InlineData("timestamp", FcpStatus.InvalidSignature)]
    [InlineData("hello ephemeral", FcpStatus.InvalidSignature)]
    [InlineData("hello nonce", FcpStatus.InvalidSignature)]
    [InlineData("hello timestamp", FcpStatus.Accepted)]
    public void VerifyAck_OneFieldChanged_IsRefusedIfCovered(string field, FcpStatus expected)
    {
        HelloMessage hello = Hello();
        AckMessage ack = Ack(hello);
        switch (field)
        {
            case "from": ack.From = "node-x"u8; break;
            case "to": ack.To = "node-x"u8; break;
            case "ephemeral": ack.EphemeralKey = Fill(9, 32); break;
            case "nonce": ack.Nonce = Fill(9, 16); break;
            case "session": ack.SessionId = new SessionId(new Bytes16(1, 2)); break;
            case "suite": ack.Suite = MacSuite.HmacSha256; break;
            case "timestamp": ack.TimestampUnixSeconds++; break;
            case "hello ephemeral": hello.EphemeralKey = Fill(9, 32); break;
            case "hello nonce": hello.Nonce = Fill(9, 16); break;
            case "hello timestamp": hello.TimestampUnixSeconds++; break;
            default: break;
        }

        Assert.Equal(expected, HandshakeTranscript.VerifyAck(Signatures, Signer, ack, hello, new CborWriter()));
    }

    [Theory]
    [InlineData("node-b", "node-a", FcpStatus.Accepted)]
    [InlineData("node-a", "node-b", FcpStatus.AckPeerMismatch)]
    [InlineData("node-b", "node-x", FcpStatus.AckPeerMismatch)]
    [InlineData("node-x", "node-a", FcpStatus.AckPeerMismatch)]
    [InlineData("node-b", "node-", FcpStatus.AckPeerMismatch)]
    public void CheckAckPeers_IdsOfTheAck_MustMirrorTheHello(string from, string to, FcpStatus expected)
    {
        HelloMessage hello = Hello();
        var ack = new AckMessage { From = System.Text.Encoding.ASCII.GetBytes(from), To = System.Text.Encoding.ASCII.GetBytes(to) };
        Assert.Equal(expected, HandshakeTranscript.CheckAckPeers(ack, hello));
    }

    [Theory]
    [InlineData(MacSuite.Blake3, MacSuite.Blake3, MacSuite.Unset, FcpStatus.Accepted)]
    [InlineData(MacSuite.Blake3, MacSuite.Blake3, MacSuite.Blake3, FcpStatus.Accepted)]
    [InlineData(MacSuite.HmacSha256, MacSuite.HmacSha256, MacSuite.HmacSha256, FcpStatus.Accepted)]
    [InlineData(MacSuite.HmacSha256, MacSuite.HmacSha256, MacSuite.Blake3, FcpStatus.SuiteBelowFloor)]
    [InlineData(MacSuite.Blake3, MacSuite.HmacSha256, MacSuite.Unset, FcpStatus.SuiteNotOffered)]
    [InlineData(MacSuite.Blake3, MacSuite.HmacSha256, MacSuite.Blake3, FcpStatus.SuiteNotOffered)]
    [InlineData(MacSuite.Blake3, MacSuite.Unset, MacSuite.Unset, FcpStatus.SuiteNotOffered)]
    public void CheckAckSuite_OfferChoiceAndFloor_AreJudgedInThisOrder(MacSuite offered, MacSuite chosen, MacSuite floor, FcpStatus expected)
    {
        var hello = new HelloMessage { Suites = new SuiteList([offered]) };
        var ack = new AckMessage { Suite = chosen };
        Assert.Equal(expected, HandshakeTranscript.CheckAckSuite(ack, hello, floor));
    }

    private static PublicKey Signer
    {
        get
        {
            byte[] key = new byte[32];
            Signatures.DerivePublicKey(Seed, key);
            return PublicKey.Read(key);
        }
    }

    private static HelloMessage Hello()
    {
        var hello = new HelloMessage
        {
            From = "node-a"u8,
            To = "node-b"u8,
            EphemeralKey = Fill(1, 32),
            Nonce = Fill(2, 16),
            Cookie = Fill(3, 32),
            TimestampUnixSeconds = 1_700_000_000,
            Suites = new SuiteList([MacSuite.Blake3, MacSuite.HmacSha256]),
            TransportLimits = 1200,
        };
        byte[] signature = new byte[64];
        HandshakeTranscript.SignHello(Signatures, Seed, hello, new CborWriter(), signature);
        hello.Signature = signature;
        return hello;
    }

    private static AckMessage Ack(in HelloMessage hello)
    {
        var ack = new AckMessage
        {
            From = "node-b"u8,
            To = "node-a"u8,
            EphemeralKey = Fill(4, 32),
            Nonce = Fill(5, 16),
            SessionId = new SessionId(new Bytes16(6, 7)),
            Suite = MacSuite.Blake3,
            TimestampUnixSeconds = 1_700_000_001,
        };
        byte[] signature = new byte[64];
        HandshakeTranscript.SignAck(Signatures, Seed, ack, hello.EphemeralKey, hello.Nonce, new CborWriter(), signature);
        ack.Signature = signature;
        return ack;
    }

    private static byte[] Fill(byte value, int count)
    {
        byte[] bytes = new byte[count];
        Array.Fill(bytes, value);
        return bytes;
    }

    /// <summary>A signature anyone can make, but which depends on every byte signed: enough to see what is covered.</summary>
    private sealed class FakeSignatures : ISignatures
    {
        public void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) => SHA256.HashData(seed, publicKey);

        public void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
        {
            Span<byte> key = stackalloc byte[32];
            DerivePublicKey(seed, key);
            SHA512.HashData([.. key, .. message], signature);
        }

        public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
            SHA512.HashData([.. publicKey, .. message]).AsSpan().SequenceEqual(signature);
    }
}
