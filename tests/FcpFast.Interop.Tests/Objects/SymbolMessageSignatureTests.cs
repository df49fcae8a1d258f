using System;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Interop.Tests.Objects;

/// <summary>[WIRE §16.1] to [WIRE §16.3]: signatures of symbol messages with real Ed25519.</summary>
public sealed class SymbolMessageSignatureTests
{
    private static readonly ISignatures Signatures = LibsodiumGate.Open().Signatures;
    private static readonly byte[] Seed = [.. Enumerable.Range(0, 32).Select(static i => (byte)(i + 1))];
    private static readonly byte[] PublicKey = DerivePublicKey(Seed);
    private static readonly byte[] OtherKey = DerivePublicKey(new byte[32]);

    private delegate FcpStatus ParseAndVerify(byte[] payload, byte[] publicKey);

    [Fact]
    public void Verify_WhatWasSigned_Accepted()
    {
        foreach ((byte[] payload, ParseAndVerify verify) in Messages())
        {
            Assert.Equal(FcpStatus.Accepted, verify(payload, PublicKey));
            Assert.Equal(FcpStatus.SignatureInvalid, verify(payload, OtherKey));
            Assert.Equal(FcpStatus.SignatureInvalid, verify(payload, new byte[32])); // of small order
        }
    }

    [Fact]
    public void Verify_EveryBitFlip_OnlyTheHeaderIsUnsigned()
    {
        foreach ((byte[] payload, ParseAndVerify verify) in Messages())
        {
            int headerStart = payload.AsSpan().IndexOf("header"u8), headerEnd = payload.AsSpan().IndexOf("foreign_refs"u8) + 13;
            for (int bit = 0; bit < 8 * payload.Length; bit++)
            {
                byte[] changed = (byte[])payload.Clone();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                FcpStatus status = verify(changed, PublicKey);
                bool isHeader = bit / 8 >= headerStart && bit / 8 < headerEnd;
                Assert.True(status != FcpStatus.Undecided && (isHeader || status != FcpStatus.Accepted), $"bit {bit}: {status}");
            }
        }
    }

    [Fact]
    public void Verify_HintTooLarge_RefusedBeforeAnyWork()
    {
        var request = new SymbolRequest
        {
            Address = Address(), MaxSymbols = 1, MissingHint = new MissingHint(new uint[101]), Signature = new byte[64],
        };
        var scratch = new CborWriter();
        Assert.Equal(FcpStatus.HintTooLarge, request.Verify(Signatures, PublicKey, scratch));
        Assert.True(scratch.Written.IsEmpty);
        Assert.Equal(FcpStatus.HintTooLarge, new DecodeStatus { MissingHint = request.MissingHint }.Verify(Signatures, PublicKey, scratch));
    }

    [Fact]
    public void Verify_MissingSignature_Refused() => Assert.Equal(
        FcpStatus.SignatureInvalid, new SymbolAck { Reason = SymbolAckReason.Complete }.Verify(Signatures, PublicKey, new CborWriter()));

    [Fact]
    public void Verify_Warm_AllocatesNothing()
    {
        var scratch = new CborWriter(2048);
        byte[] payload = Messages()[0].Payload;
        Allocations.RequireNone(30, () =>
        {
            FcpStatus status = SymbolRequest.Parse(payload, out SymbolRequest request);
            if (status == FcpStatus.Accepted) status = request.Verify(Signatures, PublicKey, scratch);
            if (status != FcpStatus.Accepted) Assert.Fail($"{status}");
        });
    }

    private static (byte[] Payload, ParseAndVerify Verify)[] Messages() =>
    [
        (WriteRequest(), static (payload, key) => SymbolRequest.Parse(payload, out SymbolRequest message) is var status and not FcpStatus.Accepted
            ? status
            : message.Verify(Signatures, key, new CborWriter())),
        (WriteStatus(), static (payload, key) => DecodeStatus.Parse(payload, out DecodeStatus message) is var status and not FcpStatus.Accepted
            ? status
            : message.Verify(Signatures, key, new CborWriter())),
        (WriteAck(), static (payload, key) => SymbolAck.Parse(payload, out SymbolAck message) is var status and not FcpStatus.Accepted
            ? status
            : message.Verify(Signatures, key, new CborWriter())),
    ];

    private static byte[] WriteRequest()
    {
        var message = new SymbolRequest { Address = Address(), MaxSymbols = 5, Priority = 3, MissingHint = new MissingHint([1, 2, 900]) };
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        message.Sign(Signatures, Seed, new CborWriter(), signature);
        message.Signature = signature;
        var writer = new CborWriter();
        message.Write(writer);
        return writer.ToArray();
    }

    private static byte[] WriteStatus()
    {
        var message = new DecodeStatus { Address = Address(), ReceivedUnique = 5, Needed = 9, IsComplete = false };
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        message.Sign(Signatures, Seed, new CborWriter(), signature);
        message.Signature = signature;
        var writer = new CborWriter();
        message.Write(writer);
        return writer.ToArray();
    }

    private static byte[] WriteAck()
    {
        var message = new SymbolAck { Address = Address(), Reason = SymbolAckReason.Complete, FinalSymbolCount = 64, ReconstructedObjectId = default(ObjectId) };
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        message.Sign(Signatures, Seed, new CborWriter(), signature);
        message.Signature = signature;
        var writer = new CborWriter();
        message.Write(writer);
        return writer.ToArray();
    }

    private static ObjectAddress Address() =>
        new(new ObjectId(new Bytes32(1, 2, 3, 4)), "z:edge_1:lab"u8, new ZoneKeyId(new Bytes8(5)), new EpochId(6));

    private static byte[] DerivePublicKey(byte[] seed)
    {
        byte[] key = new byte[CryptoSizes.KeyBytes];
        Signatures.DerivePublicKey(seed, key);
        return key;
    }
}
