using System;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.1] to [WIRE §16.3]: reading and writing; signatures are tested with real cryptography elsewhere.</summary>
public sealed class SymbolMessageTests
{
    private static readonly byte[] Signature = [.. Enumerable.Range(1, 64).Select(static i => (byte)i)];
    private static readonly byte[] Request = WriteRequest([3, 70_000, 16_777_215]);
    private static readonly byte[] Status = WriteStatus();
    private static readonly byte[] Ack = WriteAck(SymbolAckReason.DecodeFailed, new ObjectId(new Bytes32(1, 2, 3, 4)));

    [Fact]
    public void SymbolRequest_WhatWasWritten_ReadsTheSame()
    {
        Assert.Equal(FcpStatus.Accepted, SymbolRequest.Parse(Request, out SymbolRequest request));
        CheckAddress(request.Address);
        Assert.Equal(99ul, request.CreatedAtUnixSeconds);
        Assert.Equal(42u, request.MaxSymbols);
        Assert.Equal(200, request.Priority);
        Assert.Equal([3u, 70_000u, 16_777_215u], ReadAll(request.MissingHint));
        Assert.True(request.Signature.SequenceEqual(Signature));
        var writer = new CborWriter();
        request.Write(writer);
        Assert.Equal(Request, writer.ToArray());
    }

    [Fact]
    public void SymbolRequest_HintAbsentOrEmpty_AreTwoEncodings()
    {
        byte[] absent = WriteRequest(null), empty = WriteRequest([]);
        Assert.NotEqual(absent, empty);
        Assert.Equal(FcpStatus.Accepted, SymbolRequest.Parse(absent, out SymbolRequest request));
        Assert.False(request.MissingHint.IsPresent);
        Assert.Equal(FcpStatus.Accepted, SymbolRequest.Parse(empty, out request));
        Assert.True(request.MissingHint.IsPresent);
        Assert.Equal(0, request.MissingHint.Count);
    }

    [Fact]
    public void DecodeStatus_WhatWasWritten_ReadsTheSame()
    {
        Assert.Equal(FcpStatus.Accepted, DecodeStatus.Parse(Status, out DecodeStatus status));
        CheckAddress(status.Address);
        Assert.Equal(120u, status.ReceivedUnique);
        Assert.Equal(uint.MaxValue, status.Needed);
        Assert.True(status.IsComplete);
        Assert.Equal([5u], ReadAll(status.MissingHint));
        Assert.Equal(FcpStatus.Accepted, status.Check());
        var writer = new CborWriter();
        status.Write(writer);
        Assert.Equal(Status, writer.ToArray());
    }

    [Theory]
    [InlineData(SymbolAckReason.Complete)]
    [InlineData(SymbolAckReason.Canceled)]
    [InlineData(SymbolAckReason.ResourceExhausted)]
    [InlineData(SymbolAckReason.DecodeFailed)]
    public void SymbolAck_WhatWasWritten_ReadsTheSame(SymbolAckReason reason)
    {
        foreach (ObjectId? reconstructed in new ObjectId?[] { null, new ObjectId(new Bytes32(1, 2, 3, 4)) })
        {
            byte[] payload = WriteAck(reason, reconstructed);
            Assert.Equal(FcpStatus.Accepted, SymbolAck.Parse(payload, out SymbolAck ack));
            CheckAddress(ack.Address);
            Assert.Equal(reason, ack.Reason);
            Assert.Equal(7u, ack.FinalSymbolCount);
            Assert.Equal(reconstructed, ack.ReconstructedObjectId);
            var writer = new CborWriter();
            ack.Write(writer);
            Assert.Equal(payload, writer.ToArray());
        }
    }

    [Fact]
    public void Parse_HostileBytes_AreDecided()
    {
        foreach ((byte[] payload, Hostile.Parser parse) in Messages())
        {
            Hostile.PayloadRulesHold(payload, parse);
            Hostile.EveryCutIsRefused(payload, parse);
            Hostile.EveryHeadIsDecided(payload, parse);
            for (int bit = 0; bit < 8 * payload.Length; bit++)
            {
                byte[] changed = (byte[])payload.Clone();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotEqual(FcpStatus.Undecided, parse(changed));
            }
        }
    }

    [Fact]
    public void Parse_ZoneOfHeaderDiffers_Refused()
    {
        foreach ((byte[] payload, Hostile.Parser parse) in Messages())
        {
            byte[] changed = (byte[])payload.Clone();
            changed[changed.AsSpan().LastIndexOf("z:work"u8) + 5] = (byte)'d';
            Assert.Equal(FcpStatus.ZoneIdMismatch, parse(changed));
        }
    }

    [Fact]
    public void Parse_SchemaOfHeaderDiffers_Refused()
    {
        foreach ((byte[] payload, Hostile.Parser parse) in Messages())
        {
            byte[] changed = (byte[])payload.Clone();
            changed[changed.AsSpan().IndexOf("1.0.0"u8)] = (byte)'2';
            Assert.Equal(FcpStatus.SchemaMismatch, parse(changed));
        }
    }

    [Fact]
    public void Parse_ZoneOutsideItsGrammar_Refused()
    {
        foreach ((byte[] payload, Hostile.Parser parse) in Messages())
        {
            byte[] changed = (byte[])payload.Clone();
            changed[changed.AsSpan().LastIndexOf("z:work"u8) + 5] = (byte)'K';
            Assert.Equal(FcpStatus.CborDeserialize, parse(changed));
        }
    }

    [Fact]
    public void SymbolAck_UnknownReason_Refused()
    {
        byte[] changed = (byte[])Ack.Clone();
        changed[changed.AsSpan().IndexOf("DecodeFailed"u8)] = (byte)'d';
        Assert.Equal(FcpStatus.CborDeserialize, SymbolAck.Parse(changed, out _));
        Assert.Equal(SymbolAckReason.Unset, SymbolAck.ReadReason(default));
    }

    [Fact]
    public void SymbolRequest_PriorityBeyondAByte_Refused()
    {
        byte[] changed = (byte[])Request.Clone();
        int at = changed.AsSpan().IndexOf("priority"u8) + 8; // 0x18 0xC8
        byte[] longer = [.. changed[..at], 0x19, 0x01, 0x00, .. changed[(at + 2)..]];
        Assert.Equal(FcpStatus.CborDeserialize, SymbolRequest.Parse(longer, out _));
    }

    [Fact]
    public void SymbolRequest_HintEntryBeyondU32_Refused()
    {
        byte[] payload = WriteRequest([uint.MaxValue]);
        Assert.Equal(FcpStatus.Accepted, SymbolRequest.Parse(payload, out SymbolRequest request));
        Assert.Equal(FcpStatus.InvalidRequest, request.MissingHint.Check());
        byte[] longer = [.. payload[..^5], 0x1B, 0, 0, 0, 1, 0, 0, 0, 0];
        Assert.Equal(FcpStatus.CborDeserialize, SymbolRequest.Parse(longer, out _));
        byte[] text = [.. payload[..^5], 0x60];
        Assert.Equal(FcpStatus.CborDeserialize, SymbolRequest.Parse(text, out _));
    }

    [Fact]
    public void Parse_Warm_AllocatesNothing()
    {
        Assert.Equal(0, Allocations.Of(static () =>
        {
            SymbolRequest.Parse(Request, out SymbolRequest request);
            _ = SymbolRequestRules.Check(request, isAuthenticated: true, needsAuthentication: true);
            DecodeStatus.Parse(Status, out DecodeStatus status);
            _ = status.Check();
            SymbolAck.Parse(Ack, out _);
        }));
    }

    [Fact]
    public void Write_WithoutSignatureReasonOrZone_IsTheCallersFault()
    {
        var writer = new CborWriter();
        Assert.Throws<InvalidOperationException>(() => new SymbolRequest { Address = Address() }.Write(writer));
        Assert.Throws<InvalidOperationException>(() => new SymbolRequest { Signature = Signature }.Write(writer));
        Assert.Throws<InvalidOperationException>(() => new SymbolAck { Address = Address(), Signature = Signature }.Write(writer));
        Assert.Throws<InvalidOperationException>(() => new SymbolAck { Address = Address() }.WriteTranscript(writer));
    }

    private static (byte[] Payload, Hostile.Parser Parse)[] Messages() =>
    [
        (Request, static payload => SymbolRequest.Parse(payload, out _)),
        (Status, static payload => DecodeStatus.Parse(payload, out _)),
        (Ack, static payload => SymbolAck.Parse(payload, out _)),
    ];

    private static void CheckAddress(ObjectAddress address)
    {
        Assert.Equal(new ObjectId(new Bytes32(9, 8, 7, 6)), address.ObjectId);
        Assert.True(address.Zone.SequenceEqual("z:work"u8));
        Assert.Equal(new ZoneKeyId(new Bytes8(0xABCDEF)), address.ZoneKeyId);
        Assert.Equal(new EpochId(ulong.MaxValue), address.Epoch);
    }

    private static uint[] ReadAll(MissingHint hint)
    {
        uint[] esis = new uint[hint.Count];
        hint.CopyTo(esis);
        return esis;
    }

    private static ObjectAddress Address() => new(
        new ObjectId(new Bytes32(9, 8, 7, 6)), "z:work"u8, new ZoneKeyId(new Bytes8(0xABCDEF)), new EpochId(ulong.MaxValue));

    private static byte[] WriteRequest(uint[]? hint)
    {
        var writer = new CborWriter();
        new SymbolRequest
        {
            CreatedAtUnixSeconds = 99,
            Address = Address(),
            MaxSymbols = 42,
            Priority = 200,
            MissingHint = hint is null ? default : new MissingHint(hint),
            Signature = Signature,
        }.Write(writer);
        return writer.ToArray();
    }

    private static byte[] WriteStatus()
    {
        var writer = new CborWriter();
        new DecodeStatus
        {
            Address = Address(),
            ReceivedUnique = 120,
            Needed = uint.MaxValue,
            IsComplete = true,
            MissingHint = new MissingHint([5]),
            Signature = Signature,
        }.Write(writer);
        return writer.ToArray();
    }

    private static byte[] WriteAck(SymbolAckReason reason, ObjectId? reconstructed)
    {
        var writer = new CborWriter();
        new SymbolAck
        {
            Address = Address(), Reason = reason, FinalSymbolCount = 7, ReconstructedObjectId = reconstructed, Signature = Signature,
        }.Write(writer);
        return writer.ToArray();
    }
}
