using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>FCP's sealed box: <c>encapsulation (32) || ciphertext</c> of one HPKE message to one node.</summary>
/// <remarks>
/// Shape:   at most <see cref="BytesMax"/> bytes.
/// Errors:  <c>HpkeFailed</c> for every failure, so that none tells more than another.
/// Threads: stateless.
/// Source:  [WIRE §10].
/// </remarks>
public static class SealedBox
{
    /// <summary>The longest box.</summary>
    public const int BytesMax = 4096;

    /// <summary>Bytes of a box beside its plaintext: encapsulation and tag.</summary>
    public const int OverheadBytes = X25519Kem.EncapsulationBytes + CryptoSizes.TagBytes;

    /// <summary>The box of a 32-byte key.</summary>
    public const int KeyBoxBytes = OverheadBytes + CryptoSizes.KeyBytes;

    private static ReadOnlySpan<byte> Info => "FCP2-HPKE"u8;

    /// <summary>True if a box may have this length.</summary>
    public static bool IsLength(int boxBytes) => boxBytes is >= OverheadBytes and <= BytesMax;

    /// <summary>Seals a plaintext to a node.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="recipientPublicKey">The node's encryption key.</param>
    /// <param name="associatedData">What the box is for.</param>
    /// <param name="plaintext">At most 4,048 bytes.</param>
    /// <param name="box"><see cref="OverheadBytes"/> longer than the plaintext.</param>
    public static FcpStatus Seal(
        CryptoProvider crypto, ReadOnlySpan<byte> recipientPublicKey, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext,
        Span<byte> box)
    {
        if (box.Length != plaintext.Length + OverheadBytes) ThrowHelper.BadArgument(nameof(box), "48 bytes longer than the plaintext");
        if (!IsLength(box.Length)) return FcpStatus.HpkeFailed;
        bool sealedBox = HpkeSingleShot.TrySeal(
            crypto, recipientPublicKey, Info, associatedData, plaintext, box[..X25519Kem.EncapsulationBytes],
            box[X25519Kem.EncapsulationBytes..]);
        if (!sealedBox) box.Clear();
        return sealedBox ? FcpStatus.Accepted : FcpStatus.HpkeFailed;
    }

    /// <summary>Opens a box.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="recipientSecret">The node's encryption secret.</param>
    /// <param name="associatedData">As it was when sealed.</param>
    /// <param name="box">As it came.</param>
    /// <param name="plaintext"><see cref="OverheadBytes"/> shorter than a box of a legal length; zeroed on failure.</param>
    public static FcpStatus Open(
        CryptoProvider crypto, ReadOnlySpan<byte> recipientSecret, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> box,
        Span<byte> plaintext)
    {
        plaintext.Clear();
        if (!IsLength(box.Length)) return FcpStatus.HpkeFailed;
        bool opened = HpkeSingleShot.TryOpen(
            crypto, recipientSecret, Info, associatedData, box[..X25519Kem.EncapsulationBytes], box[X25519Kem.EncapsulationBytes..],
            plaintext);
        return opened ? FcpStatus.Accepted : FcpStatus.HpkeFailed;
    }
}
