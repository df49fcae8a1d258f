using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Wire;

/// <summary>The header of a control frame.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Seq">The number in that session and direction, counted from 1.</param>
/// <param name="Flags">The flags.</param>
/// <param name="CiphertextBytes">Bytes of ciphertext, without the tag.</param>
/// <remarks>
/// <code>
/// offset size field                   offset size field
///      0    4 magic "FCPC"                30    2 flags, u16 LE
///      4    2 version, u16 LE = 1         32    4 len, u32 LE
///      6   16 session_id                  36  len ciphertext
///     22    8 seq, u64 LE             36+len   16 tag
/// </code>
/// Source: [WIRE §9].
/// </remarks>
public readonly record struct FcpcHeader(SessionId SessionId, FrameSeq Seq, FcpcFlags Flags, uint CiphertextBytes)
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 36;

    /// <summary>Bytes of a frame beside its ciphertext.</summary>
    public const int OverheadBytes = HeaderBytes + 16;

    /// <summary>The only version.</summary>
    public const ushort Version = 1;

    /// <summary>The longest ciphertext unless configured lower.</summary>
    public const int CiphertextBytesMax = CborLimits.ControlPayloadBytesMax;

    private const uint Magic = 0x43504346; // "FCPC" read little-endian

    /// <summary>True if the first four bytes are the magic: then a control frame follows, else a handshake message.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> source) => source.StartsWith("FCPC"u8);

    /// <summary>Reads a header alone: checks C1 (36 bytes) to C4.</summary>
    /// <remarks>Errors: <c>TooShort</c>, <c>InvalidMagic</c>, <c>UnsupportedVersion</c>, <c>UnknownFlags</c>, <c>PayloadTooLarge</c>, in this order.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> source, int ciphertextBytesMax, out FcpcHeader header)
    {
        header = default;
        if (source.Length < HeaderBytes) return FcpStatus.TooShort;
        if (BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic) return FcpStatus.InvalidMagic;
        if (BinaryPrimitives.ReadUInt16LittleEndian(source[4..]) != Version) return FcpStatus.UnsupportedVersion;
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(source[30..]);
        if ((flags & (ushort)FcpcFlags.Reserved) != 0) return FcpStatus.UnknownFlags;
        uint ciphertextBytes = BinaryPrimitives.ReadUInt32LittleEndian(source[32..]);
        if (ciphertextBytes > (uint)ciphertextBytesMax) return FcpStatus.PayloadTooLarge;
        header = new FcpcHeader(
            new SessionId(Bytes16.Read(source[6..])), new FrameSeq(BinaryPrimitives.ReadUInt64LittleEndian(source[22..])),
            (FcpcFlags)flags, ciphertextBytes);
        return FcpStatus.Accepted;
    }

    /// <summary>Reads the header of a whole frame: checks C1 to C5.</summary>
    /// <remarks>Errors: as <see cref="Parse"/>, then <c>LengthMismatch</c>; <c>TooShort</c> below 52 bytes.</remarks>
    public static FcpStatus ParseFrame(ReadOnlySpan<byte> frame, int ciphertextBytesMax, out FcpcHeader header)
    {
        header = default;
        if (frame.Length < OverheadBytes) return FcpStatus.TooShort;
        FcpStatus status = Parse(frame, ciphertextBytesMax, out FcpcHeader parsed);
        if (status != FcpStatus.Accepted) return status;
        if (parsed.CiphertextBytes != (uint)(frame.Length - OverheadBytes)) return FcpStatus.LengthMismatch;
        header = parsed;
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the 36 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], Version);
        SessionId.Value.Write(destination[6..]);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[22..], Seq.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[30..], (ushort)Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[32..], CiphertextBytes);
    }
}
