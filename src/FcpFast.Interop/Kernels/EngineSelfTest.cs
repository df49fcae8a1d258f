using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>Holds an engine against a trusted one on random batches of all sizes, before it is used.</summary>
/// <remarks>
/// Shape:   the answer is null, or what differed, with the seed that repeats it.
/// Cost:    a few milliseconds each, and what compiling the kernels takes the first time; one block of at most 512 KiB, because what a start leaves
///          behind stays resident in a process that allocates nothing later.
/// Threads: stateless.
/// Source:  DESIGN §2.
/// </remarks>
public static class EngineSelfTest
{
    private const int AeadBatches = 60, SingleMessages = 20, MacBatches = 40, Hashes = 12;
    private const int MessagesMax = 35, SymbolBytesMax = 16_384, DatagramBytesMax = 3_000, AssociatedBytesMax = 140, InputBytesMax = 150_000;
    private const int ManyBytesMax = SymbolBytesMax / 8, GapBytesMax = 20;
    private const int BatchBytesMax = MessagesMax * (ManyBytesMax + CryptoSizes.TagBytes + GapBytesMax);
    private const int ScratchBytes = (5 * BatchBytesMax) + CryptoSizes.KeyBytes + (MessagesMax * (AssociatedBytesMax + CryptoSizes.XChaChaNonceBytes));

    // Long and not alone, for each way that kernels take; none has more bytes than BatchBytesMax.
    private static readonly (int Count, int Bytes)[] LongBatches = [(4, SymbolBytesMax), (4, 4096), (7, 8191), (13, 4097)];

    /// <summary>Sealing and opening, some of it forged.</summary>
    public static string? Check(IAeadEngine engine, IAeadEngine reference, int seed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(reference);
        var random = new Random(seed);
        byte[] scratch = new byte[ScratchBytes];
        int firstCount = random.Next(MessagesMax); // each count has its turn, now with one algorithm and now with the other
        for (int i = 0; i < AeadBatches; i++)
        {
            var algorithm = (AeadAlgorithm)(1 + (i % 2));
            bool isSingle = i >= AeadBatches - SingleMessages; // these go another way through the kernels
            (int count, int bytes) = i < LongBatches.Length ? LongBatches[i] : isSingle ? (1, Length(random, SymbolBytesMax)) : (1 + ((firstCount + i) % MessagesMax), Length(random, ManyBytesMax));
            int associatedBytes = random.Next(AssociatedBytesMax);
            if (!Agree(engine, reference, random, scratch, algorithm, count, bytes, associatedBytes))
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
        byte[] scratch = new byte[(2 * DatagramBytesMax) + MessagesMax + CryptoSizes.KeyBytes + (2 * MessagesMax * CryptoSizes.MacBytes)];
        var items = new MacItem[MessagesMax];
        for (int i = 0; i < MacBatches; i++)
        {
            var suite = (MacSuite)(1 + (i % 2));
            int count = Count(random), usual = Length(random, DatagramBytesMax);
            if (suite == MacSuite.HmacSha256) count = Math.Max(count, WideMac<Width128>.FewestHmac); // fewer are the platform's, which nothing here need load
            Span<byte> rest = scratch;
            ReadOnlySpan<byte> data = Filled(ref rest, (2 * DatagramBytesMax) + count, random), key = Filled(ref rest, CryptoSizes.KeyBytes, random);
            for (int item = 0; item < count; item++)
            {
                int bytes = i % 4 < 2 ? usual : Length(random, DatagramBytesMax);
                items[item] = new MacItem(random.Next(data.Length - bytes + 1), bytes);
            }

            Span<byte> found = Taken(ref rest, count * CryptoSizes.MacBytes), expected = Taken(ref rest, count * CryptoSizes.MacBytes);
            Compute(reference, suite, key, data, items.AsSpan(0, count), expected);
            Compute(engine, suite, key, data, items.AsSpan(0, count), found); // last, so that what it writes beyond its place spoils the comparison
            if (!found.SequenceEqual(expected))
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
        byte[] scratch = new byte[InputBytesMax + CryptoSizes.KeyBytes];
        Blake3Hasher tested = new(engine), trusted = new();
        Span<byte> found = stackalloc byte[CryptoSizes.HashBytes], expected = stackalloc byte[CryptoSizes.HashBytes];
        for (int i = 0; i < Hashes; i++)
        {
            Span<byte> rest = scratch;
            ReadOnlySpan<byte> input = Filled(ref rest, random.Next(InputBytesMax >> (i % 4)), random), key = Filled(ref rest, CryptoSizes.KeyBytes, random);
            int split = random.Next(input.Length + 1);
            Hash(tested, key, input, split, found);
            Hash(trusted, key, input, split, expected);
            if (!found.SequenceEqual(expected)) return $"BLAKE3 of {input.Length} bytes in two pieces, the first of {split}, differs (seed {seed})";
        }

        return null;
    }

    private static bool Agree(
        IAeadEngine engine, IAeadEngine reference, Random random, Span<byte> rest, AeadAlgorithm algorithm, int count, int bytes, int associatedBytes)
    {
        int slot = bytes + CryptoSizes.TagBytes + random.Next(GapBytesMax);
        ReadOnlySpan<byte> key = Filled(ref rest, CryptoSizes.KeyBytes, random), nonces = Filled(ref rest, count * CryptoSizes.NonceBytes(algorithm), random);
        ReadOnlySpan<byte> associated = Filled(ref rest, count * associatedBytes, random), plain = Filled(ref rest, count * slot, random);
        Span<byte> found = Taken(ref rest, plain.Length), expected = Taken(ref rest, plain.Length);
        found.Clear();
        expected.Clear();
        var items = new AeadItem[count];
        for (int i = 0; i < count; i++) items[i] = new AeadItem(i * slot, i * slot);
        reference.Seal(key, new AeadBatch(algorithm, plain, expected, items, bytes, nonces, associated, associatedBytes, sealing: true));
        engine.Seal(key, new AeadBatch(algorithm, plain, found, items, bytes, nonces, associated, associatedBytes, sealing: true)); // last, as above
        if (!found.SequenceEqual(expected)) return false;

        foreach (AeadItem item in items)
        {
            if (random.Next(4) == 0) expected[item.InputOffset + random.Next(bytes + CryptoSizes.TagBytes)] ^= (byte)(1 << random.Next(8));
        }

        Span<byte> opened = Filled(ref rest, plain.Length, random), openedExpected = Taken(ref rest, plain.Length);
        opened.CopyTo(openedExpected);
        bool[] verdicts = new bool[count], verdictsExpected = new bool[count];
        int verifiedExpected = reference.Open(
            key, new AeadBatch(algorithm, expected, openedExpected, items, bytes, nonces, associated, associatedBytes, sealing: false), verdictsExpected);
        int verified = engine.Open(
            key, new AeadBatch(algorithm, expected, opened, items, bytes, nonces, associated, associatedBytes, sealing: false), verdicts);
        return verified == verifiedExpected && verdicts.AsSpan().SequenceEqual(verdictsExpected) && opened.SequenceEqual(openedExpected);
    }

    private static void Compute(IMacEngine engine, MacSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        byte[] prepared = new byte[engine.PreparedKeyBytes(suite)];
        engine.PrepareKey(suite, key, prepared);
        macs.Clear(); // of the batch before
        engine.Compute(suite, prepared, data, items, macs);
    }

    private static void Hash(Blake3Hasher hasher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> input, int split, Span<byte> hash)
    {
        hasher.Reset(key);
        hasher.Update(input[..split]);
        hasher.Update(input[split..]);
        hasher.Finish(hash);
    }

    /// <summary>A count from 1 on, often one around full vectors.</summary>
    private static int Count(Random random) =>
        random.Next(2) == 0 ? random.Next(1, MessagesMax + 1) : Math.Clamp((4 << random.Next(4)) + random.Next(-1, 2), 1, MessagesMax);

    /// <summary>A length from 0 on, often one around whole blocks.</summary>
    private static int Length(Random random, int most) =>
        random.Next(2) == 0 ? random.Next(most + 1) : Math.Clamp((64 * random.Next((most / 64) + 1)) + random.Next(-1, 2), 0, most);

    private static Span<byte> Filled(ref Span<byte> rest, int bytes, Random random)
    {
        Span<byte> taken = Taken(ref rest, bytes);
        random.NextBytes(taken);
        return taken;
    }

    private static Span<byte> Taken(ref Span<byte> rest, int bytes)
    {
        Span<byte> taken = rest[..bytes];
        rest = rest[bytes..];
        return taken;
    }
}
