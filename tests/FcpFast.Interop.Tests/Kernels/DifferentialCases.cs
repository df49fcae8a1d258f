using System;
using System.Globalization;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>How many random cases engine is held against engine, and how large they are.</summary>
/// <remarks>FCPFAST_DIFFERENTIAL_CASES=10000000 is the long run.</remarks>
internal static class DifferentialCases
{
    private const int CasesDefault = 400;

    /// <summary>Cases of one test.</summary>
    public static int Budget { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("FCPFAST_DIFFERENTIAL_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : CasesDefault;

    /// <summary>A count from 1 on: small ones, and those around full vectors, more often.</summary>
    public static int Count(Random random, int most) => random.Next(3) switch
    {
        0 => random.Next(1, Math.Min(most, 20) + 1),
        1 => Math.Clamp((4 << random.Next(5)) + random.Next(-1, 2), 1, most),
        _ => random.Next(1, most + 1),
    };

    /// <summary>A length from 0 on: short ones, and those around blocks and chunks, more often.</summary>
    public static int Length(Random random, int most) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(most, 300) + 1),
        1 => Math.Clamp((64 * random.Next((most / 64) + 1)) + random.Next(-1, 2), 0, most),
        2 => Math.Clamp((1024 * random.Next((most / 1024) + 1)) + random.Next(-1, 2), 0, most),
        _ => random.Next(most + 1),
    };
}
