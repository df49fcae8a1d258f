using System;
using System.Security.Cryptography;

namespace FcpFast.Protocol.Crypto;

/// <summary>Extract and expand in one step, the <c>HKDF(salt, ikm, info, L)</c> of WIRE.md.</summary>
public static class Hkdf
{
    /// <summary>Derives <paramref name="output"/>; the intermediate key is erased.</summary>
    /// <remarks>Source: [WIRE §1], [RFC 5869 §2].</remarks>
    public static void Derive(
        this IKdf kdf, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> info, Span<byte> output)
    {
        Span<byte> pseudoRandomKey = stackalloc byte[CryptoSizes.HashBytes];
        kdf.Extract(salt, inputKey, pseudoRandomKey);
        kdf.Expand(pseudoRandomKey, info, output);
        CryptographicOperations.ZeroMemory(pseudoRandomKey);
    }
}
