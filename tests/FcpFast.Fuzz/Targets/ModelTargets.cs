using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Tests.Manifests;
using FcpFast.Fuzz.Runs;
using FcpFast.Protocol.Tests.Batch;
using FcpFast.Protocol.Tests.Objects;
using FcpFast.Protocol.Tests.Replay;

namespace FcpFast.Fuzz.Targets;

/// <summary>State machines beside the slow models of their tests, with the fuzzer in the place of the dice.</summary>
/// <remarks>Source: [REPLAY §2.2], [REPLAY §2.3], [REPLAY §2.5], [REPLAY §2.9], [REPLAY §3], [WIRE §12.2], [WIRE §17].</remarks>
internal static class ModelTargets
{
    private static readonly int[] Widths = [1, 2, 3, 63, 64, 65, 127, 128, 129, 8_128];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        Model("window", static random => ReplayWindowModelTests.FirstDifference(random, Widths[random.Next(Widths.Length)], 5_000, static (w, fence) => new ReplayWindowModelTests.Product(w, fence))),
        Model("lanes", static random => LaneTableModelTests.FirstDifference(random, static (max, w) => new LaneTableModelTests.Product(max, w))),
        Model("content_windows", static random => ContentWindowsModelTests.FirstDifference(random, static () => new ContentWindowsModelTests.Product())),
        Model("receiver", static random => ReceivePathModelTests.FirstDifference(random, new ReceivePathModelTests.Product())) with { InputBytesMax = 1024 },
        Model("assembly", static random =>
        {
            AssemblyTableTests.UseAtRandom(random);
            return null;
        }),
        Model("manifest_history", static random =>
        {
            ManifestHistoryModelTests.Course(random, static (_, _) => { });
            return null;
        }),
    ];

    private static FuzzTarget Model(string name, Func<Random, string?> run) => new(name, input => InputRandom.Run(input, run), Seeds)
    {
        InputBytesMax = 4096,
        AllocatedBytesMax = long.MaxValue / 4, // a slow model's allocations say nothing of the product's
    };

    /// <summary>Dice that fell in some way: four courses of each length.</summary>
    private static IEnumerable<byte[]> Seeds() =>
        from bytes in new[] { 16, 128, 800 }
        from seed in Enumerable.Range(1, 4)
        select Cast(seed, bytes);

    private static byte[] Cast(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
