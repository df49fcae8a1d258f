using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Ids;

/// <summary>The kid of a public key, Ed25519 or X25519 alike.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §2.6].</remarks>
public readonly record struct KeyId(Bytes8 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes8.Length;

    /// <summary>The kid of <paramref name="publicKey"/> (32 bytes).</summary>
    public static KeyId Of(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(publicKey), "a public key is 32 bytes");
        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        Blake3Hasher.Hash("fcp.kid.v2"u8, publicKey, hash);
        return new KeyId(Bytes8.Read(hash));
    }

    /// <summary>16 lowercase hex digits.</summary>
    public override string ToString() => Value.ToString();
}
