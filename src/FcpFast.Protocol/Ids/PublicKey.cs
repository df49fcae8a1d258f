using System;

namespace FcpFast.Protocol.Ids;

/// <summary>An Ed25519 or X25519 public key.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §15].</remarks>
public readonly record struct PublicKey(Bytes32 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes32.Length;

    /// <summary>Reads the first 32 bytes of <paramref name="source"/>.</summary>
    public static PublicKey Read(ReadOnlySpan<byte> source) => new(Bytes32.Read(source));

    /// <summary>Its kid.</summary>
    public KeyId ComputeKeyId()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Value.Write(bytes);
        return KeyId.Of(bytes);
    }

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Value.ToString();
}
