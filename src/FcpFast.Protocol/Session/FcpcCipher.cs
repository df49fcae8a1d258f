using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Session;

/// <summary>Seals and opens control frames.</summary>
/// <remarks>
/// Shape:  nonce = direction, three zeroes, seq (D6): the two directions share k_ctx and never a nonce.
/// Source: [WIRE §9], [REPLAY §7].
/// </remarks>
public static class FcpcCipher
{
    private const int AssociatedDataBytes = SessionId.Length + sizeof(ulong) + sizeof(ushort);

    /// <summary>Writes a sealed frame: header, ciphertext, tag.</summary>
    /// <param name="aead">The engine.</param>
    /// <param name="key">k_ctx.</param>
    /// <param name="session">The session.</param>
    /// <param name="seq">Never used before in this session and direction.</param>
    /// <param name="direction">Who sends.</param>
    /// <param name="flags">ENCRYPTED is added.</param>
    /// <param name="plaintext">A schema-prefixed payload.</param>
    /// <param name="frame">52 bytes longer than the plaintext.</param>
    public static void Seal(
        IAeadEngine aead, ReadOnlySpan<byte> key, SessionId session, FrameSeq seq, Direction direction, FcpcFlags flags,
        ReadOnlySpan<byte> plaintext, Span<byte> frame)
    {
        ArgumentNullException.ThrowIfNull(aead);
        if (frame.Length != plaintext.Length + FcpcHeader.OverheadBytes) ThrowHelper.BadArgument(nameof(frame), "52 bytes more than the plaintext");
        var header = new FcpcHeader(session, seq, flags | FcpcFlags.Encrypted, (uint)plaintext.Length);
        header.Write(frame);
        Span<byte> nonce = stackalloc byte[CryptoSizes.ChaChaNonceBytes];
        Span<byte> associated = stackalloc byte[AssociatedDataBytes];
        WriteNonce(nonce, direction, seq);
        WriteAssociatedData(associated, header);
        aead.SealOne(AeadAlgorithm.ChaCha20Poly1305, key, nonce, associated, plaintext, frame[FcpcHeader.HeaderBytes..]);
    }

    /// <summary>Opens a frame whose header was checked and whose number was found in order.</summary>
    /// <param name="aead">The engine.</param>
    /// <param name="key">k_ctx.</param>
    /// <param name="header">Of this frame.</param>
    /// <param name="direction">Who sent.</param>
    /// <param name="frame">The whole frame.</param>
    /// <param name="plaintext">52 bytes shorter than the frame.</param>
    /// <remarks>Errors: <c>NotEncrypted</c>, <c>CompressionUnsupported</c>, <c>AeadDecryptFailed</c>, in this order; the plaintext is then zeroed or untouched.</remarks>
    public static FcpStatus Open(
        IAeadEngine aead, ReadOnlySpan<byte> key, in FcpcHeader header, Direction direction, ReadOnlySpan<byte> frame, Span<byte> plaintext)
    {
        ArgumentNullException.ThrowIfNull(aead);
        if (plaintext.Length != frame.Length - FcpcHeader.OverheadBytes) ThrowHelper.BadArgument(nameof(plaintext), "52 bytes less than the frame");
        if ((header.Flags & FcpcFlags.Encrypted) == 0) return FcpStatus.NotEncrypted;
        if ((header.Flags & FcpcFlags.Compressed) != 0) return FcpStatus.CompressionUnsupported; // before any work for it
        Span<byte> nonce = stackalloc byte[CryptoSizes.ChaChaNonceBytes];
        Span<byte> associated = stackalloc byte[AssociatedDataBytes];
        WriteNonce(nonce, direction, header.Seq);
        WriteAssociatedData(associated, header);
        return aead.OpenOne(AeadAlgorithm.ChaCha20Poly1305, key, nonce, associated, frame[FcpcHeader.HeaderBytes..], plaintext)
            ? FcpStatus.Accepted
            : FcpStatus.AeadDecryptFailed;
    }

    private static void WriteNonce(Span<byte> nonce, Direction direction, FrameSeq seq)
    {
        nonce.Clear();
        nonce[0] = (byte)direction;
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], seq.Value);
    }

    private static void WriteAssociatedData(Span<byte> associated, in FcpcHeader header)
    {
        header.SessionId.Value.Write(associated);
        BinaryPrimitives.WriteUInt64LittleEndian(associated[SessionId.Length..], header.Seq.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(associated[(SessionId.Length + sizeof(ulong))..], (ushort)header.Flags);
    }
}
