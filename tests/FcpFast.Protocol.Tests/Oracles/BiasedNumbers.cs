using System;
using System.Linq;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Oracles;

/// <summary>Sequence numbers where windows break: around the highest, its words, the width, the ring, 2^32, 2^63 and the end of all numbers.</summary>
/// <remarks>Source: [REPLAY §8].</remarks>
internal static class BiasedNumbers
{
    /// <summary>A number for a window of <paramref name="width"/> whose highest is <paramref name="highest"/>.</summary>
    public static ulong Next(Random random, ulong highest, int width, ReadOnlySpan<ulong> earlier)
    {
        ulong w = (ulong)Math.Max(width, 1), slack = (ulong)random.Next(4);
        unchecked // leaving the 64 bits on either side is wanted
        {
            return random.Next(16) switch
            {
                0 or 1 or 2 => highest + 1 + slack,
                3 or 4 => highest - (ulong)random.NextInt64((long)w + 2),
                5 => highest - w + slack - 1,
                6 => highest + w + slack - 2,
                7 => (highest & ~63ul) + (64 * (ulong)random.Next(-3, 4)) + slack - 1,
                8 => highest + (64 * (ulong)random.NextInt64((long)(w / 64) + 4)) + slack - 1,
                9 => highest - (ulong)random.Next(64 * 3),
                10 when !earlier.IsEmpty => earlier[random.Next(earlier.Length)],
                11 when random.Next(20) == 0 => Border(random, w) + slack - 2,
                12 when random.Next(100) == 0 => random.Edge64(),
                13 => (ulong)random.Next(3),
                14 => highest,
                _ => highest + (ulong)random.Next(1, 130),
            };
        }
    }

    /// <summary>Where a run may start: near 0, or near one of the borders.</summary>
    public static ulong Start(Random random, int width) => random.Next(3) == 0 ? 0 : unchecked(Border(random, (ulong)width) - (ulong)random.Next(200));

    private static ulong Border(Random random, ulong width)
    {
        ulong[] borders = [1ul << 32, 1ul << 63, ulong.MaxValue, unchecked(0 - width), 1ul << 16, width, 2 * width, 1ul << 48];
        return borders[random.Next(borders.Length)];
    }

    /// <summary>Keeps the last numbers that were used, to repeat them.</summary>
    internal sealed class Memory
    {
        private readonly ulong[] _numbers = new ulong[64];
        private int _count;

        public ReadOnlySpan<ulong> Numbers => _numbers.AsSpan(0, Math.Min(_count, _numbers.Length));

        public void Add(ulong number) => _numbers[_count++ % _numbers.Length] = number;

        public override string ToString() => string.Join(' ', _numbers.Take(_count));
    }
}
