using System;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9]: the body that announces a file.</summary>
public sealed class FileBodyTests
{
    private static readonly byte[] Sample = Write("a.bin", 7_793_664_060_745, 65_536, 420);

    [Fact]
    public void Parse_WhatWasWritten_ReadsTheSame()
    {
        Assert.Equal(FcpStatus.Accepted, FileBody.Parse(Sample, out FileBody file));
        Assert.Equal("a.bin", Encoding.UTF8.GetString(file.Name));
        Assert.Equal(new FileShape(7_793_664_060_745, 65_536), file.Shape);
        Assert.Equal(420ul, file.Mode);
        Assert.Equal("0f0e0d0c0b0a09080706050403020100", file.TransferId.ToString());
    }

    [Fact]
    public void Parse_RandomFiles_RoundTrip()
    {
        var random = new Random(20_260_701);
        for (int i = 0; i < 500; i++)
        {
            string name = new((char)random.Next('a', 'z' + 1), random.Next(1, 256));
            ulong size = (ulong)random.NextInt64((1L << 48) + 1), segment = (ulong)random.Next(65_536, 67_108_865);
            ulong? mode = random.Next(3) == 0 ? null : (ulong)random.NextInt64();
            byte[] payload = Write(name, size, segment, mode);
            Assert.Equal(FcpStatus.Accepted, FileBody.Parse(payload, out FileBody file));
            Assert.Equal(name, Encoding.UTF8.GetString(file.Name));
            Assert.Equal(new FileShape(size, segment), file.Shape);
            Assert.Equal(mode, file.Mode);
            Assert.Equal(payload, Rewrite(payload));
        }
    }

    [Theory]
    [InlineData("", 1ul, 65_536ul, FcpStatus.InvalidName)]
    [InlineData("..", 1ul, 65_536ul, FcpStatus.InvalidName)]
    [InlineData("a/b", ulong.MaxValue, 1ul, FcpStatus.InvalidName)] // the name is judged first
    [InlineData("a", (1ul << 48) + 1, 65_536ul, FcpStatus.InvalidFile)]
    [InlineData("a", 1ul, 65_535ul, FcpStatus.InvalidFile)]
    [InlineData("a", 1ul, 67_108_865ul, FcpStatus.InvalidFile)]
    public void Parse_OutOfBounds_Refused(string name, ulong size, ulong segment, FcpStatus expected)
    {
        Assert.Equal(expected, FileBody.Parse(WriteUnchecked(name, size, segment, 16), out FileBody file));
        Assert.True(file.Name.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => Write(name, size, segment, null));
    }

    [Fact]
    public void Parse_TransferIdOfAnotherLength_Refused() =>
        Assert.Equal(FcpStatus.CborDeserialize, FileBody.Parse(WriteUnchecked("a", 1, 65_536, 15), out _));

    [Fact]
    public void Parse_HostileBytes_AreRefusedOrCanonical() =>
        Hostile.EveryRuleHolds(Sample, static payload => FileBody.Parse(payload, out _), Rewrite);

    [Fact]
    public void Parse_Warm_AllocatesNothing() => Assert.Equal(0, Allocations.Of(static () => FileBody.Parse(Sample, out _)));

    [Fact]
    public void DeriveTransferId_Inputs_AreKeptApart()
    {
        byte[] key = Convert.FromHexString("083e9b4008ea8da4e471810b6359bca66ccc191205a51f08a934f15dbcfcf934");
        TransferId known = Derive(key, "node-alpha", "a.bin", 7_793_664_060_745, 17_872_309_624_620_577_449);
        Assert.Equal("59cae0a96112e0f7be0f2e972724ae11", known.ToString());
        Assert.NotEqual(known, Derive(key, "node-alph", "aa.bin", 7_793_664_060_745, 17_872_309_624_620_577_449));
        Assert.NotEqual(known, Derive(key, "node-alpha", "a.bin", 7_793_664_060_746, 17_872_309_624_620_577_449));
        Assert.NotEqual(known, Derive(key, "node-alpha", "a.bin", 7_793_664_060_745, 1));
        key[0] ^= 1;
        Assert.NotEqual(known, Derive(key, "node-alpha", "a.bin", 7_793_664_060_745, 17_872_309_624_620_577_449));
    }

    private static TransferId Derive(byte[] key, string node, string name, ulong size, ulong modified)
    {
        Assert.Equal(FcpStatus.Accepted, NodeId.Parse(node, out NodeId source));
        return FileBody.DeriveTransferId(new Blake3Hasher(), key, source, Encoding.UTF8.GetBytes(name), size, modified);
    }

    private static byte[] Write(string name, ulong size, ulong segment, ulong? mode)
    {
        var writer = new CborWriter();
        new FileBody
        {
            TransferId = new TransferId(new Bytes16(0x08090A0B0C0D0E0F, 0x0001020304050607)),
            Name = Encoding.UTF8.GetBytes(name),
            Shape = new FileShape(size, segment),
            Mode = mode,
        }.Write(writer);
        return writer.ToArray();
    }

    private static byte[] WriteUnchecked(string name, ulong size, ulong segment, int idBytes)
    {
        var writer = new CborWriter();
        writer.BeginPayload(FileBody.Schema);
        writer.BeginMap(4);
        writer.Key("name"u8);
        writer.Text(name);
        writer.Key("size"u8);
        writer.Unsigned(size);
        writer.Key("transfer_id"u8);
        writer.Bytes(new byte[idBytes]);
        writer.Key("segment_bytes"u8);
        writer.Unsigned(segment);
        return writer.ToArray();
    }

    private static byte[]? Rewrite(byte[] payload)
    {
        if (FileBody.Parse(payload, out FileBody file) != FcpStatus.Accepted) return null;
        var writer = new CborWriter();
        file.Write(writer);
        return writer.ToArray();
    }
}
