using System;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Wire;

/// <summary>[WIRE §4.1], [WIRE §4.2], [WIRE §4.3]: the checks F1 to F8 in their order, and the fields where the table has them.</summary>
public sealed class FrameViewTests
{
    private const int Limit = 5000;

    private static readonly Random Fixed = new(11);

    private static readonly byte[] Valid = WireSamples.Frame(Fixed, 300, [3, 4, 5]);

    /// <summary>One way to break each check, in the order of the checks. Later ones are applied first, so that earlier ones stay broken.</summary>
    private static readonly (FcpStatus Name, Func<byte[], byte[]> Break)[] Checks =
    [
        (FcpStatus.ExceedsMtu, static frame => [.. frame, .. new byte[Limit + 1 - Math.Min(frame.Length, Limit)]]),
        (FcpStatus.TooShort, static frame => frame[..113]),
        (FcpStatus.InvalidMagic, static frame => frame.With(0, 0x43504346, 4)), // the other plane's magic
        (FcpStatus.UnsupportedVersion, static frame => frame.With(4, 2, 2)),
        (FcpStatus.UnknownFlags, static frame => frame.With(6, 0x1404, 2)),
        (FcpStatus.InvalidSymbolSize, static frame => frame.With(48, 0, 2)),
        (FcpStatus.LengthMismatch, static frame => frame.With(12, 1, 4)),
        (FcpStatus.FrameSizeMismatch, static frame => [.. frame, 0]),
    ];

    [Fact]
    public void Parse_OneCheckBroken_GivesItsName()
    {
        Assert.Equal(FcpStatus.Accepted, FrameView.Parse(Valid, Limit, out _));
        Assert.All(Checks, static check => Assert.Equal(check.Name, FrameView.Parse(check.Break(Valid), Limit, out _)));
    }

    [Fact]
    public void Parse_TwoChecksBroken_GivesTheEarlierName()
    {
        for (int first = 0; first < Checks.Length; first++)
        {
            for (int second = first + 1; second < Checks.Length; second++)
            {
                if (Checks[first].Name == FcpStatus.TooShort && second == Checks.Length - 1) continue; // a frame is not too short and too long
                byte[] broken = Checks[first].Break(Checks[second].Break(Valid));
                FcpStatus status = FrameView.Parse(broken, Limit, out _);
                Assert.True(Checks[first].Name == status, $"{Checks[first].Name} and {Checks[second].Name} gave {status}");
            }
        }
    }

    [Fact]
    public void Parse_EveryLengthButTheRightOne_IsRefused()
    {
        byte[] longer = [.. Valid, .. new byte[400]];
        for (int length = 0; length <= longer.Length; length++)
        {
            FcpStatus expected = length < 114 ? FcpStatus.TooShort : length == Valid.Length ? FcpStatus.Accepted : FcpStatus.FrameSizeMismatch;
            Assert.Equal(expected, FrameView.Parse(longer.AsSpan(0, length), Limit, out _));
        }

        Assert.Equal(FcpStatus.Accepted, FrameView.Parse(Valid, Valid.Length, out _));
        Assert.Equal(FcpStatus.ExceedsMtu, FrameView.Parse(Valid, Valid.Length - 1, out _));
        Assert.Equal(FcpStatus.ExceedsMtu, FrameView.Parse(new byte[1], 0, out _));
        Assert.Equal(FcpStatus.TooShort, FrameView.Parse(default, 0, out _));
    }

    [Fact]
    public void Parse_EveryFlagBit_RefusesOnlyTheReservedFour()
    {
        for (int bit = 0; bit < 16; bit++)
        {
            byte[] frame = Valid.With(6, 1ul << bit, 2);
            Assert.Equal(bit < 12 ? FcpStatus.Accepted : FcpStatus.UnknownFlags, FrameView.Parse(frame, Limit, out FrameView view));
            if (bit < 12) Assert.Equal((FrameFlags)(1 << bit), view.Flags);
        }

        Assert.Equal(FcpStatus.Accepted, FrameView.Parse(Valid.With(6, 0x0fff, 2), Limit, out _));
        Assert.Equal(0x0404, (int)FrameFlags.Default);
    }

    [Fact]
    public void Parse_CountTimesSizeBeyond32Bits_IsComputedIn64()
    {
        // 22 + 65514 = 65536; times 65536 is 2^32, which is 0 in 32 bits.
        byte[] frame = WireSamples.Header(Fixed, 1, 0).With(8, 65_536, 4).With(48, 65_514, 2);
        Assert.Equal(FcpStatus.LengthMismatch, FrameView.Parse(frame.With(12, 0, 4), Limit, out _));
        frame = WireSamples.Header(Fixed, 1, 0).With(8, uint.MaxValue, 4).With(48, ushort.MaxValue, 2);
        foreach (uint payload in new uint[] { 0, 1, 65_557, uint.MaxValue, unchecked(uint.MaxValue * 65_557u) })
        {
            Assert.Equal(FcpStatus.LengthMismatch, FrameView.Parse(frame.With(12, payload, 4), Limit, out _));
        }

        // A product that fits, of a frame that does not.
        frame = WireSamples.Header(Fixed, 1, 0).With(8, 65_000, 4).With(48, 65_514, 2).With(12, 65_000ul * 65_536, 4);
        Assert.Equal(FcpStatus.FrameSizeMismatch, FrameView.Parse(frame, Limit, out _));
    }

    [Fact]
    public void Parse_NoSymbols_DecodesExactly114Bytes()
    {
        byte[] frame = WireSamples.Header(Fixed, 1024, 0);
        Assert.Equal(FcpStatus.Accepted, FrameView.Parse(frame, 114, out FrameView view));
        Assert.Equal(0u, view.SymbolCount);
        Assert.Equal(FcpStatus.Accepted, view.CheckEsis());
        Assert.Equal(FcpStatus.FrameSizeMismatch, FrameView.Parse([.. frame, 0], 115, out _));
    }

    [Fact]
    public void Fields_RandomFrames_StandWhereTheTableSays() => Seeded.Run(200, static random =>
    {
        int size = random.Next(1, 40);
        uint[] esis = Enumerable.Range(0, random.Next(1, 5)).Select(i => (uint)i + random.Edge32()).Distinct().ToArray();
        byte[] frame = WireSamples.Frame(random, size, esis, (ushort)random.Next(1, 65_536), (ushort)random.Next(0x1000));
        Assert.Equal(FcpStatus.Accepted, FrameView.Parse(frame, frame.Length, out FrameView view));
        Assert.Equal(BitConverter.ToUInt16(frame, 6), (ushort)view.Flags);
        Assert.Equal(size, view.SymbolBytes);
        Assert.Equal(22 + size, view.RecordBytes);
        Assert.Equal(Convert.ToHexStringLower(frame[16..48]), view.ObjectId.ToString());
        Assert.Equal(Convert.ToHexStringLower(frame[50..58]), view.ZoneKeyId.ToString());
        Assert.Equal(Convert.ToHexStringLower(frame[58..90]), view.ZoneIdHash.ToString());
        Assert.Equal(BitConverter.ToUInt64(frame, 90), view.Epoch.Value);
        Assert.Equal(BitConverter.ToUInt64(frame, 98), view.Instance.Value);
        Assert.Equal(BitConverter.ToUInt64(frame, 106), view.Seq.Value);
        for (int i = 0; i < esis.Length; i++)
        {
            int at = 114 + (i * (22 + size));
            Assert.Equal(at, view.RecordOffset(i));
            SymbolRecordView record = view.Record(i);
            Assert.Equal(esis[i], record.Esi);
            Assert.Equal(BitConverter.ToUInt16(frame, at + 4), record.K);
            Assert.Equal(frame[(at + 6)..(at + 6 + size)], record.Data.ToArray());
            Assert.Equal(frame[(at + 6 + size)..(at + 22 + size)], record.Tag.ToArray());
        }
    });

    [Fact]
    public void Everything_RandomAndMutatedBytes_NeverThrows() => Seeded.Run(20_000, static random =>
    {
        byte[] bytes = random.Next(8) == 0
            ? random.Bytes(random.Next(400))
            : random.Mutated(WireSamples.Frame(random, random.Next(1, 5), [.. Enumerable.Range(0, random.Next(4)).Select(_ => (uint)random.Next(3))]));
        FcpStatus header = FcpsHeader.Parse(bytes, out _);
        FcpStatus status = FrameView.Parse(bytes, 400, out FrameView view);
        Assert.NotEqual(FcpStatus.Undecided, status);
        if (status != FcpStatus.Accepted) return;
        Assert.Equal(FcpStatus.Accepted, header); // header-only decoding does F2 to F6
        Assert.NotEqual(FcpStatus.Undecided, view.CheckEsis());
        Assert.NotEqual(FcpStatus.Undecided, view.CheckPolicy());
        for (int i = 0; i < view.SymbolCount; i++) Assert.Equal(16, view.Record(i).Tag.Length);
    });

    [Fact]
    public void RecordParse_FewerBytesThanItNeeds_IsTooShort()
    {
        byte[] bytes = WireSamples.Record(Fixed, 7, 8, 20);
        for (int length = 0; length < 42; length++) Assert.Equal(FcpStatus.TooShort, SymbolRecordView.Parse(bytes.AsSpan(0, length), 20, out _));
        Assert.Equal(FcpStatus.Accepted, SymbolRecordView.Parse([.. bytes, 1, 2, 3], 20, out SymbolRecordView record));
        Assert.Equal(7u, record.Esi);
        Assert.Equal(bytes[^16..], record.Tag.ToArray());
        Assert.Equal(FcpStatus.Accepted, SymbolRecordView.Parse(bytes.AsSpan(0, 22), 0, out record));
        Assert.True(record.Data.IsEmpty);
    }
}
