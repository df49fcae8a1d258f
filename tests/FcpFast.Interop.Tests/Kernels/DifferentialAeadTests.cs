using System;
using System.Linq;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Interop.Tests.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>Every width against libsodium on random batches: messages of 0 to 16,384 bytes, 1 to 64 at once, some forged, some in place.</summary>
public sealed class DifferentialAeadTests
{
    private const int BytesMax = 16_384, ItemsMax = 64, AssociatedMax = 300;

    [Fact]
    public void KernelAead128_RandomBatches_EqualsLibsodium() => Compare<Width128>();

    [Fact]
    public void KernelAead256_RandomBatches_EqualsLibsodium() => Compare<Width256>();

    [Fact]
    public void KernelAead512_RandomBatches_EqualsLibsodium() => Compare<Width512>();

    [Fact]
    public void MessageAead128_RandomBatches_EqualsLibsodium() => CompareInside<Width128>();

    [Fact]
    public void MessageAead256_RandomBatches_EqualsLibsodium() => CompareInside<Width256>();

    [Fact]
    public void MessageAead512_RandomBatches_EqualsLibsodium() => CompareInside<Width512>();

    /// <summary>What is used: batches in parts, each its own way.</summary>
    [Fact]
    public void WideAead_RandomBatches_EqualsLibsodium()
    {
        _ = Bound.Crypto;
        IAeadEngine engine = Widths.Widest<IAeadEngine>(default(WideAead<Width128>), default(WideAead<Width256>), default(WideAead<Width512>));
        Seeded.Run(DifferentialCases.Budget, random => Compare(engine, random));
    }

    private static void Compare<TWidth>()
        where TWidth : struct, IKernelWidth
    {
        _ = Bound.Crypto;
        IAeadEngine engine = Widths.Require<TWidth, IAeadEngine>(default(KernelAead<TWidth>));
        Seeded.Run(DifferentialCases.Budget, random => Compare(engine, random));
    }

    private static void CompareInside<TWidth>()
        where TWidth : struct, IKernelWidth
    {
        _ = Bound.Crypto;
        IAeadEngine engine = Widths.Require<TWidth, IAeadEngine>(default(MessageAead<TWidth>));
        Seeded.Run(DifferentialCases.Budget, random => Compare(engine, random));
    }

    private static void Compare(IAeadEngine engine, Random random)
    {
        var algorithm = (AeadAlgorithm)random.Next(1, 3);
        int items = DifferentialCases.Count(random, ItemsMax), bytes = DifferentialCases.Length(random, BytesMax / items * 4);
        bytes = Math.Min(bytes, BytesMax);
        Compare(engine, random, algorithm, items, bytes, random.Next(4) == 0 ? random.Next(AssociatedMax) : 86);
    }

    /// <summary>Seals and opens one batch of random bytes.</summary>
    internal static void Compare(IAeadEngine engine, Random random, AeadAlgorithm algorithm, int items, int bytes, int associatedBytes)
    {
        int slot = bytes + 16 + random.Next(40);
        byte[] key = random.Bytes(32), input = random.Bytes((items * slot) + 8), associated = random.Bytes(items * associatedBytes);
        byte[] nonces = random.Bytes(items * CryptoSizes.NonceBytes(algorithm)), expected = random.Bytes(input.Length);
        if (random.Next(8) == 0) Array.Fill(input, (byte)0xff); // sums near the modulus
        byte[] output = (byte[])expected.Clone();
        AeadItem[] places = Enumerable.Range(0, items).Select(i => new AeadItem(i * slot, i * slot)).ToArray();
        default(LibsodiumAead).Seal(key, new AeadBatch(algorithm, input, expected, places, bytes, nonces, associated, associatedBytes, sealing: true));
        if (random.Next(4) == 0)
        {
            // In place: what lies between the items is the input's then.
            byte[] memory = (byte[])input.Clone();
            engine.Seal(key, new AeadBatch(algorithm, memory, memory, places, bytes, nonces, associated, associatedBytes, sealing: true));
            foreach (AeadItem place in places) memory.AsSpan(place.InputOffset, bytes + 16).CopyTo(output.AsSpan(place.OutputOffset));
        }
        else
        {
            engine.Seal(key, new AeadBatch(algorithm, input, output, places, bytes, nonces, associated, associatedBytes, sealing: true));
        }

        Assert.True(expected.AsSpan().SequenceEqual(output), $"sealing {items} times {bytes} bytes with {associatedBytes} of associated data, {algorithm}");

        foreach (AeadItem place in places)
        {
            if (random.Next(6) == 0) expected[place.InputOffset + random.Next(bytes + 16)] ^= (byte)(1 << random.Next(8));
        }

        byte[] opened = random.Bytes(input.Length), openedExpected = (byte[])opened.Clone();
        bool[] verdicts = new bool[items], verdictsExpected = new bool[items];
        var batch = new AeadBatch(algorithm, expected, openedExpected, places, bytes, nonces, associated, associatedBytes, sealing: false);
        int count = default(LibsodiumAead).Open(key, batch, verdictsExpected);
        batch = new AeadBatch(algorithm, expected, opened, places, bytes, nonces, associated, associatedBytes, sealing: false);
        Assert.Equal(count, engine.Open(key, batch, verdicts));
        Assert.Equal(verdictsExpected, verdicts);
        Assert.True(openedExpected.AsSpan().SequenceEqual(opened), $"opening {items} times {bytes} bytes with {associatedBytes} of associated data, {algorithm}");
    }
}
