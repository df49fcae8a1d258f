using System;
using System.Globalization;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Support;

/// <summary>Randomness that can be repeated; FCPFAST_SEED=n begins with another seed, and a failure names its own.</summary>
internal static class Seeded
{
    private static int FirstSeed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("FCPFAST_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : 1;

    /// <summary>Runs with as many seeds; a failure names its seed.</summary>
    public static void Run(int runs, Action<Random> run)
    {
        for (int i = 0; i < runs; i++)
        {
            int seed = FirstSeed + i;
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

    public static Bytes8 Next8(this Random random)
    {
        Span<byte> bytes = stackalloc byte[Bytes8.Length];
        random.NextBytes(bytes);
        return Bytes8.Read(bytes);
    }

    public static Bytes32 Next32(this Random random)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        random.NextBytes(bytes);
        return Bytes32.Read(bytes);
    }
}
