using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>HKDF-SHA-256, HMAC-SHA-256 and the hash below them.</summary>
/// <remarks>Source: [RFC 5869], [RFC 2104], [RFC 6234].</remarks>
public interface IKdf
{
    /// <summary>HKDF-Extract; an empty salt counts as 32 zero bytes.</summary>
    void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> pseudoRandomKey);

    /// <summary>HKDF-Expand to the length of <paramref name="output"/>, at most 8,160 bytes.</summary>
    void Expand(ReadOnlySpan<byte> pseudoRandomKey, ReadOnlySpan<byte> info, Span<byte> output);

    /// <summary>HMAC-SHA-256, all 32 bytes.</summary>
    void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac);

    /// <summary>SHA-256, all 32 bytes.</summary>
    void Hash(ReadOnlySpan<byte> data, Span<byte> digest);
}
