using System;
using System.Collections.Generic;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §17]: lists of chunks.</summary>
public sealed class ChunkedObjectManifestTests
{
    private static readonly byte[] Key = Convert.FromHexString("083e9b4008ea8da4e471810b6359bca66ccc191205a51f08a934f15dbcfcf934");
    private static readonly ZoneId Zone = ParseZone("z:work");
    private static readonly byte[] Payload = RandomBytes(7, 10_000);
    private static readonly byte[] Sample = Write(Payload, 1024);
    private static readonly byte[] LongList = WriteLong(65_536);

    [Theory]
    [InlineData(1, 1024)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 1024)]
    [InlineData(10_000, 1032)]
    [InlineData(300_000, 262_144)]
    public void Write_ThenParse_DescribesThePayload(int bytes, int chunkBytes)
    {
        byte[] payload = RandomBytes(bytes, bytes);
        Assert.Equal(FcpStatus.Accepted, ChunkedObjectManifest.Parse(Write(payload, chunkBytes), out ChunkedObjectManifest manifest));
        Assert.Equal((ulong)bytes, manifest.TotalBytes);
        Assert.Equal(chunkBytes, manifest.ChunkBytes);
        var hasher = new Blake3Hasher();
        int end = 0;
        for (int i = 0; i < manifest.ChunkCount; i++)
        {
            Assert.Equal((ulong)end, manifest.OffsetOf(i));
            ReadOnlySpan<byte> chunk = payload.AsSpan(end, manifest.BytesOf(i));
            Assert.Equal(ObjectId.Scoped(hasher, Key, Zone, Schemas.RawChunk.ComputeHash(), chunk), manifest.ChunkId(i));
            Assert.Equal(FcpStatus.Accepted, manifest.CheckChunk(hasher, Key, Zone, i, chunk));
            end += chunk.Length;
        }

        Assert.Equal(bytes, end);
        Assert.Equal(FcpStatus.Accepted, manifest.CheckPayload(hasher, payload));
    }

    [Fact]
    public void CheckChunk_WrongBytes_Refused()
    {
        Assert.Equal(FcpStatus.Accepted, ChunkedObjectManifest.Parse(Sample, out ChunkedObjectManifest manifest));
        var hasher = new Blake3Hasher();
        byte[] chunk = Payload.AsSpan(1024, 1024).ToArray();
        Assert.Equal(FcpStatus.Accepted, manifest.CheckChunk(hasher, Key, Zone, 1, chunk));
        Assert.Equal(FcpStatus.ObjectIdMismatch, manifest.CheckChunk(hasher, Key, Zone, 0, chunk)); // another place
        Assert.Equal(FcpStatus.ObjectIdMismatch, manifest.CheckChunk(hasher, Key, ParseZone("z:owner"), 1, chunk));
        Assert.Equal(FcpStatus.ObjectIdMismatch, manifest.CheckChunk(hasher, new byte[32], Zone, 1, chunk));
        Assert.Equal(FcpStatus.LengthMismatch, manifest.CheckChunk(hasher, Key, Zone, 1, chunk.AsSpan(1)));
        Assert.Equal(FcpStatus.LengthMismatch, manifest.CheckChunk(hasher, Key, Zone, 9, chunk)); // the last one is shorter
        chunk[1023] ^= 0x80;
        Assert.Equal(FcpStatus.ObjectIdMismatch, manifest.CheckChunk(hasher, Key, Zone, 1, chunk));
        byte[] payload = (byte[])Payload.Clone();
        Assert.Equal(FcpStatus.LengthMismatch, manifest.CheckPayload(hasher, payload.AsSpan(1)));
        payload[9_999] ^= 1;
        Assert.Equal(FcpStatus.HashMismatch, manifest.CheckPayload(hasher, payload));
    }

    [Theory]
    [InlineData(10_000ul, 1024ul, 10, FcpStatus.Accepted)]
    [InlineData(10_000ul, 1024ul, 9, FcpStatus.ChunkCountMismatch)]
    [InlineData(10_000ul, 1024ul, 11, FcpStatus.ChunkCountMismatch)]
    [InlineData(10_240ul, 1024ul, 11, FcpStatus.ChunkCountMismatch)]
    [InlineData(0ul, 1024ul, 0, FcpStatus.ChunkCountMismatch)]
    [InlineData(0ul, 1024ul, 1, FcpStatus.ChunkCountMismatch)]
    [InlineData(1ul << 48, 262_144ul, 10, FcpStatus.ChunkCountMismatch)]
    [InlineData(ulong.MaxValue, 1024ul, 10, FcpStatus.ChunkCountMismatch)]
    [InlineData(10_000ul, 1016ul, 10, FcpStatus.ChunkCountMismatch)]
    [InlineData(10_000ul, 1028ul, 10, FcpStatus.ChunkCountMismatch)]
    [InlineData(10_000ul, 262_152ul, 1, FcpStatus.ChunkCountMismatch)]
    [InlineData(10_000ul, 0ul, 10, FcpStatus.ChunkCountMismatch)]
    [InlineData(10_000ul, uint.MaxValue, 1, FcpStatus.ChunkCountMismatch)]
    [InlineData(10_000ul, 1ul << 32, 1, FcpStatus.CborDeserialize)] // no u32
    public void Parse_LengthSizeAndCount_MustAgree(ulong total, ulong chunkBytes, int entries, FcpStatus expected) =>
        Assert.Equal(expected, ChunkedObjectManifest.Parse(WriteUnchecked(total, chunkBytes, entries, 32, Schemas.ChunkedObjectManifest), out _));

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(0)]
    [InlineData(34)]
    public void Parse_EntryOfAnotherLength_Refused(int idBytes) => Assert.Equal(
        FcpStatus.CborDeserialize, ChunkedObjectManifest.Parse(WriteUnchecked(10_000, 1024, 10, idBytes, Schemas.ChunkedObjectManifest), out _));

    [Fact]
    public void Parse_EntriesThatOnlyAddUp_Refused()
    {
        // 31 and 33 bytes take as much room as twice 32.
        var writer = new CborWriter();
        writer.BeginMap(5);
        writer.Key("chunks"u8);
        writer.BeginArray(2);
        writer.Bytes(new byte[31]);
        writer.Bytes(new byte[33]);
        WriteRest(writer, 2048, 1024, Schemas.ChunkedObjectManifest);
        Assert.Equal(FcpStatus.CborDeserialize, ChunkedObjectManifest.Parse(writer.Written, out _));
    }

    [Fact]
    public void Parse_TextOfThatLength_Refused()
    {
        var writer = new CborWriter();
        writer.BeginMap(5);
        writer.Key("chunks"u8);
        writer.BeginArray(1);
        writer.Text(new byte[32]);
        WriteRest(writer, 1, 1024, Schemas.ChunkedObjectManifest);
        Assert.Equal(FcpStatus.CborDeserialize, ChunkedObjectManifest.Parse(writer.Written, out _));
    }

    [Fact]
    public void Parse_HeaderOfAnotherSchema_Refused() => Assert.Equal(
        FcpStatus.SchemaMismatch, ChunkedObjectManifest.Parse(WriteUnchecked(10_000, 1024, 10, 32, Schemas.ZoneKeyManifest), out _));

    [Fact]
    public void Parse_HostileBytes_AreRefusedOrCanonical()
    {
        // Provenance may be any map, so that what is read does not tell all bytes: flips are only decided here.
        for (int bit = 0; bit < 8 * Sample.Length; bit++)
        {
            byte[] changed = (byte[])Sample.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            FcpStatus status = ChunkedObjectManifest.Parse(changed, out ChunkedObjectManifest manifest);
            Assert.NotEqual(FcpStatus.Undecided, status);
            Assert.Equal(status == FcpStatus.Accepted ? 10 : 0, manifest.ChunkCount);
        }

        for (int length = 0; length < Sample.Length; length++)
        {
            Assert.NotEqual(FcpStatus.Accepted, ChunkedObjectManifest.Parse(Sample.AsSpan(0, length), out _));
        }

        Assert.Equal(FcpStatus.TrailingBytes, ChunkedObjectManifest.Parse([.. Sample, 0], out _));
        Hostile.EveryHeadIsDecided(Sample, static bytes => ChunkedObjectManifest.Parse(bytes, out _));
    }

    [Fact]
    public void Parse_LongestSegment_GivesEveryIdByIndex()
    {
        Assert.Equal(FcpStatus.Accepted, ChunkedObjectManifest.Parse(LongList, out ChunkedObjectManifest manifest));
        Assert.Equal(65_536, manifest.ChunkCount);
        for (int i = 0; i < manifest.ChunkCount; i++) Assert.Equal(LongId(i), manifest.ChunkId(i));
        Assert.Equal(64 * 1024 * 1024, (int)manifest.TotalBytes);
    }

    [Fact]
    public void Parse_Warm_AllocatesNothing()
    {
        Assert.Equal(0, Allocations.Of(static () =>
        {
            ChunkedObjectManifest.Parse(Sample, out ChunkedObjectManifest manifest);
            for (int i = 0; i < manifest.ChunkCount; i++) _ = manifest.ChunkId(i);
        }));
    }

    [Fact]
    public void WriteHashed_SameIds_WritesTheSame()
    {
        Assert.Equal(FcpStatus.Accepted, ChunkedObjectManifest.Parse(Sample, out ChunkedObjectManifest manifest));
        var ids = new List<ObjectId>();
        for (int i = 0; i < manifest.ChunkCount; i++) ids.Add(manifest.ChunkId(i));
        var writer = new CborWriter();
        ChunkedObjectManifest.WriteHashed(
            writer, Zone, manifest.Header.CreatedAtUnixSeconds, manifest.TotalBytes, manifest.ChunkBytes, ids.ToArray(), manifest.PayloadHash);
        Assert.Equal(Sample, writer.ToArray());
        Assert.Throws<ArgumentException>(() => ChunkedObjectManifest.WriteHashed(writer, Zone, 0, 10_000, 1024, new ObjectId[9], default));
        Assert.Throws<ArgumentException>(() => ChunkedObjectManifest.WriteHashed(writer, Zone, 0, 1ul << 48, 1024, [], default));
    }

    [Theory]
    [InlineData(0, 1024)]
    [InlineData(5, 1023)]
    [InlineData(5, -8)]
    [InlineData(5, 262_152)]
    public void Write_OutOfBounds_IsTheCallersFault(int bytes, int chunkBytes) =>
        Assert.Throws<ArgumentException>(() => Write(new byte[bytes], chunkBytes));

    [Fact]
    public void ChunkCount_DefaultView_IsEmptyAndSafe()
    {
        Assert.Equal(0, default(ChunkedObjectManifest).ChunkCount);
        Assert.Throws<ArgumentException>(static () => default(ChunkedObjectManifest).BytesOf(0));
        Assert.Throws<ArgumentOutOfRangeException>(static () => default(ChunkedObjectManifest).ChunkId(0));
    }

    private static byte[] Write(byte[] payload, int chunkBytes)
    {
        var writer = new CborWriter();
        ChunkedObjectManifest.Write(writer, new Blake3Hasher(), Key, Zone, 1_709_763_041, payload, chunkBytes);
        return writer.ToArray();
    }

    private static byte[] WriteLong(int chunks)
    {
        var ids = new ObjectId[chunks];
        for (int i = 0; i < chunks; i++) ids[i] = LongId(i);
        var writer = new CborWriter();
        ChunkedObjectManifest.WriteHashed(writer, Zone, 1, (ulong)chunks * 1024, 1024, ids, default);
        return writer.ToArray();
    }

    private static ObjectId LongId(int i) => new(new Bytes32((ulong)i, ~(ulong)i, 3, 4));

    private static byte[] WriteUnchecked(ulong total, ulong chunkBytes, int entries, int idBytes, SchemaId schema)
    {
        var writer = new CborWriter();
        writer.BeginMap(5);
        writer.Key("chunks"u8);
        writer.BeginArray(entries);
        for (int i = 0; i < entries; i++) writer.Bytes(new byte[idBytes]);
        WriteRest(writer, total, chunkBytes, schema);
        return writer.ToArray();
    }

    private static void WriteRest(CborWriter writer, ulong total, ulong chunkBytes, SchemaId schema)
    {
        writer.Key("header"u8);
        new ObjectHeader { Schema = schema, Zone = Zone, CreatedAtUnixSeconds = 1 }.Write(writer);
        writer.Key("total_len"u8);
        writer.Unsigned(total);
        writer.Key("chunk_size"u8);
        writer.Unsigned(chunkBytes);
        writer.Key("payload_hash"u8);
        writer.Bytes(new byte[32]);
    }

    private static byte[] RandomBytes(int seed, int bytes)
    {
        byte[] payload = new byte[bytes];
        new Random(seed).NextBytes(payload);
        return payload;
    }

    private static ZoneId ParseZone(string text)
    {
        Assert.Equal(FcpStatus.Accepted, ZoneId.Parse(text, out ZoneId zone));
        return zone;
    }
}
