using System;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Interop.Memory;
using FcpFast.Interop.Tests.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>Kernels read and write by whole vectors, but nothing outside the spans: here each span ends where the next page faults.</summary>
public sealed class MemoryBoundsTests
{
    private const int Items = 17, AssociatedBytes = 86;

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void SealAndOpen_SpansThatEndAtAGuardPage_StayInside(int bits)
    {
        StaysInside(Engines.AeadOf(bits));
        StaysInside(Engines.MessageAeadOf(bits));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Compute_MessagesThatEndAtAGuardPage_StaysInside(int bits)
    {
        IMacEngine engine = Engines.MacOf(bits);
        using var data = new EndOfMemory(Items * 1200);
        foreach (MacSuite suite in new[] { MacSuite.HmacSha256, MacSuite.Blake3 })
        {
            byte[] macs = new byte[Items * 16], expected = new byte[Items * 16], prepared = new byte[engine.PreparedKeyBytes(suite)];
            engine.PrepareKey(suite, new byte[32], prepared);
            for (int bytes = 0; bytes <= 1200; bytes += bytes < 130 ? 1 : 67)
            {
                MacItem[] items = Enumerable.Range(1, Items).Select(i => new MacItem((i * 1200) - bytes, i % 5 == 0 ? bytes / 2 : bytes)).ToArray();
                MacItem[] even = items.Select(item => item with { Bytes = bytes }).ToArray();
                foreach (MacItem[] list in new[] { items, even })
                {
                    engine.Compute(suite, prepared, data.Bytes, list, macs);
                    default(PortableMac).Compute(suite, new byte[32], data.Bytes, list, expected);
                    Assert.True(expected.AsSpan().SequenceEqual(macs), $"{suite}, {bytes} bytes");
                }
            }
        }
    }

    private static void StaysInside(IAeadEngine engine)
    {
        foreach (int bytes in new[] { 0, 1, 15, 16, 17, 63, 64, 65, 127, 255, 256, 1000, 1023, 1024, 1025, 1040, 2048, 2063, 2064 })
        {
            foreach (AeadAlgorithm algorithm in new[] { AeadAlgorithm.ChaCha20Poly1305, AeadAlgorithm.XChaCha20Poly1305 })
            {
                int sealedBytes = bytes + CryptoSizes.TagBytes, nonceBytes = CryptoSizes.NonceBytes(algorithm);
                using var input = new EndOfMemory((Items * sealedBytes) - CryptoSizes.TagBytes);
                using var output = new EndOfMemory(Items * sealedBytes);
                using var nonces = new EndOfMemory(Items * nonceBytes);
                using var associated = new EndOfMemory(Items * AssociatedBytes);
                using var key = new EndOfMemory(CryptoSizes.KeyBytes);
                AeadItem[] places = Enumerable.Range(0, Items).Select(i => new AeadItem(i * sealedBytes, i * sealedBytes)).ToArray();
                byte[] expected = new byte[Items * sealedBytes];
                default(LibsodiumAead).Seal(key.Bytes, new AeadBatch(
                    algorithm, input.Bytes, expected, places, bytes, nonces.Bytes, associated.Bytes, AssociatedBytes, sealing: true));
                engine.Seal(key.Bytes, new AeadBatch(
                    algorithm, input.Bytes, output.Bytes, places, bytes, nonces.Bytes, associated.Bytes, AssociatedBytes, sealing: true));
                Assert.True(expected.AsSpan().SequenceEqual(output.Bytes), $"{bytes} bytes, {algorithm}");

                using var opened = new EndOfMemory(input.Bytes.Length);
                var verdicts = new bool[Items];
                Assert.Equal(Items, engine.Open(key.Bytes, new AeadBatch(
                    algorithm, output.Bytes, opened.Bytes, places, bytes, nonces.Bytes, associated.Bytes, AssociatedBytes, sealing: false), verdicts));
                foreach (AeadItem place in places)
                {
                    Assert.True(input.Bytes.Slice(place.InputOffset, bytes).SequenceEqual(opened.Bytes.Slice(place.InputOffset, bytes)));
                }
            }
        }
    }

    /// <summary>Random bytes behind which a page lies that faults.</summary>
    private sealed class EndOfMemory : IDisposable
    {
        private readonly GuardedSlab _slab;
        private readonly int _bytes;

        public EndOfMemory(int bytes)
        {
            _ = Bound.Crypto;
            _slab = new GuardedSlab(Math.Max(bytes, 1), 1);
            _bytes = bytes;
            new Random(bytes).Bytes(bytes).CopyTo(Bytes);
        }

        public Span<byte> Bytes => _slab.Slot(0, Math.Max(_bytes, 1))[..Math.Max(_bytes, 0)];

        public void Dispose() => _slab.Dispose();
    }
}
