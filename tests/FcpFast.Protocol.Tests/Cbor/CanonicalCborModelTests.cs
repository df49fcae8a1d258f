using System;
using System.Formats.Cbor;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;
using FormatsWriter = System.Formats.Cbor.CborWriter;
using OurWriter = FcpFast.Protocol.Cbor.CborWriter;

namespace FcpFast.Protocol.Tests.Cbor;

/// <summary>[WIRE §3]: the decoder accepts exactly what the encoder writes, held against System.Formats.Cbor.</summary>
public sealed class CanonicalCborModelTests
{
    private static readonly int Runs = (int)Math.Clamp(Seeded.ModelOperations / 100, 1000, 10_000_000);

    [Fact]
    public void Validate_RandomCanonicalItems_AcceptsThemAndTheyReencodeToThemselves() => Seeded.Run(Runs / 4, static random =>
    {
        byte[] item = CborOracle.RandomItem(random);
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(item, item.Length));
        var formats = new FormatsWriter(CborConformanceMode.Canonical);
        var ours = new OurWriter(1);
        Assert.True(CborOracle.TryReencode(item, formats, ours));
        Assert.Equal(item, formats.Encode());
        Assert.Equal(item, ours.ToArray());
    });

    [Fact]
    public void Validate_MutatedItems_AcceptsExactlyWhatTheOracleAccepts() => Seeded.Run(Runs, static random =>
        Compare(random.Mutated(CborOracle.RandomItem(random))));

    [Fact]
    public void Validate_RandomBytes_AcceptsExactlyWhatTheOracleAccepts() => Seeded.Run(Runs, static random =>
    {
        byte[] bytes = random.Bytes(random.Next(1, 12));
        if (random.Next(2) == 0) bytes[0] = (byte)(0x80 | (bytes[0] & 0x23)); // small containers, so that more than the head is judged
        Compare(bytes);
    });

    [Fact]
    public void Validate_EveryInputOfTwoBytes_AcceptsExactlyWhatTheOracleAccepts()
    {
        for (int value = 0; value < 256; value++)
        {
            Compare([(byte)value]);
            for (int second = 0; second < 256; second++) Compare([(byte)value, (byte)second]);
        }
    }

    [Fact]
    public void Validate_EveryKeyPairOfShortTexts_AcceptsExactlyWhatTheOracleAccepts()
    {
        string[] keys = ["", "a", "b", "B", "aa", "ab", "z", "é", "\0"];
        foreach (string first in keys)
        {
            foreach (string second in keys)
            {
                var writer = new OurWriter();
                writer.BeginMap(2);
                writer.Text(first);
                writer.Null();
                writer.Text(second);
                writer.Null();
                Compare(writer.ToArray());
            }
        }
    }

    private static void Compare(byte[] bytes)
    {
        FcpStatus status = CanonicalCbor.Validate(bytes, bytes.Length);
        bool accepted = status == FcpStatus.Accepted;
        Assert.NotEqual(FcpStatus.Undecided, status);
        Assert.True(accepted == CborOracle.Accepts(bytes), $"{Convert.ToHexStringLower(bytes)} is {status}");
        if (!accepted) return;
        var ours = new OurWriter();
        CborOracle.TryReencode(bytes, new FormatsWriter(CborConformanceMode.Canonical), ours);
        Assert.Equal(bytes, ours.ToArray());
        ReadEverything(new CborItem(bytes));
    }

    /// <summary>Whatever passed the validator can be read to its end without a fault.</summary>
    private static void ReadEverything(CborItem item)
    {
        Assert.NotEqual(CborKind.None, item.Kind);
        int readings = (item.TryGetUnsigned(out _) ? 1 : 0) + (item.TryGetNegative(out _) ? 1 : 0) + (item.TryGetBytes(out _) ? 1 : 0)
            + (item.TryGetText(out _) ? 1 : 0) + (item.TryGetBoolean(out _) ? 1 : 0) + (item.TryGetMap(out _) ? 1 : 0);
        Assert.Equal(item.Kind is CborKind.Array or CborKind.Null ? 0 : 1, readings);
        if (!item.TryGetArray(out CborArrayReader entries)) return;
        int count = entries.Count;
        while (entries.TryRead(out CborItem entry))
        {
            ReadEverything(entry);
            count--;
        }

        Assert.Equal(0, count);
    }
}
