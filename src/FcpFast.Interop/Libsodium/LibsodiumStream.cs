using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Libsodium;

/// <summary>The bare ChaCha20 key stream: reproducible test data, as the vectors and the demo use it. Never for secrets.</summary>
/// <remarks>Threads: stateless. Source: [libsodium crypto_stream_chacha20.h], [RFC 8439 §2.4].</remarks>
public static class LibsodiumStream
{
    /// <summary>Fills <paramref name="output"/> with the key stream of nonce 0 from block 0 on.</summary>
    public static unsafe void ChaCha20(ReadOnlySpan<byte> key, Span<byte> output)
    {
        if (key.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(key), "a ChaCha20 key is 32 bytes");
        byte* nonce = stackalloc byte[CryptoSizes.ChaChaNonceBytes];
        new Span<byte>(nonce, CryptoSizes.ChaChaNonceBytes).Clear();

        // SAFETY: the length is that of the fixed span; key and nonce are as long as libsodium reads.
        fixed (byte* k = key, o = output)
        {
            int result = Libsodium.crypto_stream_chacha20_ietf(o, (ulong)output.Length, nonce, k);
            Invariant.Require(result == 0, "ChaCha20 gives its key stream");
        }
    }
}
