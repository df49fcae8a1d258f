using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>From two ephemeral keys to the three keys of a session.</summary>
/// <remarks>
/// <code>
/// ss  = X25519(own ephemeral, peer ephemeral), never all zero
/// prk = HKDF(session_id, ss, "FCP2-SESSION-V1" || initiator || responder || hello nonce || ack nonce, 32)
/// okm = HKDF(none, prk, "FCP2-SESSION-KEYS-V1", 96) = k_mac_i2r || k_mac_r2i || k_ctx
/// </code>
/// Source: [WIRE §7.6].
/// </remarks>
public static class SessionKeySchedule
{
    /// <summary>Bytes of the three keys together.</summary>
    public const int KeysBytes = 3 * CryptoSizes.KeyBytes;

    /// <summary>Derives the keys from the shared secret.</summary>
    /// <param name="kdf">HKDF.</param>
    /// <param name="sharedSecret">32 bytes, not all zero.</param>
    /// <param name="session">The session.</param>
    /// <param name="initiator">The initiator's node id.</param>
    /// <param name="responder">The responder's node id.</param>
    /// <param name="helloNonce">16 bytes.</param>
    /// <param name="ackNonce">16 bytes.</param>
    /// <param name="keys">96 bytes: MAC key initiator to responder, MAC key back, control key. The caller erases them.</param>
    public static void Derive(
        IKdf kdf, ReadOnlySpan<byte> sharedSecret, SessionId session, ReadOnlySpan<byte> initiator, ReadOnlySpan<byte> responder,
        ReadOnlySpan<byte> helloNonce, ReadOnlySpan<byte> ackNonce, Span<byte> keys)
    {
        ArgumentNullException.ThrowIfNull(kdf);
        if (keys.Length != KeysBytes) ThrowHelper.BadArgument(nameof(keys), "three keys of 32 bytes");
        ReadOnlySpan<byte> label = "FCP2-SESSION-V1"u8;
        Span<byte> info = stackalloc byte[label.Length + (2 * NodeId.MaxBytes) + (2 * SessionRules.NonceBytes)];
        int length = Append(info, 0, label);
        length = Append(info, length, initiator);
        length = Append(info, length, responder);
        length = Append(info, length, helloNonce);
        length = Append(info, length, ackNonce);
        Span<byte> salt = stackalloc byte[SessionId.Length];
        session.Value.Write(salt);
        Span<byte> pseudoRandomKey = stackalloc byte[CryptoSizes.HashBytes];
        kdf.Derive(salt, sharedSecret, info[..length], pseudoRandomKey);
        kdf.Derive(default, pseudoRandomKey, "FCP2-SESSION-KEYS-V1"u8, keys);
        CryptographicOperations.ZeroMemory(pseudoRandomKey);
    }

    private static int Append(Span<byte> info, int length, ReadOnlySpan<byte> part)
    {
        part.CopyTo(info[length..]);
        return length + part.Length;
    }
}
