using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Platform;

/// <summary>AES-128-GCM by the platform's own library, which libsodium has not: OpenSSL on Linux.</summary>
/// <remarks>
/// Errors:  throws <see cref="PlatformNotSupportedException"/> where the platform has no such library; nothing but suites with AES needs it.
/// Threads: stateless.
/// Cost:    expands the key in every call; an opening that fails costs an exception inside the platform's class.
/// </remarks>
internal sealed class PlatformAesGcm : IAes128Gcm
{
    private const int AesKeyBytes = 16;

    public void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes)
    {
        if (sealedBytes.Length != plaintext.Length + CryptoSizes.TagBytes) ThrowHelper.BadArgument(nameof(sealedBytes), "16 bytes longer than the message");
        using AesGcm aes = New(key);
        aes.Encrypt(nonce, plaintext, sealedBytes[..plaintext.Length], sealedBytes[plaintext.Length..], associatedData);
    }

    public bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext)
    {
        if (sealedBytes.Length != plaintext.Length + CryptoSizes.TagBytes) ThrowHelper.BadArgument(nameof(plaintext), "16 bytes shorter than the ciphertext");
        using AesGcm aes = New(key);
        try
        {
            aes.Decrypt(nonce, sealedBytes[..plaintext.Length], sealedBytes[plaintext.Length..], plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            plaintext.Clear();
            return false;
        }
    }

    private static AesGcm New(ReadOnlySpan<byte> key)
    {
        if (key.Length != AesKeyBytes) ThrowHelper.BadArgument(nameof(key), "a key of AES-128 is 16 bytes");
        return new AesGcm(key, CryptoSizes.TagBytes);
    }
}
