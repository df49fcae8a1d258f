using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>What a peer can do to a message: flip, cut, stretch, and lie about lengths.</summary>
internal static class Hostile
{
    public delegate FcpStatus Parser(ReadOnlySpan<byte> payload);

    /// <summary>Parses a payload and writes again what was read; null if it was refused.</summary>
    public delegate byte[]? Rewriter(byte[] payload);

    /// <summary>All of the below, for a schema-prefixed payload.</summary>
    public static void EveryRuleHolds(byte[] payload, Parser parse, Rewriter rewrite)
    {
        PayloadRulesHold(payload, parse);
        EveryCutIsRefused(payload, parse);
        EveryHeadIsDecided(payload, parse);
        EveryBitFlipIsRefusedOrCanonical(payload, rewrite);
    }

    /// <summary>Every payload that differs in one bit is refused, or is the one encoding of what was read.</summary>
    public static void EveryBitFlipIsRefusedOrCanonical(byte[] payload, Rewriter rewrite)
    {
        Assert.Equal(payload, rewrite(payload));
        for (int bit = 0; bit < 8 * payload.Length; bit++)
        {
            byte[] changed = (byte[])payload.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[]? rewritten = rewrite(changed);
            if (rewritten is not null) Assert.True(rewritten.AsSpan().SequenceEqual(changed), $"bit {bit}: accepted, but not the one encoding");
        }
    }

    /// <summary>Every payload that is cut short, or goes on, is refused.</summary>
    public static void EveryCutIsRefused(byte[] payload, Parser parse)
    {
        for (int length = 0; length < payload.Length; length++)
        {
            FcpStatus status = parse(payload.AsSpan(0, length));
            Assert.True(IsRefusal(status), $"{length} of {payload.Length} bytes: {status}");
        }

        Assert.Equal(FcpStatus.TrailingBytes, parse([.. payload, 0]));
    }

    /// <summary>Heads of every length written over every place: refused or accepted, but decided, and without a crash.</summary>
    public static void EveryHeadIsDecided(byte[] payload, Parser parse)
    {
        byte[][] heads =
        [
            [0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xBB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x7B, 0x80, 0, 0, 0, 0, 0, 0, 0], [0x9A, 0x7F, 0xFF, 0xFF, 0xFF],
            [0x5A, 0xFF, 0xFF, 0xFF, 0xFF], [0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x9F], [0xBF], [0x5F], [0xFF], [0xF6], [0xA0],
        ];
        foreach (byte[] head in heads)
        {
            for (int place = SchemaHash.Length; place < payload.Length; place++)
            {
                byte[] changed = (byte[])payload.Clone();
                head.AsSpan(0, Math.Min(head.Length, payload.Length - place)).CopyTo(changed.AsSpan(place));
                FcpStatus status = parse(changed);
                Assert.True(status == FcpStatus.Accepted || IsRefusal(status), $"head {head[0]:x} at {place}: {status}");
            }
        }
    }

    /// <summary>The rules of every schema-prefixed payload. [WIRE §3]</summary>
    public static void PayloadRulesHold(byte[] payload, Parser parse)
    {
        Assert.Equal(FcpStatus.MissingSchemaHashPrefix, parse(payload.AsSpan(0, SchemaHash.Length - 1)));
        byte[] other = (byte[])payload.Clone();
        other[3] ^= 1;
        Assert.Equal(FcpStatus.SchemaMismatch, parse(other));
        Assert.Equal(FcpStatus.PayloadTooLarge, parse(new byte[Protocol.Cbor.CborLimits.ControlPayloadBytesMax + 1]));
    }

    private static bool IsRefusal(FcpStatus status) => status is not (FcpStatus.Undecided or FcpStatus.Accepted);
}
