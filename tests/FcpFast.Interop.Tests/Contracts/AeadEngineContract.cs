using System;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;
using Sodium;

namespace FcpFast.Interop.Tests.Contracts;

/// <summary>What every AEAD engine does, whatever its width. A new engine is one subclass.</summary>
/// <remarks>Source: [WIRE §5], [RFC 8439 §2.8]. Oracles: the slow reference, .NET's own class, Sodium.Core's managed API.</remarks>
public abstract class AeadEngineContract
{
    private const int AssociatedBytes = 86; // of a symbol

    public static TheoryData<AeadAlgorithm> Algorithms => [AeadAlgorithm.ChaCha20Poly1305, AeadAlgorithm.XChaCha20Poly1305];

    /// <summary>Every engine with every batch that the design names, and lengths around blocks and whole symbols.</summary>
    public static TheoryData<AeadAlgorithm, int, int> Batches
    {
        get
        {
            var data = new TheoryData<AeadAlgorithm, int, int>();
            foreach (AeadAlgorithm algorithm in new[] { AeadAlgorithm.ChaCha20Poly1305, AeadAlgorithm.XChaCha20Poly1305 })
            {
                foreach (int items in new[] { 0, 1, 2, 17, 64 })
                {
                    foreach (int bytes in new[] { 0, 1, 63, 64, 65, 256, 1000, 1024, 1040 }) data.Add(algorithm, items, bytes);
                }
            }

            return data;
        }
    }

    private protected abstract IAeadEngine Engine { get; }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void SealAndOpen_LengthsTo1100_EqualTheReference(AeadAlgorithm algorithm)
    {
        var random = new Random(1);
        byte[] key = random.Bytes(32), associated = random.Bytes(AssociatedBytes), nonce = random.Bytes(CryptoSizes.NonceBytes(algorithm));
        foreach (int length in Enumerable.Range(0, 1101).Where(static n => n < 150 || n % 11 == 0 || n % 64 is 0 or 1 or 63 || n % 16 == 1).Append(16_384))
        {
            byte[] plaintext = random.Bytes(length), sealedBytes = new byte[length + 16], opened = new byte[length];
            Engine.SealOne(algorithm, key, nonce, associated, plaintext, sealedBytes);
            Assert.True(ChaChaPolyReference.Seal(key, nonce, associated, plaintext).AsSpan().SequenceEqual(sealedBytes), $"length {length}");
            Assert.True(Engine.OpenOne(algorithm, key, nonce, associated, sealedBytes, opened), $"length {length}");
            Assert.Equal(plaintext, opened);
        }
    }

    [Fact]
    public void Seal_LengthsTo1100And16384_EqualsThePlatformsClass()
    {
        if (!ChaCha20Poly1305.IsSupported) Assert.Skip("This platform has no ChaCha20Poly1305.");
        var random = new Random(2);
        byte[] key = random.Bytes(32), associated = random.Bytes(AssociatedBytes), nonce = random.Bytes(12);
        using var platform = new ChaCha20Poly1305(key);
        foreach (int length in Enumerable.Range(0, 1101).Append(16_384))
        {
            byte[] plaintext = random.Bytes(length), expected = new byte[length + 16], sealedBytes = new byte[length + 16];
            platform.Encrypt(nonce, plaintext, expected.AsSpan(0, length), expected.AsSpan(length), associated);
            Engine.SealOne(AeadAlgorithm.ChaCha20Poly1305, key, nonce, associated, plaintext, sealedBytes);
            Assert.True(expected.AsSpan().SequenceEqual(sealedBytes), $"length {length}");
        }
    }

    [Fact]
    public void Seal_RandomMessages_EqualsSodiumCore() => Seeded.Run(200, random =>
    {
        byte[] key = random.Bytes(32), associated = random.Bytes(random.Next(17)), plaintext = random.Bytes(random.Next(1, 2000));
        byte[] nonce12 = random.Bytes(12), nonce24 = random.Bytes(24), sealedBytes = new byte[plaintext.Length + 16];
        Engine.SealOne(AeadAlgorithm.ChaCha20Poly1305, key, nonce12, associated, plaintext, sealedBytes);
        Assert.Equal(SecretAeadChaCha20Poly1305IETF.Encrypt(plaintext, nonce12, key, associated), sealedBytes);
        Engine.SealOne(AeadAlgorithm.XChaCha20Poly1305, key, nonce24, associated, plaintext, sealedBytes);
        Assert.Equal(SecretAeadXChaCha20Poly1305.Encrypt(plaintext, nonce24, key, associated), sealedBytes);
    });

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void SealAndOpen_AssociatedDataTo200_EqualTheReference(AeadAlgorithm algorithm)
    {
        var random = new Random(3);
        byte[] key = random.Bytes(32), plaintext = random.Bytes(100), nonce = random.Bytes(CryptoSizes.NonceBytes(algorithm)), sealedBytes = new byte[116];
        for (int length = 0; length <= 200; length++)
        {
            byte[] associated = random.Bytes(length);
            Engine.SealOne(algorithm, key, nonce, associated, plaintext, sealedBytes);
            Assert.True(ChaChaPolyReference.Seal(key, nonce, associated, plaintext).AsSpan().SequenceEqual(sealedBytes), $"length {length}");
            Assert.True(Engine.OpenOne(algorithm, key, nonce, associated, sealedBytes, new byte[100]));
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Seal_ABatchScatteredOverMemory_WritesItsItemsAndNothingElse(AeadAlgorithm algorithm, int items, int bytes)
    {
        var batch = new AeadBatchSample(new Random(items + bytes), algorithm, items, bytes, AssociatedBytes);
        byte[] output = batch.Canvas();
        Engine.Seal(batch.Key, batch.Sealing(batch.Plain, output));
        Assert.Equal(batch.Sealed, output);
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Seal_InPlace_EqualsSealingAside(AeadAlgorithm algorithm, int items, int bytes)
    {
        var batch = new AeadBatchSample(new Random(items + bytes + 1), algorithm, items, bytes, AssociatedBytes);
        byte[] memory = (byte[])batch.Plain.Clone();
        Engine.Seal(batch.Key, batch.Sealing(memory, memory));
        Assert.Equal(batch.Sealed, memory);
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Open_ABatch_OpensAllOfItAsideAndInPlace(AeadAlgorithm algorithm, int items, int bytes)
    {
        var batch = new AeadBatchSample(new Random(items + bytes + 2), algorithm, items, bytes, AssociatedBytes);
        byte[] output = batch.Canvas();
        bool[] opened = new bool[items + 2];
        Assert.Equal(items, Engine.Open(batch.Key, batch.Opening(batch.Sealed, output), opened));
        Assert.Equal([.. Enumerable.Repeat(true, items), false, false], opened); // verdicts beyond the batch are left alone
        Assert.Equal(batch.Opened(_ => true), output);

        byte[] memory = (byte[])batch.Sealed.Clone();
        Assert.Equal(items, Engine.Open(batch.Key, batch.Opening(memory, memory), opened));
        Assert.All(Enumerable.Range(0, items), item => Assert.Equal(batch.PlaintextOf(item), memory[batch.PlaceOf(item)..(batch.PlaceOf(item) + bytes)]));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Open_SomeItemsForged_RefusesAndZeroesThoseOnly(AeadAlgorithm algorithm, int items, int bytes)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var batch = new AeadBatchSample(random, algorithm, items, bytes, AssociatedBytes);
            byte[] input = (byte[])batch.Sealed.Clone();
            bool[] forged = Enumerable.Range(0, items).Select(_ => seed == 4 || random.Next(3) == 0).ToArray();
            for (int item = 0; item < items; item++)
            {
                if (forged[item]) batch.Forge(random, item, input);
            }

            byte[] output = batch.Canvas();
            bool[] opened = Enumerable.Repeat(true, items).ToArray(); // old verdicts must not stay
            Assert.Equal(forged.Count(static f => !f), Engine.Open(batch.Key, batch.Opening(input, output), opened));
            Assert.Equal(forged.Select(static f => !f), opened);
            Assert.Equal(batch.Opened(item => !forged[item]), output);
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Open_ForgedInPlace_LeavesNoPlaintext(AeadAlgorithm algorithm, int items, int bytes)
    {
        var random = new Random(5);
        var batch = new AeadBatchSample(random, algorithm, items, bytes, AssociatedBytes);
        byte[] memory = (byte[])batch.Sealed.Clone();
        for (int item = 0; item < items; item += 2) batch.Forge(random, item, memory);
        bool[] opened = new bool[items];
        Engine.Open(batch.Key, batch.Opening(memory, memory), opened);
        for (int item = 0; item < items; item++)
        {
            byte[] expected = item % 2 == 0 ? new byte[bytes] : batch.PlaintextOf(item);
            Assert.Equal(expected, memory[batch.PlaceOf(item)..(batch.PlaceOf(item) + bytes)]);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Open_EveryBitOfEverythingFlipped_IsRefused(AeadAlgorithm algorithm)
    {
        var random = new Random(6);
        byte[] key = random.Bytes(32), nonce = random.Bytes(CryptoSizes.NonceBytes(algorithm)), associated = random.Bytes(7), sealedBytes = new byte[29];
        Engine.SealOne(algorithm, key, nonce, associated, "thirteen byte"u8, sealedBytes);
        foreach (byte[] part in new[] { key, nonce, associated, sealedBytes })
        {
            for (int bit = 0; bit < 8 * part.Length; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                byte[] plaintext = Enumerable.Repeat((byte)0xaa, 13).ToArray();
                Assert.False(Engine.OpenOne(algorithm, key, nonce, associated, sealedBytes, plaintext));
                Assert.Equal(new byte[13], plaintext);
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(Engine.OpenOne(algorithm, key, nonce, associated, sealedBytes, new byte[13]));
        Assert.False(Engine.OpenOne(algorithm, key, nonce, associated.AsSpan(1), sealedBytes, new byte[13]));
        Assert.False(Engine.OpenOne(algorithm, key, nonce, associated, sealedBytes.AsSpan(1), new byte[12]));
        Assert.False(Engine.OpenOne(algorithm, key, nonce, associated, sealedBytes.AsSpan(0, 28), new byte[12]));
    }

    [Fact]
    public void SealAndOpen_TheCallersFaults_ThrowBeforeWork()
    {
        var batch = new AeadBatchSample(new Random(7), AeadAlgorithm.ChaCha20Poly1305, 2, 32, AssociatedBytes);
        byte[] output = batch.Canvas();
        foreach (int keyBytes in new[] { 0, 31, 33 })
        {
            Assert.Throws<ArgumentException>(() => Engine.Seal(new byte[keyBytes], batch.Sealing(batch.Plain, output)));
            Assert.Throws<ArgumentException>(() => Engine.Open(new byte[keyBytes], batch.Opening(batch.Sealed, output), new bool[2]));
        }

        Assert.Throws<ArgumentException>(() => Engine.Open(batch.Key, batch.Opening(batch.Sealed, output), new bool[1]));
        Assert.Throws<ArgumentException>(() => Engine.Seal(batch.Key, batch.Opening(batch.Sealed, output))); // lengths proven the other way
        Assert.Throws<ArgumentException>(() => Engine.Open(batch.Key, batch.Sealing(batch.Plain, output), new bool[2]));
        Assert.Equal(batch.Canvas(), output);
    }

    [Fact]
    public void SealAndOpen_OnFourThreads_KeepNoStateBetweenCalls() => Parallel.For(0, 4, thread =>
    {
        for (int i = 0; i < 50; i++)
        {
            var batch = new AeadBatchSample(new Random((1000 * thread) + i), AeadAlgorithm.XChaCha20Poly1305, 5, 77, AssociatedBytes);
            byte[] output = batch.Canvas();
            Engine.Seal(batch.Key, batch.Sealing(batch.Plain, output));
            Assert.Equal(batch.Sealed, output);
        }
    });
}
