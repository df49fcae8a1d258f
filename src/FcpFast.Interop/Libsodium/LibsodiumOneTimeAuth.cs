using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Libsodium;

/// <summary>Poly1305 alone: what the AEADs rest on, for vectors and for comparing kernels. A key serves one message only.</summary>
/// <remarks>Threads: stateless. Cost: no allocation. Source: [libsodium crypto_onetimeauth_poly1305.h], [RFC 8439 §2.5].</remarks>
public static class LibsodiumOneTimeAuth
{
    /// <summary>Computes the tag of a message.</summary>
    /// <param name="key">32 bytes, never used for another message.</param>
    /// <param name="message">The message.</param>
    /// <param name="tag">16 bytes.</param>
    public static unsafe void Poly1305(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> tag)
    {
        if (key.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(key), "a Poly1305 key is 32 bytes");
        if (tag.Length != CryptoSizes.TagBytes) ThrowHelper.BadArgument(nameof(tag), "a Poly1305 tag is 16 bytes");

        // SAFETY: the lengths of key and tag were checked, the message's is that of the fixed span.
        fixed (byte* k = key, m = message, t = tag)
        {
            int result = Libsodium.crypto_onetimeauth_poly1305(t, m, (ulong)message.Length, k);
            Invariant.Require(result == 0, "Poly1305 succeeds");
        }
    }
}
