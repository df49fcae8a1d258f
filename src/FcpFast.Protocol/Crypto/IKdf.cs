using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>HKDF-SHA-256 and HMAC-SHA-256.</summary>
/// <remarks>Source: [RFC 5869], [RFC 2104].</remarks>
public interface IKdf
{
    /// <summary>HKDF-Extract; an empty salt counts as 32 zero bytes.</summary>
    void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> pseudoRandomKey);

    /// <summary>HKDF-Expand to the length of <paramref name="output"/>, at most 8,160 bytes.</summary>
    void Expand(ReadOnlySpan<byte> pseudoRandomKey, ReadOnlySpan<byte> info, Span<byte> output);

    /// <summary>HMAC-SHA-256, all 32 bytes.</summary>
    void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac);
}
