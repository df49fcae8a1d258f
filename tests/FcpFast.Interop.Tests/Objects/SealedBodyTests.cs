using System;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;

namespace FcpFast.Interop.Tests.Objects;

/// <summary>[WIRE §16.8]: zone-sealed bodies with real cryptography.</summary>
public sealed class SealedBodyTests
{
    private static readonly CryptoProvider Crypto = LibsodiumGate.Open();
    private static readonly byte[] ZoneKey = [.. Enumerable.Range(0, 32).Select(static i => (byte)(i * 7))];
    private static readonly ZoneKeyId KeyId = new(new Bytes8(0x1122334455667788));
    private static readonly ZoneId Zone = ParseZone("z:work");
    private static readonly NodeId Source = ParseNode("node-alpha");
    private static readonly SenderInstanceId Instance = new(0xFEDCBA9876543210);
    private static readonly byte[] ControlKey = Derive(Source, Instance);

    [Theory]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    [InlineData(AeadAlgorithm.XChaCha20Poly1305)]
    public void Open_WhatWasSealed_GivesThePayload(AeadAlgorithm algorithm)
    {
        var random = new Random(5);
        foreach (int length in new[] { 0, 1, 7, 16, 23, 64, 255, 256, 1_000, 65_535, 65_536, 1_000_000 })
        {
            byte[] payload = new byte[length];
            random.NextBytes(payload);
            byte[] sealedPayload = Seal(algorithm, payload, 1 + (ulong)length);
            Assert.Equal(FcpStatus.Accepted, Open(sealedPayload, algorithm, out byte[] plaintext));
            Assert.Equal(payload, plaintext);
        }
    }

    [Fact]
    public void Seal_LongestPayload_FitsTheLimitAndOpens()
    {
        byte[] payload = new byte[SealedBody.PlaintextBytesMax];
        byte[] sealedPayload = Seal(AeadAlgorithm.ChaCha20Poly1305, payload, ulong.MaxValue);
        Assert.True(sealedPayload.Length <= CborLimits.ControlPayloadBytesMax);
        Assert.Equal(FcpStatus.Accepted, Open(sealedPayload, AeadAlgorithm.ChaCha20Poly1305, out byte[] plaintext));
        Assert.Equal(payload, plaintext);
        Assert.Throws<ArgumentException>(static () => Seal(AeadAlgorithm.ChaCha20Poly1305, new byte[SealedBody.PlaintextBytesMax + 1], 1));
    }

    [Fact]
    public void Seal_LongestNames_FitTheAssociatedData()
    {
        var origin = new BodyOrigin(
            ParseZone("z:" + new string('a', 62)), new EpochId(ulong.MaxValue), ParseNode(new string('~', 128)), new SenderInstanceId(ulong.MaxValue),
            new FrameSeq(ulong.MaxValue));
        var writer = new CborWriter(1);
        var key = new BodyKey(KeyId, AeadAlgorithm.XChaCha20Poly1305, Derive(origin.Source, origin.Instance));
        SealedBody.Seal(writer, Crypto.Aead, key, origin, new byte[70_000]);
        Assert.Equal(FcpStatus.Accepted, SealedBody.Parse(writer.Written, out SealedBody body));
        byte[] plaintext = new byte[body.PlaintextBytes];
        Assert.Equal(FcpStatus.Accepted, body.Open(Crypto.Aead, origin.Zone, key, plaintext));
        Assert.Equal(new byte[70_000], plaintext);
    }

    [Theory]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    [InlineData(AeadAlgorithm.XChaCha20Poly1305)]
    public void Open_EveryBitFlip_Refused(AeadAlgorithm algorithm)
    {
        byte[] sealedPayload = Seal(algorithm, [.. Enumerable.Range(0, 50).Select(static i => (byte)i)], 77);
        for (int bit = 0; bit < 8 * sealedPayload.Length; bit++)
        {
            byte[] changed = (byte[])sealedPayload.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            FcpStatus status = Open(changed, algorithm, out byte[] plaintext);
            Assert.True(status is not (FcpStatus.Accepted or FcpStatus.Undecided), $"bit {bit}: {status}");
            Assert.True(plaintext.AsSpan().IndexOfAnyExcept((byte)0) < 0, $"bit {bit}: plaintext is left");
        }
    }

    [Fact]
    public void Open_EveryCut_Refused()
    {
        byte[] sealedPayload = Seal(AeadAlgorithm.ChaCha20Poly1305, new byte[50], 77);
        for (int length = 0; length < sealedPayload.Length; length++)
        {
            FcpStatus status = Open(sealedPayload[..length], AeadAlgorithm.ChaCha20Poly1305, out _);
            Assert.True(status is not (FcpStatus.Accepted or FcpStatus.Undecided), $"{length} bytes: {status}");
        }
    }

    [Fact]
    public void Open_Faults_AreFoundInTheOrderOfTheText()
    {
        byte[] sealedPayload = Seal(AeadAlgorithm.ChaCha20Poly1305, [1, 2, 3], 1);
        sealedPayload[^1] ^= 1; // of the instance, which is the last field
        Assert.Equal(FcpStatus.Accepted, SealedBody.Parse(sealedPayload, out SealedBody body));
        byte[] plaintext = [9, 9, 9];
        var right = new BodyKey(KeyId, AeadAlgorithm.ChaCha20Poly1305, ControlKey);
        var other = new BodyKey(new ZoneKeyId(default), AeadAlgorithm.ChaCha20Poly1305, ControlKey);
        Assert.Equal(FcpStatus.ZoneIdMismatch, body.Open(Crypto.Aead, ParseZone("z:owner"), other, plaintext));
        Assert.Equal(FcpStatus.ZoneIdMismatch, body.Open(Crypto.Aead, default, other, plaintext));
        Assert.Equal(FcpStatus.ZoneKeyIdMismatch, body.Open(Crypto.Aead, Zone, other, plaintext));
        Assert.Equal(new byte[] { 9, 9, 9 }, plaintext);
        Assert.Equal(FcpStatus.DecryptFailed, body.Open(Crypto.Aead, Zone, right, plaintext));
        Assert.Equal(new byte[3], plaintext);
    }

    [Fact]
    public void Open_OtherKeyOrAlgorithm_Refused()
    {
        byte[] sealedPayload = Seal(AeadAlgorithm.ChaCha20Poly1305, [1, 2, 3], 1);
        Assert.Equal(FcpStatus.DecryptFailed, Open(sealedPayload, AeadAlgorithm.XChaCha20Poly1305, out _));
        Assert.Equal(FcpStatus.Accepted, SealedBody.Parse(sealedPayload, out SealedBody body));
        byte[] plaintext = new byte[3];
        foreach (byte[] key in new[] { Derive(ParseNode("node-beta"), Instance), Derive(Source, new SenderInstanceId(1)), ZoneKey })
        {
            Assert.Equal(FcpStatus.DecryptFailed, body.Open(Crypto.Aead, Zone, new BodyKey(KeyId, AeadAlgorithm.ChaCha20Poly1305, key), plaintext));
        }
    }

    [Fact]
    public void Open_SealShorterThanATag_Refused()
    {
        byte[] sealedPayload = Seal(AeadAlgorithm.ChaCha20Poly1305, [], 1);
        int at = sealedPayload.AsSpan().IndexOf("sealed"u8) + 6;
        Assert.Equal(0x50, sealedPayload[at]); // 16 bytes follow
        byte[] shorter = [.. sealedPayload[..at], 0x4F, .. sealedPayload[(at + 2)..]];
        Assert.Equal(FcpStatus.DecryptFailed, Open(shorter, AeadAlgorithm.ChaCha20Poly1305, out _));
        byte[] none = [.. sealedPayload[..at], 0x40, .. sealedPayload[(at + 17)..]];
        Assert.Equal(FcpStatus.DecryptFailed, Open(none, AeadAlgorithm.ChaCha20Poly1305, out _));
    }

    [Fact]
    public void Seal_OriginIncomplete_IsTheCallersFault()
    {
        var writer = new CborWriter();
        Assert.Throws<ArgumentException>(() => SealTo(writer, new BodyOrigin(default, default, Source, Instance, new FrameSeq(1))));
        Assert.Throws<ArgumentException>(() => SealTo(writer, new BodyOrigin(Zone, default, default, Instance, new FrameSeq(1))));
        Assert.Throws<InvalidOperationException>(() => SealTo(writer, new BodyOrigin(Zone, default, Source, Instance, new FrameSeq(0))));
        Assert.Throws<ArgumentException>(static () => new BodyKey(KeyId, AeadAlgorithm.Unset, ControlKey));
        Assert.Throws<ArgumentException>(static () => new BodyKey(KeyId, AeadAlgorithm.ChaCha20Poly1305, new byte[31]));
    }

    [Fact]
    public void Open_PlaintextOfAnotherLength_IsTheCallersFault()
    {
        byte[] sealedPayload = Seal(AeadAlgorithm.ChaCha20Poly1305, [1, 2, 3], 1);
        Assert.Throws<ArgumentException>(() =>
        {
            SealedBody.Parse(sealedPayload, out SealedBody body);
            body.Open(Crypto.Aead, Zone, new BodyKey(KeyId, AeadAlgorithm.ChaCha20Poly1305, ControlKey), new byte[4]);
        });
    }

    [Fact]
    public void SealAndOpen_Warm_AllocateNothing()
    {
        var writer = new CborWriter(4096);
        byte[] payload = new byte[1_000], plaintext = new byte[1_000];
        var origin = new BodyOrigin(Zone, new EpochId(3), Source, Instance, new FrameSeq(9));
        Allocations.RequireNone(100, () =>
        {
            var key = new BodyKey(KeyId, AeadAlgorithm.ChaCha20Poly1305, ControlKey);
            SealedBody.Seal(writer.Reset(), Crypto.Aead, key, origin, payload);
            FcpStatus status = SealedBody.Parse(writer.Written, out SealedBody body);
            if (status == FcpStatus.Accepted) status = body.Open(Crypto.Aead, Zone, key, plaintext);
            if (status != FcpStatus.Accepted) Assert.Fail($"{status}");
        });
    }

    private static void SealTo(CborWriter writer, BodyOrigin origin) =>
        SealedBody.Seal(writer, Crypto.Aead, new BodyKey(KeyId, AeadAlgorithm.ChaCha20Poly1305, ControlKey), origin, []);

    private static byte[] Seal(AeadAlgorithm algorithm, byte[] payload, ulong seq)
    {
        var writer = new CborWriter();
        var origin = new BodyOrigin(Zone, new EpochId(5_709_123), Source, Instance, new FrameSeq(seq));
        SealedBody.Seal(writer, Crypto.Aead, new BodyKey(KeyId, algorithm, ControlKey), origin, payload);
        return writer.ToArray();
    }

    /// <summary>As a node opens: the subkey follows from what the body claims.</summary>
    private static FcpStatus Open(byte[] sealedPayload, AeadAlgorithm algorithm, out byte[] plaintext)
    {
        plaintext = [];
        FcpStatus status = SealedBody.Parse(sealedPayload, out SealedBody body);
        if (status != FcpStatus.Accepted) return status;
        status = NodeId.Parse(body.Source, out NodeId source);
        if (status != FcpStatus.Accepted) return status;
        plaintext = new byte[body.PlaintextBytes];
        return body.Open(Crypto.Aead, Zone, new BodyKey(KeyId, algorithm, Derive(source, body.Instance)), plaintext);
    }

    private static byte[] Derive(NodeId source, SenderInstanceId instance)
    {
        byte[] key = new byte[CryptoSizes.KeyBytes];
        SymbolCipher.DeriveControlKey(Crypto.Kdf, KeyId, ZoneKey, source, instance, key);
        return key;
    }

    private static ZoneId ParseZone(string text)
    {
        Assert.Equal(FcpStatus.Accepted, ZoneId.Parse(text, out ZoneId zone));
        return zone;
    }

    private static NodeId ParseNode(string text)
    {
        Assert.Equal(FcpStatus.Accepted, NodeId.Parse(text, out NodeId node));
        return node;
    }
}
