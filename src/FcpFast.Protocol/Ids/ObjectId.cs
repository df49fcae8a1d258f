using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Ids;

/// <summary>The content-derived id of an object.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §2.5].</remarks>
public readonly record struct ObjectId(Bytes32 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes32.Length;

    /// <summary>Reads the first 32 bytes of <paramref name="source"/>.</summary>
    public static ObjectId Read(ReadOnlySpan<byte> source) => new(Bytes32.Read(source));

    /// <summary>Reads exactly 64 lowercase hex digits; else <c>InvalidObjectId</c>.</summary>
    public static FcpStatus Parse(ReadOnlySpan<byte> text, out ObjectId id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bool valid = Hex.TryRead(text, bytes);
        id = valid ? Read(bytes) : default;
        return valid ? FcpStatus.Accepted : FcpStatus.InvalidObjectId;
    }

    /// <summary>The scoped id, required for everything that matters to security.</summary>
    /// <param name="hasher">Scratch; erased of the key before return.</param>
    /// <param name="objectIdKey">32 secret bytes.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="schema">The content's schema.</param>
    /// <param name="content">The object.</param>
    public static ObjectId Scoped(
        Blake3Hasher hasher, ReadOnlySpan<byte> objectIdKey, ZoneId zone, SchemaHash schema, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(hasher);
        Span<byte> bytes = stackalloc byte[Length + ZoneId.MaxBytes];
        hasher.Reset(objectIdKey);
        hasher.Update("FCP2-OBJECT-V2"u8);
        hasher.Update(bytes[..zone.Write(bytes)]);
        schema.Value.Write(bytes);
        hasher.Update(bytes[..SchemaHash.Length]);
        hasher.Update(content);
        hasher.Finish(bytes[..Length]);
        hasher.Erase();
        return Read(bytes);
    }

    /// <summary>The id without a key; names public messages only.</summary>
    public static ObjectId Unscoped(ReadOnlySpan<byte> content)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Blake3Hasher.Hash("FCP2-CONTENT-V2"u8, content, bytes);
        return Read(bytes);
    }

    /// <summary>64 lowercase hex digits.</summary>
    public override string ToString() => Value.ToString();
}
