using System;
using System.Collections.Generic;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9]: what a receiver has, misses and can take.</summary>
public sealed class TransferStatusBodyTests
{
    private static readonly TransferId Id = new(new Bytes16(0x1111, 0x2222));

    private static readonly byte[] Sample = Write(
        [new SegmentRange(0, 3), new SegmentRange(5, 1), new SegmentRange(1000, 5)], 1ul << 33, 17, [0b101, 0x80],
        [new MissingSymbols(1, [0xFF, 0x01]), new MissingSymbols(9, [0x00])]);

    [Fact]
    public void Parse_WhatWasWritten_ReadsTheSame()
    {
        Assert.Equal(FcpStatus.Accepted, TransferStatusBody.Parse(Sample, out TransferStatusBody body));
        Assert.Equal(Id, body.TransferId);
        Assert.Equal(1ul << 33, body.CreditBytes);
        Assert.Equal(17ul, body.Segment);
        Assert.Equal([new SegmentRange(0, 3), new SegmentRange(5, 1), new SegmentRange(1000, 5)], ReadAll(body.Done));
        Assert.True(Bitmap.Contains(body.Chunks, 0));
        Assert.False(Bitmap.Contains(body.Chunks, 1));
        Assert.True(Bitmap.Contains(body.Chunks, 15));
        MissingSymbols[] missing = ReadAll(body.Missing);
        Assert.Equal([new MissingSymbols(1, [0xFF, 0x01]), new MissingSymbols(9, [0x00])], missing);
        Assert.True(missing[0].Contains(8));
        Assert.False(missing[0].Contains(9));
    }

    [Fact]
    public void Parse_RandomStatuses_RoundTrip()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            SegmentRange[] done = RandomRanges(random);
            MissingSymbols[] missing = random.Next(2) == 0 ? [] : RandomMissing(random);
            byte[] chunks = new byte[random.Next(2) == 0 ? 0 : random.Next(1, 8193)];
            random.NextBytes(chunks);
            ulong? segment = missing.Length + chunks.Length > 0 || random.Next(2) == 0 ? (ulong)random.NextInt64() : null;
            byte[] payload = Write(done, (ulong)random.NextInt64(), segment, chunks, missing);
            Assert.True(TransferStatusBody.Parse(payload, out TransferStatusBody body) == FcpStatus.Accepted, $"seed {seed}");
            Assert.Equal(done, ReadAll(body.Done));
            Assert.Equal(missing, ReadAll(body.Missing));
            Assert.Equal(chunks, body.Chunks.ToArray());
            Assert.Equal(segment, body.Segment);
            Assert.Equal(payload, Rewrite(payload));
        }
    }

    [Theory]
    [InlineData(new ulong[] { }, true)]
    [InlineData(new ulong[] { 0, 1 }, true)]
    [InlineData(new ulong[] { 0, 1, 2, 1 }, true)]
    [InlineData(new ulong[] { ulong.MaxValue - 1, 1 }, true)]
    [InlineData(new ulong[] { 1 }, false)] // odd
    [InlineData(new ulong[] { 1, 2, 3 }, false)]
    [InlineData(new ulong[] { 1, 0 }, false)] // empty
    [InlineData(new ulong[] { 0, 2, 2, 1 }, false)] // touching
    [InlineData(new ulong[] { 0, 3, 2, 1 }, false)] // overlapping
    [InlineData(new ulong[] { 5, 1, 1, 1 }, false)] // falling
    [InlineData(new ulong[] { 5, 1, 5, 1 }, false)] // twice
    [InlineData(new ulong[] { 1, ulong.MaxValue }, false)] // beyond every number
    [InlineData(new ulong[] { ulong.MaxValue, 1 }, false)]
    [InlineData(new ulong[] { 0, ulong.MaxValue, 0, 1 }, false)]
    public void Parse_Done_AscendsWithoutTouching(ulong[] done, bool valid) =>
        Assert.Equal(valid ? FcpStatus.Accepted : FcpStatus.InvalidStatus, TransferStatusBody.Parse(WriteUnchecked(done), out _));

    [Fact]
    public void Parse_Done_UpTo2048Entries()
    {
        ulong[] done = new ulong[2050];
        for (int i = 0; i < done.Length; i += 2) (done[i], done[i + 1]) = ((ulong)i, 1);
        Assert.Equal(FcpStatus.Accepted, TransferStatusBody.Parse(WriteUnchecked(done[..2048]), out _));
        Assert.Equal(FcpStatus.InvalidStatus, TransferStatusBody.Parse(WriteUnchecked(done), out _));
    }

    [Fact]
    public void Parse_DetailWithoutSegment_Refused()
    {
        Assert.Equal(FcpStatus.InvalidStatus, TransferStatusBody.Parse(WriteUnchecked([], chunks: [1]), out _));
        Assert.Equal(FcpStatus.InvalidStatus, TransferStatusBody.Parse(WriteUnchecked([], missing: [(1, [1])]), out _));
        Assert.Equal(FcpStatus.InvalidStatus, TransferStatusBody.Parse(WriteUnchecked([], missing: []), out _));
        Assert.Equal(FcpStatus.Accepted, TransferStatusBody.Parse(WriteUnchecked([], segment: 1, chunks: [1], missing: [(1, [1])]), out _));
        Assert.Equal(FcpStatus.Accepted, TransferStatusBody.Parse(WriteUnchecked([], segment: 1), out _));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public void Parse_Chunks_1To8192Bytes(int bytes, bool valid) => Assert.Equal(
        valid ? FcpStatus.Accepted : FcpStatus.InvalidStatus, TransferStatusBody.Parse(WriteUnchecked([], segment: 1, chunks: new byte[bytes]), out _));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Parse_Esis_1To32Bytes(int bytes, bool valid) => Assert.Equal(
        valid ? FcpStatus.Accepted : FcpStatus.InvalidStatus,
        TransferStatusBody.Parse(WriteUnchecked([], segment: 1, missing: [(1, new byte[bytes])]), out _));

    [Theory]
    [InlineData(1ul, 2ul, true)]
    [InlineData(2ul, 2ul, false)]
    [InlineData(2ul, 1ul, false)]
    [InlineData(0ul, ulong.MaxValue, true)]
    public void Parse_Missing_Ascends(ulong first, ulong second, bool valid) => Assert.Equal(
        valid ? FcpStatus.Accepted : FcpStatus.InvalidStatus,
        TransferStatusBody.Parse(WriteUnchecked([], segment: 1, missing: [(first, [1]), (second, [1])]), out _));

    [Fact]
    public void Parse_Missing_UpTo256Chunks()
    {
        var missing = new (ulong, byte[])[257];
        for (int i = 0; i < missing.Length; i++) missing[i] = ((ulong)i, [1]);
        Assert.Equal(FcpStatus.Accepted, TransferStatusBody.Parse(WriteUnchecked([], segment: 1, missing: missing[..256]), out _));
        Assert.Equal(FcpStatus.InvalidStatus, TransferStatusBody.Parse(WriteUnchecked([], segment: 1, missing: missing), out _));
    }

    [Fact]
    public void Parse_EntriesOfAnotherType_AreAFaultOfShape()
    {
        byte[] payload = WriteUnchecked([7, 1], segment: 1, chunks: [1], missing: [(3, [1])]);
        Assert.Equal(FcpStatus.CborDeserialize, TransferStatusBody.Parse(Replace(payload, [0x82, 0x07, 0x01], [0x82, 0x27, 0x01]), out _));
        Assert.Equal(FcpStatus.CborDeserialize, TransferStatusBody.Parse(Replace(payload, [0x41, 0x01, 0x67], [0x61, 0x01, 0x67]), out _));
        Assert.Equal(FcpStatus.CborDeserialize, TransferStatusBody.Parse(Replace(payload, [0x41, 0x01, 0x65], [0x61, 0x01, 0x65]), out _));
        Assert.Equal(FcpStatus.CborDeserialize, TransferStatusBody.Parse(Replace(payload, "chunk\u0003"u8, "chunk\u0023"u8), out _));
        Assert.Equal(FcpStatus.CborDeserialize, TransferStatusBody.Parse(Replace(payload, "chunk\u0003"u8, "chunl\u0003"u8), out _));
    }

    [Fact]
    public void Parse_HostileBytes_AreRefusedOrCanonical() =>
        Hostile.EveryRuleHolds(Sample, static payload => TransferStatusBody.Parse(payload, out _), Rewrite);

    [Fact]
    public void Parse_Warm_AllocatesNothing()
    {
        Assert.Equal(0, Allocations.Of(static () =>
        {
            TransferStatusBody.Parse(Sample, out TransferStatusBody body);
            SegmentRangeReader done = body.Done;
            while (done.TryRead(out _))
            {
            }

            MissingSymbolsReader missing = body.Missing;
            while (missing.TryRead(out MissingSymbols symbols)) _ = symbols.Contains(3);
        }));
    }

    [Fact]
    public void Write_WhatParseRefuses_IsTheCallersFault()
    {
        Assert.Throws<ArgumentException>(static () => Write([new SegmentRange(1, 0)], 0, null, [], []));
        Assert.Throws<ArgumentException>(static () => Write([new SegmentRange(0, 2), new SegmentRange(2, 1)], 0, null, [], []));
        Assert.Throws<ArgumentException>(static () => Write([new SegmentRange(2, ulong.MaxValue)], 0, null, [], []));
        Assert.Throws<ArgumentException>(static () => Write(new SegmentRange[1025], 0, null, [], []));
        Assert.Throws<ArgumentException>(static () => Write([], 0, 1, new byte[8193], []));
        Assert.Throws<ArgumentException>(static () => Write([], 0, 1, [], new MissingSymbols[257]));
        Assert.Throws<ArgumentException>(static () => Write([], 0, 1, [], [default]));
        Assert.Throws<ArgumentException>(static () => Write([], 0, 1, [], [new MissingSymbols(2, [1]), new MissingSymbols(2, [1])]));
        Assert.Throws<ArgumentException>(static () => new MissingSymbols(1, []));
        Assert.Throws<ArgumentException>(static () => new MissingSymbols(1, new byte[33]));
    }

    private static SegmentRange[] RandomRanges(Random random)
    {
        var done = new SegmentRange[random.Next(0, 1025)];
        ulong next = (ulong)random.Next(0, 3);
        for (int i = 0; i < done.Length; i++)
        {
            done[i] = new SegmentRange(next, (ulong)random.NextInt64(1, 1L << 40));
            next = done[i].First + done[i].Count + (ulong)random.NextInt64(1, 1L << 40);
        }

        return done;
    }

    private static MissingSymbols[] RandomMissing(Random random)
    {
        var missing = new MissingSymbols[random.Next(1, 257)];
        ulong chunk = (ulong)random.Next(0, 2);
        for (int i = 0; i < missing.Length; i++)
        {
            byte[] esis = new byte[random.Next(1, 33)];
            random.NextBytes(esis);
            missing[i] = new MissingSymbols(chunk, esis);
            chunk += (ulong)random.Next(1, 100);
        }

        return missing;
    }

    private static SegmentRange[] ReadAll(SegmentRangeReader reader)
    {
        var ranges = new SegmentRange[reader.Count];
        for (int i = 0; reader.TryRead(out SegmentRange range); i++) ranges[i] = range;
        return ranges;
    }

    private static MissingSymbols[] ReadAll(MissingSymbolsReader reader)
    {
        var symbols = new List<MissingSymbols>(reader.Count);
        while (reader.TryRead(out MissingSymbols entry)) symbols.Add(entry);
        return [.. symbols];
    }

    private static byte[] Write(SegmentRange[] done, ulong credit, ulong? segment, byte[] chunks, MissingSymbols[] missing)
    {
        var writer = new CborWriter();
        TransferStatusBody.Write(writer, Id, done, credit, segment is { } index ? new SegmentProgress(index, chunks, missing) : default);
        return writer.ToArray();
    }

    private static byte[] WriteUnchecked(ulong[] done, ulong? segment = null, byte[]? chunks = null, (ulong Chunk, byte[] Esis)[]? missing = null)
    {
        var writer = new CborWriter();
        writer.BeginPayload(TransferStatusBody.Schema);
        writer.BeginMap(3 + (segment is null ? 0 : 1) + (chunks is null ? 0 : 1) + (missing is null ? 0 : 1));
        writer.Key("done"u8);
        writer.BeginArray(done.Length);
        foreach (ulong number in done) writer.Unsigned(number);
        if (chunks is not null)
        {
            writer.Key("chunks"u8);
            writer.Bytes(chunks);
        }

        if (missing is not null)
        {
            writer.Key("missing"u8);
            writer.BeginArray(missing.Length);
            foreach ((ulong chunk, byte[] esis) in missing)
            {
                writer.BeginMap(2);
                writer.Key("esis"u8);
                writer.Bytes(esis);
                writer.Key("chunk"u8);
                writer.Unsigned(chunk);
            }
        }

        if (segment is { } index)
        {
            writer.Key("segment"u8);
            writer.Unsigned(index);
        }

        writer.Key("transfer_id"u8);
        writer.Bytes(Id.Value);
        writer.Key("credit_bytes"u8);
        writer.Unsigned(5);
        return writer.ToArray();
    }

    private static byte[] Replace(byte[] payload, ReadOnlySpan<byte> find, ReadOnlySpan<byte> put)
    {
        byte[] changed = (byte[])payload.Clone();
        int at = changed.AsSpan().IndexOf(find);
        Assert.True(at > 0, "the bytes to replace are there");
        put.CopyTo(changed.AsSpan(at));
        return changed;
    }

    private static byte[]? Rewrite(byte[] payload)
    {
        if (TransferStatusBody.Parse(payload, out TransferStatusBody body) != FcpStatus.Accepted) return null;
        var writer = new CborWriter();
        SegmentProgress progress = body.Segment is { } segment ? new SegmentProgress(segment, body.Chunks, ReadAll(body.Missing)) : default;
        TransferStatusBody.Write(writer, body.TransferId, ReadAll(body.Done), body.CreditBytes, progress);
        return writer.ToArray();
    }
}
