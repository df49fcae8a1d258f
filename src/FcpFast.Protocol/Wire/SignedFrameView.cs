using System;
using System.Buffers.Binary;
using System.Text.Unicode;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Wire;

/// <summary>A signed frame for bootstrap without a session: decoded for diagnosis, refused on the data plane (it has no replay protection).</summary>
/// <remarks>
/// <code>
/// u16 LE len, source id, u64 LE timestamp, signature (64), frame
/// </code>
/// Source: [WIRE §16.7].
/// </remarks>
public readonly ref struct SignedFrameView
{
    private const int LengthBytes = 2;
    private const int TimestampBytes = 8;
    private const int MinBytes = LengthBytes + 1 + TimestampBytes + CryptoSizes.SignatureBytes + FcpsLayout.HeaderBytes;

    /// <summary>The sender's id, as it claims.</summary>
    public ReadOnlySpan<byte> SourceId { get; private init; }

    /// <summary>When it was signed, as it claims.</summary>
    public ulong TimestampUnixSeconds { get; private init; }

    /// <summary>The signature.</summary>
    public ReadOnlySpan<byte> Signature { get; private init; }

    /// <summary>The frame, unchecked.</summary>
    public ReadOnlySpan<byte> Frame { get; private init; }

    /// <summary>Splits a signed frame.</summary>
    /// <remarks>Errors: <c>ExceedsMtu</c>, <c>TooShort</c>, <c>InvalidUtf8</c>.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> source, int limitBytes, out SignedFrameView view)
    {
        view = default;
        if (source.Length > limitBytes) return FcpStatus.ExceedsMtu;
        if (source.Length < MinBytes) return FcpStatus.TooShort;
        int idBytes = BinaryPrimitives.ReadUInt16LittleEndian(source);
        if (idBytes == 0 || source.Length < MinBytes - 1 + idBytes) return FcpStatus.TooShort;
        ReadOnlySpan<byte> id = source.Slice(LengthBytes, idBytes);
        if (!Utf8.IsValid(id)) return FcpStatus.InvalidUtf8;
        ReadOnlySpan<byte> rest = source[(LengthBytes + idBytes)..];
        view = new SignedFrameView
        {
            SourceId = id,
            TimestampUnixSeconds = BinaryPrimitives.ReadUInt64LittleEndian(rest),
            Signature = rest.Slice(TimestampBytes, CryptoSizes.SignatureBytes),
            Frame = rest[(TimestampBytes + CryptoSizes.SignatureBytes)..],
        };
        return FcpStatus.Accepted;
    }

    /// <summary>The bytes that the signature covers; allocates.</summary>
    public static byte[] Transcript(ReadOnlySpan<byte> sourceId, ulong timestampUnixSeconds, ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> domain = "FCP2-FRAME-SIG-V1"u8;
        byte[] transcript = new byte[domain.Length + sourceId.Length + TimestampBytes + frame.Length];
        domain.CopyTo(transcript);
        sourceId.CopyTo(transcript.AsSpan(domain.Length));
        BinaryPrimitives.WriteUInt64LittleEndian(transcript.AsSpan(domain.Length + sourceId.Length), timestampUnixSeconds);
        frame.CopyTo(transcript.AsSpan(domain.Length + sourceId.Length + TimestampBytes));
        return transcript;
    }
}
