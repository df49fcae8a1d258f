using System;
using System.Linq;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Interop.Tests.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>[RFC 8439 §2.8]: single messages of every length around a block, a pass, a row of blocks and a batch of rows; and every place where one can be forged.</summary>
public sealed class MessageBoundariesTests
{
    private const int BytesMax = 16_384, AssociatedBytes = 86;

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void SealAndOpen_LengthsAroundEveryBlock_EqualLibsodium(int bits)
    {
        IAeadEngine engine = Engines.MessageAeadOf(bits);
        _ = Bound.Crypto;
        var random = new Random(bits);
        byte[] plain = random.Bytes(BytesMax), key = random.Bytes(32), associated = random.Bytes(AssociatedBytes);
        foreach (int bytes in Enumerable.Range(0, BytesMax + 1).Where(static n => n <= 300 || n % 64 is 0 or 1 or 63 || n % 16 == 0))
        {
            AeadAlgorithm algorithm = bytes % 3 == 0 ? AeadAlgorithm.XChaCha20Poly1305 : AeadAlgorithm.ChaCha20Poly1305;
            byte[] nonce = random.Bytes(CryptoSizes.NonceBytes(algorithm)), expected = new byte[bytes + 16], found = new byte[bytes + 16], opened = new byte[bytes];
            ReadOnlySpan<byte> message = plain.AsSpan(0, bytes), data = associated.AsSpan(0, bytes % (AssociatedBytes + 1));
            default(LibsodiumAead).SealOne(algorithm, key, nonce, data, message, expected);
            engine.SealOne(algorithm, key, nonce, data, message, found);
            Assert.True(expected.AsSpan().SequenceEqual(found), $"{bytes} bytes sealed by {algorithm}");
            Assert.True(engine.OpenOne(algorithm, key, nonce, data, found, opened), $"{bytes} bytes opened by {algorithm}");
            Assert.True(message.SequenceEqual(opened), $"{bytes} bytes opened by {algorithm}");
        }
    }

    /// <summary>Each byte of tag, nonce and associated data, and of the ciphertext the ends and one in every lane of every pass.</summary>
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Open_OneBitForgedAnywhere_RefusesAndZeroes(int bits)
    {
        IAeadEngine engine = Engines.MessageAeadOf(bits);
        var random = new Random(bits);
        foreach (int bytes in new[] { 0, 1, 16, 64, 256, 1000, 1024, 4096, BytesMax })
        {
            AeadAlgorithm algorithm = bytes % 128 == 0 ? AeadAlgorithm.ChaCha20Poly1305 : AeadAlgorithm.XChaCha20Poly1305;
            byte[] key = random.Bytes(32), nonce = random.Bytes(CryptoSizes.NonceBytes(algorithm)), associated = random.Bytes(AssociatedBytes);
            byte[] sealedBytes = new byte[bytes + 16];
            engine.SealOne(algorithm, key, nonce, associated, random.Bytes(bytes), sealedBytes);
            for (int at = 0; at < sealedBytes.Length; at += at < bytes - 64 ? 61 : 1) Refuses(sealedBytes, at);
            for (int at = 0; at < nonce.Length; at++) Refuses(nonce, at);
            for (int at = 0; at < associated.Length; at++) Refuses(associated, at);
            Assert.True(engine.OpenOne(algorithm, key, nonce, associated, sealedBytes, new byte[bytes])); // all is as it was

            void Refuses(byte[] forged, int at)
            {
                byte bit = (byte)(1 << random.Next(8));
                forged[at] ^= bit;
                byte[] opened = random.Bytes(bytes), memory = (byte[])sealedBytes.Clone();
                Assert.False(engine.OpenOne(algorithm, key, nonce, associated, sealedBytes, opened), $"byte {at} of {bytes}");
                Assert.True(opened.AsSpan().IndexOfAnyExcept((byte)0) < 0, $"byte {at} of {bytes}");
                Assert.False(engine.OpenOne(algorithm, key, nonce, associated, memory, memory.AsSpan(0, bytes)), $"byte {at} of {bytes}, in place");
                Assert.True(memory.AsSpan(0, bytes).IndexOfAnyExcept((byte)0) < 0, $"byte {at} of {bytes}, in place");
                forged[at] ^= bit;
            }
        }
    }

    /// <summary>Wherever a batch is cut into parts that go different ways, nothing shows of it.</summary>
    [Fact]
    public void WideAead_EveryCountAtEveryTurningPoint_EqualsLibsodium()
    {
        _ = Bound.Crypto;
        IAeadEngine engine = Widths.Widest<IAeadEngine>(default(WideAead<Width128>), default(WideAead<Width256>), default(WideAead<Width512>));
        foreach (int bytes in new[] { 0, 255, 256, 511, 512, 1024, 2047, 2048, 4095, 4096, 8191, 8192 })
        {
            for (int items = 1; items <= 20; items++)
            {
                DifferentialAeadTests.Compare(engine, new Random(bytes + items), (AeadAlgorithm)(1 + (items % 2)), items, bytes, AssociatedBytes);
            }
        }
    }
}
