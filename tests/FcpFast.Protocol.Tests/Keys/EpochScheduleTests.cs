using System;
using System.Numerics;
using System.Security.Cryptography;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Keys;

/// <summary>[WIRE §13.1], [WIRE §13.2], [WIRE §13.3]: epoch numbers, which are accepted, and the key chain's functions.</summary>
public sealed class EpochScheduleTests
{
    [Theory]
    [InlineData(0ul, 0ul)]
    [InlineData(299ul, 0ul)]
    [InlineData(300ul, 1ul)]
    [InlineData(1_700_000_000ul, 5_666_666ul)]
    [InlineData(ulong.MaxValue, 61_489_146_912_365_172ul)]
    public void NumberAt_Seconds_AreDividedBy300(ulong seconds, ulong epoch) => Assert.Equal(epoch, EpochSchedule.NumberAt(seconds).Value);

    [Fact]
    public void Judge_EdgesAndRandom_EqualsTheUnboundedModel() => Seeded.Run(20_000, static random =>
    {
        (ulong epoch, ulong high, uint retain) = Case(random);
        bool inRange = (BigInteger)epoch >= (BigInteger)high - retain && (BigInteger)epoch <= (BigInteger)high + 1;
        Assert.Equal(inRange ? FcpStatus.Accepted : FcpStatus.EpochOutOfRange, EpochSchedule.Judge(new EpochId(epoch), new EpochId(high), retain));
    });

    [Fact]
    public void JudgeRatchet_EdgesAndRandom_EqualsTheUnboundedModelAndItsOrder() => Seeded.Run(20_000, static random =>
    {
        (ulong epoch, ulong high, uint retain) = Case(random);
        ulong first = random.Next(3) switch
        {
            0 => random.Edge64(),
            1 => unchecked(epoch + (ulong)random.Next(-2, 3)),
            _ => unchecked(epoch - (1 << 20) + (ulong)random.Next(-2, 3)),
        };
        BigInteger e = epoch, e0 = first;
        FcpStatus expected = e < e0 || e - e0 > 1 << 20 || e > (BigInteger)high + 1 ? FcpStatus.EpochOutOfRange
            : e < (BigInteger)high - retain ? FcpStatus.EpochErased : FcpStatus.Accepted;
        Assert.Equal(expected, EpochSchedule.JudgeRatchet(new EpochId(epoch), new EpochId(first), new EpochId(high), retain));
    });

    [Fact]
    public void JudgeRatchet_BothRefusals_OutOfRangeComesFirst()
    {
        // Before e0 and long erased; and beyond the chain's length while left of the range.
        Assert.Equal(FcpStatus.EpochOutOfRange, EpochSchedule.JudgeRatchet(new EpochId(9), new EpochId(10), new EpochId(1000), 2));
        Assert.Equal(FcpStatus.EpochErased, EpochSchedule.JudgeRatchet(new EpochId(10), new EpochId(10), new EpochId(1000), 2));
        Assert.Equal(FcpStatus.EpochErased, EpochSchedule.JudgeRatchet(new EpochId(1 << 20), default, new EpochId(1 << 21), 2));
        Assert.Equal(FcpStatus.EpochOutOfRange, EpochSchedule.JudgeRatchet(new EpochId((1 << 20) + 1), default, new EpochId(1 << 21), 2));
        Assert.Equal(FcpStatus.EpochOutOfRange, EpochSchedule.Judge(new EpochId(997), new EpochId(1000), 2));
    }

    [Fact]
    public void DeriveFunctions_EdgeEpochs_AreTheSpecificationsHkdf()
    {
        byte[] zoneKey = new Random(1).Bytes(32), keyId = new Random(2).Bytes(8), zone = new Random(3).Bytes(32), output = new byte[32];
        var kdf = new ManagedKdf();
        foreach (ulong epoch in new ulong[] { 0, 1, 255, 1ul << 32, 1ul << 63, ulong.MaxValue - 1, ulong.MaxValue })
        {
            byte[] number = BitConverter.GetBytes(epoch);
            EpochSchedule.DeriveFirstChainKey(
                kdf, new ZoneKeyId(Bytes8.Read(keyId)), zoneKey, new ZoneIdHash(Bytes32.Read(zone)), new EpochId(epoch), output);
            Assert.Equal(HKDF.DeriveKey(HashAlgorithmName.SHA256, zoneKey, 32, keyId, [.. "FCPFAST-EPOCH-CHAIN-V1"u8, .. zone, .. number]), output);
            EpochSchedule.DeriveEpochKey(kdf, zoneKey, new EpochId(epoch), output);
            Assert.Equal(Expand(zoneKey, [.. "FCPFAST-EPOCH-KEY-V1"u8, .. number]), output);
            if (epoch == ulong.MaxValue) continue;
            EpochSchedule.DeriveNextChainKey(kdf, zoneKey, new EpochId(epoch), output);
            Assert.Equal(Expand(zoneKey, [.. "FCPFAST-EPOCH-NEXT-V1"u8, .. BitConverter.GetBytes(epoch + 1)]), output);
        }

        Assert.Throws<OverflowException>(() => EpochSchedule.DeriveNextChainKey(kdf, zoneKey, new EpochId(ulong.MaxValue), output)); // none follows
    }

    [Fact]
    public void DeriveFunctions_OneChain_NeverGivesTheSameBytesTwice()
    {
        var kdf = new ManagedKdf();
        byte[] chain = new byte[32];
        var seen = new System.Collections.Generic.HashSet<string>();
        for (ulong epoch = 0; epoch < 50; epoch++)
        {
            byte[] key = new byte[32], next = new byte[32];
            EpochSchedule.DeriveEpochKey(kdf, chain, new EpochId(epoch), key);
            EpochSchedule.DeriveNextChainKey(kdf, chain, new EpochId(epoch), next);
            Assert.True(seen.Add(Convert.ToHexString(key)) && seen.Add(Convert.ToHexString(next)));
            chain = next;
        }

        Assert.Equal(100, seen.Count);
        Assert.All(seen, static hex => Assert.Contains(hex, static digit => digit != '0'));
    }

    private static byte[] Expand(byte[] key, byte[] info) => HKDF.Expand(HashAlgorithmName.SHA256, key, 32, info);

    private static (ulong Epoch, ulong High, uint Retain) Case(Random random)
    {
        uint retain = random.Next(3) == 0 ? uint.MaxValue - (uint)random.Next(3) : (uint)random.Next(5);
        ulong high = random.Edge64();
        ulong epoch = random.Next(4) switch
        {
            0 => random.Edge64(),
            1 => unchecked(high + (ulong)random.Next(-2, 4)),
            _ => unchecked(high - retain + (ulong)random.Next(-2, 3)),
        };
        return (epoch, high, retain);
    }
}
