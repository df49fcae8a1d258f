using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Tests.Crypto;

/// <summary>Eight abreast gives what one after the other gives. [BLAKE3 §5.3]</summary>
public sealed class Blake3LanesTests
{
    private const int PieceBytes = 1000; // shorter than eight chunks, so that the hasher never goes abreast

    [Theory]
    [InlineData(8 * 1024)]
    [InlineData(16 * 1024)]
    [InlineData(64 * 1024)]
    [InlineData(128 * 1024)]
    [InlineData(192 * 1024)]
    public void Update_WholeInput_EqualsInputInPieces(int around)
    {
        foreach (int delta in new[] { -1025, -1024, -64, -1, 0, 1, 63, 64, 1023, 1024, 1025, 5000 })
        {
            byte[] input = Bytes(around + delta, seed: around + delta);
            Assert.Equal(HashInPieces(input), Hash(input, 0));
        }
    }

    [Fact]
    public void Update_FirstPieceOfAnyLength_EqualsInputInPieces()
    {
        byte[] input = Bytes(150_000, seed: 1);
        byte[] expected = HashInPieces(input);
        for (int first = 0; first < 20_000; first += 509) Assert.Equal(expected, Hash(input, first));
        foreach (int first in new[] { 1024, 2048, 3072, 4096, 8192, 9216, 16384, 65536, 66560, 73728, 131072 }) Assert.Equal(expected, Hash(input, first));
    }

    [Fact]
    public void Compute_EqualMessages_EqualsMessageByMessage()
    {
        byte[] key = Bytes(32, seed: 2), data = Bytes(64 * 1024, seed: 3);
        var mac = default(PortableMac);
        foreach (int bytes in new[] { 1, 25, 63, 64, 65, 127, 128, 1023, 1024, 1025, 1088, 1185, 2047, 2048, 2049 })
        {
            foreach (int count in new[] { 1, 7, 8, 9, 15, 16, 17, 24 })
            {
                var items = new MacItem[count];
                for (int i = 0; i < count; i++) items[i] = new MacItem(3 + (i * 2100), bytes);
                byte[] macs = new byte[count * CryptoSizes.MacBytes];
                mac.Compute(MacSuite.Blake3, key, data, items, macs);
                for (int i = 0; i < count; i++)
                {
                    byte[] alone = new byte[CryptoSizes.MacBytes];
                    mac.Compute(MacSuite.Blake3, key, data, items.AsSpan(i, 1), alone);
                    Assert.Equal(alone, macs.AsSpan(i * CryptoSizes.MacBytes, CryptoSizes.MacBytes).ToArray());
                }
            }
        }
    }

    [Fact]
    public void Compute_UnevenMessages_EqualsMessageByMessage()
    {
        byte[] key = Bytes(32, seed: 4), data = Bytes(64 * 1024, seed: 5);
        var mac = default(PortableMac);
        var random = new Random(6);
        var items = new MacItem[40];
        for (int i = 0; i < items.Length; i++) items[i] = new MacItem(random.Next(60_000), i % 9 == 8 ? random.Next(1, 2000) : 1185);
        byte[] macs = new byte[items.Length * CryptoSizes.MacBytes];
        mac.Compute(MacSuite.Blake3, key, data, items, macs);
        for (int i = 0; i < items.Length; i++)
        {
            byte[] alone = new byte[CryptoSizes.MacBytes];
            mac.Compute(MacSuite.Blake3, key, data, items.AsSpan(i, 1), alone);
            Assert.Equal(alone, macs.AsSpan(i * CryptoSizes.MacBytes, CryptoSizes.MacBytes).ToArray());
        }
    }

    private static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Hash(byte[] input, int first)
    {
        var hasher = new Blake3Hasher();
        hasher.Update(input.AsSpan(0, first));
        hasher.Update(input.AsSpan(first));
        return Finish(hasher);
    }

    private static byte[] HashInPieces(byte[] input)
    {
        var hasher = new Blake3Hasher();
        for (int offset = 0; offset < input.Length; offset += PieceBytes) hasher.Update(input.AsSpan(offset, Math.Min(PieceBytes, input.Length - offset)));
        return Finish(hasher);
    }

    private static byte[] Finish(Blake3Hasher hasher)
    {
        byte[] hash = new byte[CryptoSizes.HashBytes];
        hasher.Finish(hash);
        return hash;
    }
}
