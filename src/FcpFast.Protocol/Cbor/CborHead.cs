using System;
using System.Buffers.Binary;

namespace FcpFast.Protocol.Cbor;

/// <summary>The head of one item: major type and argument.</summary>
/// <remarks>Source: [RFC 8949 §3].</remarks>
internal readonly record struct CborHead(byte Major, byte Info, ulong Argument, int HeadBytes)
{
    public const byte Unsigned = 0, Negative = 1, Bytes = 2, Text = 3, Array = 4, Map = 5, Tag = 6, Simple = 7;
    public const byte False = 20, True = 21, Null = 22;

    private const byte OneByte = 24, EightBytes = 27, Indefinite = 31;

    public bool IsIndefinite => Info == Indefinite;

    /// <summary>True if a shorter head would hold the argument.</summary>
    public bool IsLongerThanNeeded => HeadBytes != BytesFor(Argument);

    /// <summary>Reads a head; false if it is cut short or uses reserved additional information.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out CborHead head)
    {
        head = default;
        if (source.IsEmpty) return false;
        byte major = (byte)(source[0] >> 5), info = (byte)(source[0] & 31);
        if (info is < OneByte or Indefinite)
        {
            head = new CborHead(major, info, info == Indefinite ? 0u : info, 1);
            return true;
        }

        if (info > EightBytes) return false;
        int argumentBytes = 1 << (info - OneByte);
        if (source.Length < 1 + argumentBytes) return false;
        ReadOnlySpan<byte> bytes = source.Slice(1, argumentBytes);
        ulong argument = argumentBytes switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
        head = new CborHead(major, info, argument, 1 + argumentBytes);
        return true;
    }

    /// <summary>Writes the shortest head and returns its length, 1 to 9.</summary>
    public static int Write(Span<byte> destination, byte major, ulong argument)
    {
        int headBytes = BytesFor(argument);
        byte top = (byte)(major << 5);
        switch (headBytes)
        {
            case 1:
                destination[0] = (byte)(top | (byte)argument);
                break;
            case 2:
                destination[0] = (byte)(top | OneByte);
                destination[1] = (byte)argument;
                break;
            case 3:
                destination[0] = (byte)(top | (OneByte + 1));
                BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)argument);
                break;
            case 5:
                destination[0] = (byte)(top | (OneByte + 2));
                BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)argument);
                break;
            default:
                destination[0] = (byte)(top | EightBytes);
                BinaryPrimitives.WriteUInt64BigEndian(destination[1..], argument);
                break;
        }

        return headBytes;
    }

    /// <summary>Bytes of the shortest head for an argument.</summary>
    public static int BytesFor(ulong argument) => argument switch
    {
        < OneByte => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => 9,
    };
}
