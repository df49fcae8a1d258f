using System;
using System.Runtime.CompilerServices;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>Tags compared with one that differs in its first byte, or in its last.</summary>
/// <param name="isPlanted">True to compare byte by byte and stop at the first difference: the leak that every run must find.</param>
internal sealed class CompareSubject(bool isPlanted) : LeakSubject(isPlanted ? "planted leak: compare that stops early" : "tag compare", Tags * CryptoSizes.TagBytes)
{
    private const int Tags = 64;

    private readonly byte[] _expected = BenchData.Make(1, Tags * CryptoSizes.TagBytes);

    public override bool IsPlanted => isPlanted;

    /// <summary>Tags found equal so far; keeps the comparisons from being left out.</summary>
    public int EqualCount { get; private set; }

    public override void Run()
    {
        int equal = 0;
        for (int offset = 0; offset < _expected.Length; offset += CryptoSizes.TagBytes)
        {
            ReadOnlySpan<byte> expected = _expected.AsSpan(offset, CryptoSizes.TagBytes), found = Input.Slice(offset, CryptoSizes.TagBytes);
            if (isPlanted ? StopsEarly(expected, found) : ConstantTime.AreEqual16(expected, found)) equal++;
        }

        EqualCount += equal;
    }

    protected override void Fill(int inputClass, Span<byte> input, Random random)
    {
        _expected.CopyTo(input);
        for (int offset = 0; offset < input.Length; offset += CryptoSizes.TagBytes)
        {
            input[offset + (inputClass * (CryptoSizes.TagBytes - 1))] ^= (byte)random.Next(1, 256);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool StopsEarly(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] != found[i]) return false;
        }

        return true;
    }
}
