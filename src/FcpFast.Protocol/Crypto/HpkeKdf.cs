using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FcpFast.Protocol.Crypto;

/// <summary>The labelled HKDF of HPKE: every derivation names its suite and its purpose.</summary>
/// <remarks>Source: [RFC 9180 §4].</remarks>
internal static class HpkeKdf
{
    private const int StackBytesMax = 512;

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    /// <summary>Extracts from <c>"HPKE-v1" || suite id || label || input key</c>.</summary>
    public static void LabeledExtract(
        IKdf kdf, ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> inputKey,
        Span<byte> pseudoRandomKey)
    {
        int lengthBytes = Version.Length + suiteId.Length + label.Length + inputKey.Length;
        Span<byte> labeled = lengthBytes <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[lengthBytes];
        Span<byte> rest = labeled;
        Append(ref rest, Version);
        Append(ref rest, suiteId);
        Append(ref rest, label);
        Append(ref rest, inputKey);
        kdf.Extract(salt, labeled[..lengthBytes], pseudoRandomKey);
        CryptographicOperations.ZeroMemory(labeled);
    }

    /// <summary>Expands with the info <c>u16 length || "HPKE-v1" || suite id || label || info</c>, the length in network order.</summary>
    public static void LabeledExpand(
        IKdf kdf, ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> pseudoRandomKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info,
        Span<byte> output)
    {
        int lengthBytes = sizeof(ushort) + Version.Length + suiteId.Length + label.Length + info.Length;
        Span<byte> labeled = lengthBytes <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[lengthBytes];
        BinaryPrimitives.WriteUInt16BigEndian(labeled, (ushort)output.Length);
        Span<byte> rest = labeled[sizeof(ushort)..];
        Append(ref rest, Version);
        Append(ref rest, suiteId);
        Append(ref rest, label);
        Append(ref rest, info);
        kdf.Expand(pseudoRandomKey, labeled[..lengthBytes], output);
        CryptographicOperations.ZeroMemory(labeled);
    }

    private static void Append(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }
}
