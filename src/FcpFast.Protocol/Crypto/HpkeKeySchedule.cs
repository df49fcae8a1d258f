using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>The key schedule of HPKE in base mode, its nonces and its exporter.</summary>
/// <remarks>
/// Threads: stateless.
/// Source:  [RFC 9180 §5.1], [RFC 9180 §5.2], [RFC 9180 §5.3].
/// </remarks>
public static class HpkeKeySchedule
{
    /// <summary>Bytes of an exporter secret.</summary>
    public const int ExporterSecretBytes = CryptoSizes.HashBytes;

    /// <summary>Bytes of a nonce, for every AEAD that has one.</summary>
    private const int NonceBytesOfAeads = 12;

    private const int SuiteIdBytes = 10;
    private const int ContextBytes = 1 + (2 * CryptoSizes.HashBytes);
    private const ushort HkdfSha256 = 0x0001;
    private const byte BaseMode = 0x00;

    /// <summary>Bytes of a key; 0 for export only.</summary>
    public static int KeyBytes(HpkeAead aead) => aead switch
    {
        HpkeAead.Aes128Gcm => 16,
        HpkeAead.ChaCha20Poly1305 => CryptoSizes.KeyBytes,
        _ => 0,
    };

    /// <summary>Bytes of a nonce; 0 for export only.</summary>
    public static int NonceBytes(HpkeAead aead) => KeyBytes(aead) == 0 ? 0 : NonceBytesOfAeads;

    /// <summary>Derives what a context needs from a shared secret.</summary>
    /// <param name="kdf">HKDF.</param>
    /// <param name="aead">The suite's AEAD.</param>
    /// <param name="sharedSecret">As the KEM gave it.</param>
    /// <param name="info">The application's, of any length; not secret.</param>
    /// <param name="key"><see cref="KeyBytes"/> bytes; the caller erases them, as the next two.</param>
    /// <param name="baseNonce"><see cref="NonceBytes"/> bytes.</param>
    /// <param name="exporterSecret">32 bytes.</param>
    public static void Derive(
        IKdf kdf, HpkeAead aead, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info, Span<byte> key, Span<byte> baseNonce,
        Span<byte> exporterSecret)
    {
        ArgumentNullException.ThrowIfNull(kdf);
        if (key.Length != KeyBytes(aead)) ThrowHelper.BadArgument(nameof(key), "the suite's key length");
        if (baseNonce.Length != NonceBytes(aead)) ThrowHelper.BadArgument(nameof(baseNonce), "the suite's nonce length");
        Span<byte> suiteId = stackalloc byte[SuiteIdBytes];
        WriteSuiteId(aead, suiteId);
        Span<byte> context = stackalloc byte[ContextBytes];
        context[0] = BaseMode;
        HpkeKdf.LabeledExtract(kdf, suiteId, default, "psk_id_hash"u8, default, context.Slice(1, CryptoSizes.HashBytes));
        HpkeKdf.LabeledExtract(kdf, suiteId, default, "info_hash"u8, info, context[(1 + CryptoSizes.HashBytes)..]);
        Span<byte> secret = stackalloc byte[CryptoSizes.HashBytes];
        HpkeKdf.LabeledExtract(kdf, suiteId, sharedSecret, "secret"u8, default, secret);
        if (!key.IsEmpty) HpkeKdf.LabeledExpand(kdf, suiteId, secret, "key"u8, context, key);
        if (!baseNonce.IsEmpty) HpkeKdf.LabeledExpand(kdf, suiteId, secret, "base_nonce"u8, context, baseNonce);
        HpkeKdf.LabeledExpand(kdf, suiteId, secret, "exp"u8, context, exporterSecret[..ExporterSecretBytes]);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>Writes the nonce of a message: the base nonce, its last 8 bytes combined with the message's number.</summary>
    public static void WriteNonce(ReadOnlySpan<byte> baseNonce, ulong sequence, Span<byte> nonce)
    {
        nonce = nonce[..NonceBytesOfAeads];
        baseNonce.CopyTo(nonce);
        Span<byte> low = nonce[(NonceBytesOfAeads - sizeof(ulong))..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ sequence);
    }

    /// <summary>Derives a secret for another use.</summary>
    public static void Export(
        IKdf kdf, HpkeAead aead, ReadOnlySpan<byte> exporterSecret, ReadOnlySpan<byte> exporterContext, Span<byte> output)
    {
        ArgumentNullException.ThrowIfNull(kdf);
        Span<byte> suiteId = stackalloc byte[SuiteIdBytes];
        WriteSuiteId(aead, suiteId);
        HpkeKdf.LabeledExpand(kdf, suiteId, exporterSecret, "sec"u8, exporterContext, output);
    }

    private static void WriteSuiteId(HpkeAead aead, Span<byte> suiteId)
    {
        "HPKE"u8.CopyTo(suiteId);
        BinaryPrimitives.WriteUInt16BigEndian(suiteId[4..], X25519Kem.Id);
        BinaryPrimitives.WriteUInt16BigEndian(suiteId[6..], HkdfSha256);
        BinaryPrimitives.WriteUInt16BigEndian(suiteId[8..], (ushort)aead);
    }
}
