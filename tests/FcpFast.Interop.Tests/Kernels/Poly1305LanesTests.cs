using System;
using System.Numerics;
using FcpFast.Interop.Libsodium;
using FcpFast.Interop.Tests.Libsodium;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>[RFC 8439 §2.5]: the sums that random messages never reach: around the modulus, and with every limb full.</summary>
public sealed class Poly1305LanesTests
{
    private static readonly BigInteger Modulus = (BigInteger.One << 130) - 5;

    /// <summary>With r = 1 the sum is that of the blocks and their high bits: here it is p - 3 to p + 8, and twice p.</summary>
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Finish_SumsAroundTheModulus_AreReduced(int bits)
    {
        byte[] key = new byte[32];
        key[0] = 1;
        for (int pad = 0; pad < 2; pad++)
        {
            Array.Fill(key, pad == 0 ? (byte)0 : (byte)0xff, 16, 16);
            for (int above = -3; above <= 8; above++)
            {
                Check(bits, key, Blocks(Modulus + above, count: 3));
                Check(bits, key, Blocks((2 * Modulus) + above, count: 7));
                Check(bits, key, Blocks((2 * Modulus) + above, count: 5));
            }
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Absorb_FullAndEmptyLimbs_EqualsLibsodium(int bits)
    {
        _ = Engines.AeadOf(bits); // skipped here, not by a failure of the first seed
        _ = Bound.Crypto;
        Seeded.Run(300, random =>
        {
            byte[] key = new byte[32], message = new byte[16 * random.Next(40)];
            byte[] fills = [0x00, 0xff, 0xfb, 0x01, 0x80, 0xfc];
            for (int at = 0; at < key.Length; at += 4) Array.Fill(key, fills[random.Next(fills.Length)], at, 4);
            for (int at = 0; at < message.Length; at += 8) Array.Fill(message, fills[random.Next(random.Next(1, fills.Length + 1))], at, 8);
            Check(bits, key, message);
        });
    }

    /// <summary>Blocks that add up to a sum, the high bit of each included.</summary>
    private static byte[] Blocks(BigInteger sum, int count)
    {
        BigInteger rest = sum - (count * (BigInteger.One << 128)), most = (BigInteger.One << 128) - 1;
        byte[] blocks = new byte[16 * count];
        for (int i = 0; i < count; i++)
        {
            BigInteger block = BigInteger.Min(rest, most);
            rest -= block;
            block.ToByteArray(isUnsigned: true).CopyTo(blocks, 16 * i);
        }

        Assert.Equal(BigInteger.Zero, rest);
        return blocks;
    }

    private static void Check(int bits, byte[] key, byte[] message)
    {
        _ = Bound.Crypto;
        byte[] expected = new byte[16];
        LibsodiumOneTimeAuth.Poly1305(key, message, expected);
        foreach (bool inBatches in new[] { false, true })
        {
            Assert.All(OneTimeAuth.Compute(bits, inBatches, key, message), tag => Assert.Equal(expected, tag));
            for (int before = 0; before <= 32 && before <= message.Length; before += 16)
            {
                Assert.Equal(expected, OneTimeAuth.ComputeOverLanes(bits, inBatches, key, message, before));
            }
        }
    }
}
