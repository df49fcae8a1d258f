using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>Holds an engine against a trusted one on random batches of all sizes, before it is used.</summary>
/// <remarks>
/// Shape:   the answer is null, or what differed, with the seed that repeats it.
/// Cost:    a few milliseconds each, and what compiling the kernels takes the first time.
/// Threads: stateless.
/// Source:  DESIGN §2.
/// </remarks>
public static class EngineSelfTest
{
    private const int AeadBatches = 60, SingleMessages = 20, MacBatches = 40, Hashes = 12;
    private const int MessagesMax = 35, SymbolBytesMax = 16_384, DatagramBytesMax = 3_000, AssociatedBytesMax = 140, InputBytesMax = 150_000;

    /// <summary>Sealing and opening, some of it forged.</summary>
    public static string? Check(IAeadEngine engine, IAeadEngine reference, int seed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(reference);
        var random = new Random(seed);
        for (int i = 0; i < AeadBatches; i++)
        {
            var algorithm = (AeadAlgorithm)(1 + (i % 2));
            bool isSingle = i >= AeadBatches - SingleMessages; // these go another way through the kernels
            int count = isSingle ? 1 : Count(random);
            int bytes = i == 0 ? SymbolBytesMax : Length(random, isSingle ? SymbolBytesMax : SymbolBytesMax / 8), associatedBytes = random.Next(AssociatedBytesMax);
            if (!Agree(engine, reference, random, algorithm, count, bytes, associatedBytes))
            {
                return $"{algorithm} of {count} messages of {bytes} bytes with {associatedBytes} of associated data differs (seed {seed})";
            }
        }

        return null;
    }

    /// <summary>Session MACs of both suites.</summary>
    public static string? Check(IMacEngine engine, IMacEngine reference, int seed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(reference);
        var random = new Random(seed);
        for (int i = 0; i < MacBatches; i++)
        {
            var suite = (MacSuite)(1 + (i % 2));
            int count = Count(random), usual = Length(random, DatagramBytesMax);
            if (suite == MacSuite.HmacSha256) count = Math.Max(count, WideMac<Width128>.FewestHmac); // fewer are the platform's, which nothing here need load
            byte[] data = Bytes(random, (2 * DatagramBytesMax) + count), key = Bytes(random, CryptoSizes.KeyBytes);
            var items = new MacItem[count];
            for (int item = 0; item < count; item++)
            {
                int bytes = i % 4 < 2 ? usual : Length(random, DatagramBytesMax);
                items[item] = new MacItem(random.Next(data.Length - bytes + 1), bytes);
            }

            if (!Compute(engine, suite, key, data, items).AsSpan().SequenceEqual(Compute(reference, suite, key, data, items)))
            {
                return $"{suite} of {count} messages of about {usual} bytes differs (seed {seed})";
            }
        }

        return null;
    }

    /// <summary>Hashes of long inputs, given in pieces.</summary>
    public static string? Check(IBlake3Engine engine, int seed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var random = new Random(seed);
        byte[] found = new byte[CryptoSizes.HashBytes], expected = new byte[CryptoSizes.HashBytes];
        for (int i = 0; i < Hashes; i++)
        {
            byte[] input = Bytes(random, random.Next(InputBytesMax >> (i % 4))), key = Bytes(random, CryptoSizes.KeyBytes);
            int split = random.Next(input.Length + 1);
            Hash(new Blake3Hasher(engine), key, input, split, found);
            Hash(new Blake3Hasher(), key, input, split, expected);
            if (!found.AsSpan().SequenceEqual(expected)) return $"BLAKE3 of {input.Length} bytes in two pieces, the first of {split}, differs (seed {seed})";
        }

        return null;
    }

    private static bool Agree(
        IAeadEngine engine, IAeadEngine reference, Random random, AeadAlgorithm algorithm, int count, int bytes, int associatedBytes)
    {
        int slot = bytes + CryptoSizes.TagBytes + random.Next(20);
        byte[] key = Bytes(random, CryptoSizes.KeyBytes), nonces = Bytes(random, count * CryptoSizes.NonceBytes(algorithm));
        byte[] associated = Bytes(random, count * associatedBytes), plain = Bytes(random, count * slot), found = new byte[plain.Length], expected = new byte[plain.Length];
        var items = new AeadItem[count];
        for (int i = 0; i < count; i++) items[i] = new AeadItem(i * slot, i * slot);
        engine.Seal(key, new AeadBatch(algorithm, plain, found, items, bytes, nonces, associated, associatedBytes, sealing: true));
        reference.Seal(key, new AeadBatch(algorithm, plain, expected, items, bytes, nonces, associated, associatedBytes, sealing: true));
        if (!found.AsSpan().SequenceEqual(expected)) return false;

        foreach (AeadItem item in items)
        {
            if (random.Next(4) == 0) expected[item.InputOffset + random.Next(bytes + CryptoSizes.TagBytes)] ^= (byte)(1 << random.Next(8));
        }

        byte[] opened = Bytes(random, plain.Length), openedExpected = (byte[])opened.Clone();
        bool[] verdicts = new bool[count], verdictsExpected = new bool[count];
        int verified = engine.Open(
            key, new AeadBatch(algorithm, expected, opened, items, bytes, nonces, associated, associatedBytes, sealing: false), verdicts);
        int verifiedExpected = reference.Open(
            key, new AeadBatch(algorithm, expected, openedExpected, items, bytes, nonces, associated, associatedBytes, sealing: false), verdictsExpected);
        CryptographicOperations.ZeroMemory(key);
        return verified == verifiedExpected && verdicts.AsSpan().SequenceEqual(verdictsExpected) && opened.AsSpan().SequenceEqual(openedExpected);
    }

    private static byte[] Compute(IMacEngine engine, MacSuite suite, byte[] key, byte[] data, MacItem[] items)
    {
        byte[] prepared = new byte[engine.PreparedKeyBytes(suite)], macs = new byte[items.Length * CryptoSizes.MacBytes];
        engine.PrepareKey(suite, key, prepared);
        engine.Compute(suite, prepared, data, items, macs);
        return macs;
    }

    private static void Hash(Blake3Hasher hasher, byte[] key, byte[] input, int split, byte[] hash)
    {
        hasher.Reset(key);
        hasher.Update(input.AsSpan(0, split));
        hasher.Update(input.AsSpan(split));
        hasher.Finish(hash);
    }

    /// <summary>A count from 1 on, often one around full vectors.</summary>
    private static int Count(Random random) =>
        random.Next(2) == 0 ? random.Next(1, MessagesMax + 1) : Math.Clamp((4 << random.Next(4)) + random.Next(-1, 2), 1, MessagesMax);

    /// <summary>A length from 0 on, often one around whole blocks.</summary>
    private static int Length(Random random, int most) =>
        random.Next(2) == 0 ? random.Next(most + 1) : Math.Clamp((64 * random.Next((most / 64) + 1)) + random.Next(-1, 2), 0, most);

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
