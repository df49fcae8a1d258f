using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>One message at a time over <see cref="IAeadEngine"/>, for control messages and sealed boxes.</summary>
public static class SingleMessageAead
{
    /// <summary>Seals <paramref name="plaintext"/> into ciphertext and tag.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="algorithm">The AEAD.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 or 24 bytes, as <paramref name="algorithm"/> says; never used before with this key.</param>
    /// <param name="associatedData">Authenticated, not carried.</param>
    /// <param name="plaintext">The message; may be the first bytes of <paramref name="sealedBytes"/>.</param>
    /// <param name="sealedBytes">16 bytes longer than the plaintext.</param>
    public static void SealOne(
        this IAeadEngine engine, AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes)
    {
        AeadItem item = default;
        var batch = new AeadBatch(
            algorithm, plaintext, sealedBytes, new ReadOnlySpan<AeadItem>(in item), plaintext.Length, nonce, associatedData,
            associatedData.Length, sealing: true);
        engine.Seal(key, batch);
    }

    /// <summary>Opens ciphertext and tag into <paramref name="plaintext"/>; false (and zeroes) if the tag does not verify.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="algorithm">The AEAD.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 or 24 bytes, as <paramref name="algorithm"/> says.</param>
    /// <param name="associatedData">As it was when sealed.</param>
    /// <param name="sealedBytes">At least the 16 bytes of the tag.</param>
    /// <param name="plaintext">16 bytes shorter than <paramref name="sealedBytes"/>; may be its first bytes.</param>
    public static bool OpenOne(
        this IAeadEngine engine, AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext)
    {
        AeadItem item = default;
        bool opened = false;
        var batch = new AeadBatch(
            algorithm, sealedBytes, plaintext, new ReadOnlySpan<AeadItem>(in item), plaintext.Length, nonce, associatedData,
            associatedData.Length, sealing: false);
        engine.Open(key, batch, new Span<bool>(ref opened));
        return opened;
    }
}
