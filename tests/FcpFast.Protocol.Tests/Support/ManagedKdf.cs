using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>HKDF and HMAC by the platform's classes, counting derivations.</summary>
internal sealed class ManagedKdf : IKdf
{
    /// <summary>Calls of <see cref="Extract"/> so far.</summary>
    public int Extractions { get; private set; }

    /// <inheritdoc/>
    public void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> pseudoRandomKey)
    {
        Extractions++;
        HKDF.Extract(HashAlgorithmName.SHA256, inputKey, salt, pseudoRandomKey);
    }

    /// <inheritdoc/>
    public void Expand(ReadOnlySpan<byte> pseudoRandomKey, ReadOnlySpan<byte> info, Span<byte> output) =>
        HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandomKey, output, info);

    /// <inheritdoc/>
    public void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac) => HMACSHA256.HashData(key, data, mac);

    /// <inheritdoc/>
    public void Hash(ReadOnlySpan<byte> data, Span<byte> digest) => SHA256.HashData(data, digest);
}
