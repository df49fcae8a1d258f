using System;
using System.Numerics;

namespace FcpFast.Protocol.Objects;

/// <summary>Bit sets of transfer statuses: number i is bit i mod 8 of byte i/8.</summary>
/// <remarks>Source: [WIRE §16.9].</remarks>
public static class Bitmap
{
    /// <summary>True if the number is in the set; numbers beyond the bitmap are not.</summary>
    public static bool Contains(ReadOnlySpan<byte> bitmap, int number) =>
        number >= 0 && number >> 3 < bitmap.Length && (bitmap[number >> 3] & (1 << (number & 7))) != 0;

    /// <summary>Puts a number into the set; it must lie within the bitmap.</summary>
    public static void Add(Span<byte> bitmap, int number) => bitmap[number >> 3] |= (byte)(1 << (number & 7));

    /// <summary>How many numbers are in the set.</summary>
    public static int Count(ReadOnlySpan<byte> bitmap)
    {
        int count = 0;
        foreach (byte bits in bitmap) count += BitOperations.PopCount(bits);
        return count;
    }

    /// <summary>Bytes of a bitmap of <paramref name="numbers"/> numbers.</summary>
    public static int BytesFor(int numbers) => (numbers / 8) + (numbers % 8 == 0 ? 0 : 1);
}
