using System;
using System.Linq;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Crypto;

/// <summary>[WIRE §6]: the session MACs. The engine's contract is in FcpFast.Interop.Tests; here stands what is the portable one's own.</summary>
public sealed class PortableMacTests
{
    private static readonly byte[] Key = Enumerable.Range(100, 32).Select(static i => (byte)i).ToArray();

    [Theory]
    [InlineData(MacSuite.HmacSha256)]
    [InlineData(MacSuite.Blake3)]
    public void Compute_LengthsTo1300_EqualsTheReference(MacSuite suite)
    {
        byte[] data = new Random(3).Bytes(1300), mac = new byte[16];
        foreach (int length in Enumerable.Range(0, 1301).Where(static n => n < 140 || n % 13 == 0 || n % 64 < 2 || n is 1023 or 1185))
        {
            default(PortableMac).Compute(suite, Key, data, [new MacItem(0, length)], mac);
            byte[] expected = suite == MacSuite.Blake3 ? MacReference.Suite2(Key, data[..length]) : MacReference.Suite1(Key, data[..length]);
            Assert.True(expected.AsSpan().SequenceEqual(mac), $"length {length}");
        }
    }

    [Fact]
    public void Compute_Hmac_EqualsThePlatformsOwn() => Seeded.Run(50, static random =>
    {
        byte[] key = random.Bytes(32), data = random.Bytes(random.Next(2000)), mac = new byte[16];
        default(PortableMac).Compute(MacSuite.HmacSha256, key, data, [new MacItem(0, data.Length)], mac);
        Assert.Equal(HMACSHA256.HashData(key, data)[..16], mac);
    });

    [Theory]
    [InlineData(MacSuite.Unset)]
    [InlineData((MacSuite)3)]
    [InlineData((MacSuite)255)]
    public void ComputeAndPrepareKey_NoSuiteChosen_Throw(MacSuite suite)
    {
        Assert.Throws<ArgumentException>(() => default(PortableMac).Compute(suite, Key, default, [default], new byte[16]));
        Assert.Throws<ArgumentException>(() => default(PortableMac).PrepareKey(suite, Key, new byte[32]));
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(31, 16)]
    [InlineData(33, 16)]
    [InlineData(32, 15)]
    [InlineData(32, 17)]
    [InlineData(32, 0)]
    public void Compute_KeyOrMacsOfAnotherLength_Throws(int keyBytes, int macBytes) =>
        Assert.Throws<ArgumentException>(() => default(PortableMac).Compute(MacSuite.Blake3, new byte[keyBytes], default, [default], new byte[macBytes]));

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 11)]
    [InlineData(10, 1)]
    [InlineData(11, 0)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MinValue, int.MinValue)]
    public void Compute_ItemOutsideTheData_ThrowsBeforeAnyMac(int offset, int bytes)
    {
        byte[] macs = new byte[32];
        Assert.Throws<ArgumentException>(() =>
            default(PortableMac).Compute(MacSuite.Blake3, Key, new byte[10], [new MacItem(0, 10), new MacItem(offset, bytes)], macs));
        Assert.All(macs, static b => Assert.Equal(0, b));
    }

    [Fact]
    public void Compute_TwoKeysInTurn_NeverMixesThem()
    {
        byte[] other = Key.Reverse().ToArray(), data = new Random(4).Bytes(3000), mac = new byte[16];
        for (int i = 0; i < 6; i++)
        {
            byte[] key = i % 2 == 0 ? Key : other;
            default(PortableMac).Compute(MacSuite.Blake3, key, data, [new MacItem(i, 2900)], mac);
            Assert.Equal(MacReference.Suite2(key, data[i..(i + 2900)]), mac);
        }
    }
}
