using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>A value that tells two keys of one id apart and says nothing else about them.</summary>
/// <remarks>Source: [WIRE §11.5] M11.</remarks>
internal static class KeyCheck
{
    private static ReadOnlySpan<byte> Info => "FCPFAST-KEY-CHECK-V1"u8;

    /// <summary>The check of a key under its id.</summary>
    public static Bytes32 Compute(IKdf kdf, Bytes8 keyId, ReadOnlySpan<byte> key)
    {
        Span<byte> salt = stackalloc byte[Bytes8.Length], check = stackalloc byte[Bytes32.Length];
        keyId.Write(salt);
        kdf.Derive(salt, key, Info, check);
        return Bytes32.Read(check);
    }

    /// <summary>Compares in constant time.</summary>
    public static bool AreEqual(Bytes32 left, Bytes32 right)
    {
        Span<byte> leftBytes = stackalloc byte[Bytes32.Length], rightBytes = stackalloc byte[Bytes32.Length];
        left.Write(leftBytes);
        right.Write(rightBytes);
        return CryptographicOperations.FixedTimeEquals(leftBytes, rightBytes);
    }
}
