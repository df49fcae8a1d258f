using System;
using System.Buffers;
using System.Buffers.Binary;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Streams;

/// <summary>Finds the messages in a stream.</summary>
/// <remarks>
/// <code>
/// control frame: 36 bytes of header, beginning with "FCPC", its length at 32; ciphertext; tag (16)
/// handshake:     u32 LE length, 1 to 16,384 (never "FCPC" read as a number); CBOR
/// </code>
/// Source: [WIRE §9].
/// </remarks>
internal static class StreamFraming
{
    /// <summary>Bytes before a handshake message.</summary>
    public const int LengthBytes = sizeof(uint);

    /// <summary>Reads the beginning of a message.</summary>
    /// <param name="source">What arrived so far, from the beginning of a message on.</param>
    /// <param name="controlBytesMax">The longest ciphertext taken.</param>
    /// <param name="head">The message, on <see cref="FcpStatus.Accepted"/>.</param>
    /// <param name="needsMore">True if more bytes are needed to tell; the status is then <see cref="FcpStatus.TooShort"/>.</param>
    /// <remarks>Errors: those of a control header (C1 to C4); <c>TooShort</c> and <c>PayloadTooLarge</c> for a handshake message's length.</remarks>
    public static FcpStatus ParseHead(in ReadOnlySequence<byte> source, int controlBytesMax, out StreamHead head, out bool needsMore)
    {
        head = default;
        Span<byte> bytes = stackalloc byte[FcpcHeader.HeaderBytes];
        bytes = bytes[..(int)Math.Min(source.Length, FcpcHeader.HeaderBytes)];
        source.Slice(0, bytes.Length).CopyTo(bytes);
        needsMore = bytes.Length < LengthBytes || (FcpcHeader.HasMagic(bytes) && bytes.Length < FcpcHeader.HeaderBytes);
        if (needsMore) return FcpStatus.TooShort;
        if (FcpcHeader.HasMagic(bytes))
        {
            FcpStatus status = FcpcHeader.Parse(bytes, controlBytesMax, out FcpcHeader header);
            if (status != FcpStatus.Accepted) return status;
            head = new StreamHead(StreamMessageKind.Control, 0, FcpcHeader.OverheadBytes + (int)header.CiphertextBytes);
            return FcpStatus.Accepted;
        }

        uint messageBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (messageBytes == 0) return FcpStatus.TooShort;
        if (messageBytes > CborLimits.HandshakeBytesMax) return FcpStatus.PayloadTooLarge;
        head = new StreamHead(StreamMessageKind.Handshake, LengthBytes, (int)messageBytes);
        return FcpStatus.Accepted;
    }

    /// <summary>Bytes that a message takes on the stream.</summary>
    public static int FramedBytes(StreamMessageKind kind, int messageBytes) =>
        kind == StreamMessageKind.Handshake ? LengthBytes + messageBytes : messageBytes;

    /// <summary>Writes a message as it stands on the stream.</summary>
    public static void Write(StreamMessageKind kind, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        if (kind == StreamMessageKind.Handshake)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)message.Length);
            destination = destination[LengthBytes..];
        }

        message.CopyTo(destination);
    }

    /// <summary>Throws unless this is a message that <see cref="ParseHead"/> takes: a fault of the caller.</summary>
    public static void Require(StreamMessageKind kind, ReadOnlySpan<byte> message)
    {
        bool isRight = kind switch
        {
            StreamMessageKind.Handshake => message.Length is >= 1 and <= CborLimits.HandshakeBytesMax,
            StreamMessageKind.Control =>
                FcpcHeader.ParseFrame(message, FcpcHeader.CiphertextBytesMax, out _) == FcpStatus.Accepted,
            _ => false,
        };
        if (!isRight) ThrowHelper.BadArgument(nameof(message), "a whole control frame, or a handshake message of 1 to 16,384 bytes");
    }
}
