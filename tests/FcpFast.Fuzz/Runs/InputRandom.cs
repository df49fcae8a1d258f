using System;
using System.Buffers.Binary;

namespace FcpFast.Fuzz.Runs;

/// <summary>The input as a source of choices, so that a fuzzer chooses the steps of a model test.</summary>
/// <remarks>
/// Shape: a choice below 256 takes one byte, a larger one two, four or eight; a mutation of one byte changes one choice.
/// Errors: <see cref="InputEnded"/> when a choice is asked for and no byte is left: that is how a run ends.
/// </remarks>
internal sealed class InputRandom : Random
{
    private readonly byte[] _input;
    private int _taken;

    public InputRandom(ReadOnlySpan<byte> input)
        : base(0) => _input = input.ToArray();

    /// <summary>Runs what chooses until its choices are spent.</summary>
    public static void Run(ReadOnlySpan<byte> input, Func<Random, string?> run)
    {
        try
        {
            FuzzFinding.Of(run(new InputRandom(input)));
        }
        catch (InputEnded)
        {
            // Every step up to here agreed.
        }
    }

    public override int Next() => (int)Take(int.MaxValue);

    public override int Next(int maxValue) => (int)Take((ulong)Math.Max(maxValue, 0));

    public override int Next(int minValue, int maxValue) => (int)(minValue + (long)Take((ulong)((long)maxValue - minValue)));

    public override long NextInt64() => (long)Take(long.MaxValue);

    public override long NextInt64(long maxValue) => (long)Take((ulong)maxValue);

    public override long NextInt64(long minValue, long maxValue) => unchecked(minValue + (long)Take((ulong)maxValue - (ulong)minValue));

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        // Content, not a choice: it follows from one byte, so that inputs stay short.
        new Random((int)Take(256)).NextBytes(buffer);
    }

    public override double NextDouble() => Take(1 << 16) / (double)(1 << 16);

    protected override double Sample() => NextDouble();

    private ulong Take(ulong below)
    {
        if (below <= 1) return 0;
        int bytes = below <= 1 << 8 ? 1 : below <= 1 << 16 ? 2 : below <= 1ul << 32 ? 4 : 8;
        if (_taken + bytes > _input.Length) throw new InputEnded();
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        _input.AsSpan(_taken, bytes).CopyTo(word);
        _taken += bytes;
        return BinaryPrimitives.ReadUInt64LittleEndian(word) % below;
    }

    /// <summary>No byte is left.</summary>
    internal sealed class InputEnded : Exception;
}
