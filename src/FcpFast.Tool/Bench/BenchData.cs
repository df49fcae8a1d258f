using System;

namespace FcpFast.Tool.Bench;

/// <summary>The bytes that every implementation works on, so that results can be compared.</summary>
/// <remarks>
/// <code>
/// x(0) = seed, x(n + 1) = x(n) * 1664525 + 1013904223 mod 2^32, byte n = x(n + 1) >> 24
/// seeds: 1 key, 2 plaintext, 3 nonces, 4 associated data, 5 MAC key, 6 MAC data
/// </code>
/// Source: bench/README.md.
/// </remarks>
internal static class BenchData
{
    public const uint KeySeed = 1, PlaintextSeed = 2, NonceSeed = 3, AssociatedSeed = 4, MacKeySeed = 5, MacDataSeed = 6;

    /// <summary>Bytes of a seed.</summary>
    public static byte[] Make(uint seed, int count)
    {
        byte[] bytes = new byte[count];
        uint x = seed;
        for (int i = 0; i < bytes.Length; i++)
        {
            x = unchecked((x * 1664525) + 1013904223); // modulo 2^32 by definition
            bytes[i] = (byte)(x >> 24);
        }

        return bytes;
    }

    /// <summary>The exclusive or of all 16-byte pieces, in hex.</summary>
    public static string Fold(ReadOnlySpan<byte> pieces)
    {
        Span<byte> folded = stackalloc byte[16];
        folded.Clear();
        for (int i = 0; i < pieces.Length; i++) folded[i % folded.Length] ^= pieces[i];
        return Convert.ToHexStringLower(folded);
    }
}
