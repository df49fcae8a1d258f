using System;
using System.Globalization;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>Random steps that can be repeated: every run has a seed of its own, which a failure prints.</summary>
/// <remarks>
/// The seeds are fixed, so that a run never fails by chance; FCPFAST_SEED=n tries others, and the printed seed repeats the one run that failed.
/// FCPFAST_MODEL_OPERATIONS is the budget of the long model tests together.
/// </remarks>
internal static class Seeded
{
    private const long ModelOperationsDefault = 2_000_000;

    /// <summary>Steps that all long model tests together may take.</summary>
    public static long ModelOperations { get; } =
        long.TryParse(Environment.GetEnvironmentVariable("FCPFAST_MODEL_OPERATIONS"), CultureInfo.InvariantCulture, out long operations)
            ? operations
            : ModelOperationsDefault;

    private static int? ChosenSeed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("FCPFAST_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : null;

    /// <summary>Runs <paramref name="run"/> with <paramref name="runs"/> seeds; a failure names its seed.</summary>
    public static void Run(int runs, Action<Random> run)
    {
        int first = ChosenSeed ?? 1;
        for (int i = 0; i < runs; i++)
        {
            int seed = first + i;
            try
            {
                run(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Failed with FCPFAST_SEED={seed}: {e.Message}", e);
            }
        }
    }

    /// <summary>Random bytes.</summary>
    public static byte[] Bytes(this Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>64 random bits.</summary>
    public static ulong Bits64(this Random random) => ((ulong)random.NextInt64(1L << 32) << 32) | (ulong)random.NextInt64(1L << 32);

    /// <summary>32 random bits, often a border.</summary>
    public static uint Edge32(this Random random) => (uint)(Edge64(random) & 0x7fff_ffff);

    /// <summary>A number that is likely to be a border of some width.</summary>
    public static ulong Edge64(this Random random)
    {
        ulong[] borders = [0, 23, 24, 255, 256, 65_535, 65_536, uint.MaxValue, 1ul << 32, 1ul << 48, long.MaxValue, 1ul << 63, ulong.MaxValue];
        ulong border = borders[random.Next(borders.Length)];
        return random.Next(3) switch
        {
            0 => border,
            1 => unchecked(border + (ulong)random.Next(-2, 3)),
            _ => random.Bits64() >> random.Next(64),
        };
    }

    /// <summary>A copy with one to <paramref name="most"/> small changes: bits flipped, bytes set, removed, inserted, or the end cut.</summary>
    public static byte[] Mutated(this Random random, byte[] bytes, int most = 3)
    {
        byte[] changed = (byte[])bytes.Clone();
        for (int i = random.Next(1, most + 1); i > 0; i--)
        {
            int at = changed.Length == 0 ? 0 : random.Next(changed.Length);
            switch (random.Next(6))
            {
                case 0 or 1 when changed.Length > 0:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when changed.Length > 0:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 3 when changed.Length > 0:
                    changed = [.. changed[..at], .. changed[(at + 1)..]];
                    break;
                case 4:
                    changed = [.. changed[..at], (byte)random.Next(256), .. changed[at..]];
                    break;
                default:
                    changed = changed[..at];
                    break;
            }
        }

        return changed;
    }
}
