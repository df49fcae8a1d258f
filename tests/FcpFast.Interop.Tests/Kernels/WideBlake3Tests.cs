using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>[WIRE §1]: long inputs through every width give what the slow reference and the portable code give. [BLAKE3 §5.3]</summary>
public sealed class WideBlake3Tests
{
    private const int PieceBytes = 900; // less than a chunk, so that the portable code never sees two at once

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Update_EveryTreeUpTo40Chunks_EqualsTheReference(int bits)
    {
        var hasher = new Blake3Hasher(Engines.Blake3Of(bits));
        byte[] input = new Random(1).Bytes(41 * 1024), key = new Random(2).Bytes(32), hash = new byte[32];
        for (int chunks = 1; chunks <= 40; chunks++)
        {
            foreach (int length in new[] { (chunks * 1024) - 1, chunks * 1024, (chunks * 1024) + 1, (chunks * 1024) + 700 })
            {
                hasher.Reset(key);
                hasher.Update(input.AsSpan(0, length));
                hasher.Finish(hash);
                Assert.True(Blake3Reference.KeyedHash(key, input[..length]).AsSpan().SequenceEqual(hash), $"length {length}");
            }
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Update_PiecesOfAnyLength_EqualsSmallPieces(int bits)
    {
        IBlake3Engine engine = Engines.Blake3Of(bits);
        Seeded.Run(DifferentialCases.Budget / 4, random =>
        {
            byte[] input = random.Bytes(random.Next(random.Next(4) == 0 ? 600_000 : 100_000)), key = random.Bytes(32);
            var hasher = new Blake3Hasher(engine);
            hasher.Reset(key);
            for (int at = 0; at < input.Length;)
            {
                int piece = Math.Min(input.Length - at, random.Next(3) switch { 0 => random.Next(200_000), 1 => 1024 * random.Next(70), _ => random.Next(3000) });
                hasher.Update(input.AsSpan(at, piece));
                at += piece;
            }

            Assert.Equal(InSmallPieces(key, input), Finish(hasher));
        });
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Update_AfterFinishAndErase_GoesOnAndForgets(int bits)
    {
        var hasher = new Blake3Hasher(Engines.Blake3Of(bits));
        byte[] input = new Random(3).Bytes(200_000);
        for (int at = 0; at < input.Length; at += 33_333)
        {
            hasher.Update(input.AsSpan(at, Math.Min(33_333, input.Length - at)));
            Assert.Equal(Blake3Reference.Hash(input[..Math.Min(at + 33_333, input.Length)]), Finish(hasher));
        }

        hasher.Erase();
        Assert.Equal(Blake3Reference.Hash([]), Finish(hasher));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void CompressChunksAndParents_TheCallersFaults_Throw(int bits)
    {
        IBlake3Engine engine = Engines.Blake3Of(bits);
        Assert.Throws<ArgumentException>(() => engine.CompressChunks([], new byte[1023], new uint[8], 0, 0, new uint[8]));
        Assert.Throws<ArgumentException>(() => engine.CompressChunks([], new byte[2048], new uint[8], 0, 0, new uint[15]));
        Assert.Throws<ArgumentException>(() => engine.CompressChunks([], new byte[2048], new uint[7], 0, 0, new uint[16]));
        Assert.Throws<ArgumentException>(() => engine.CompressParents(new uint[24], new uint[8], 0, new uint[8]));
        Assert.Throws<ArgumentException>(() => engine.CompressParents(new uint[32], new uint[8], 0, new uint[24]));
        Assert.Throws<ArgumentException>(() => engine.CompressParents(new uint[32], new uint[9], 0, new uint[16]));
    }

    private static byte[] InSmallPieces(byte[] key, byte[] input)
    {
        var hasher = new Blake3Hasher();
        hasher.Reset(key);
        for (int at = 0; at < input.Length; at += PieceBytes) hasher.Update(input.AsSpan(at, Math.Min(PieceBytes, input.Length - at)));
        return Finish(hasher);
    }

    private static byte[] Finish(Blake3Hasher hasher)
    {
        byte[] hash = new byte[CryptoSizes.HashBytes];
        hasher.Finish(hash);
        return hash;
    }
}
