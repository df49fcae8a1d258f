using System;

namespace FcpFast.Protocol.Ids;

/// <summary>Lowercase hex, the only form that the protocol reads or writes.</summary>
public static class Hex
{
    /// <summary>Reads exactly <c>2 × destination.Length</c> lowercase hex digits; false for any other text.</summary>
    /// <remarks>Errors: capitals and wrong lengths are refused, never normalised. Cost: no allocation. Source: [WIRE §2.5], [WIRE §10].</remarks>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (text.Length != 2 * destination.Length) return false;
        for (int i = 0; i < destination.Length; i++)
        {
            int high = Digit(text[2 * i]), low = Digit(text[(2 * i) + 1]);
            if ((high | low) < 0) return false;
            destination[i] = (byte)((high << 4) | low);
        }

        return true;
    }

    /// <summary>Writes <c>2 × source.Length</c> lowercase hex digits.</summary>
    public static void Write(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        for (int i = 0; i < source.Length; i++)
        {
            destination[2 * i] = digits[source[i] >> 4];
            destination[(2 * i) + 1] = digits[source[i] & 15];
        }
    }

    internal static string Format<T>(Span<byte> scratch, T value, WriteBytes<T> write)
    {
        write(value, scratch);
        return Convert.ToHexStringLower(scratch);
    }

    private static int Digit(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        _ => -1,
    };

    internal delegate void WriteBytes<in T>(T value, Span<byte> destination);
}
