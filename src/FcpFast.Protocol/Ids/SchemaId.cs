using System;
using System.Buffers;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Ids;

/// <summary>A schema: <c>namespace:name@version</c>.</summary>
/// <param name="Namespace">1 to 128 of <c>[A-Za-z0-9._-]</c>.</param>
/// <param name="Name">As the namespace.</param>
/// <param name="Version">A semantic version.</param>
/// <remarks>Source: [WIRE §2.4].</remarks>
public sealed record SchemaId(string Namespace, string Name, string Version)
{
    private const int MaxPartBytes = 128;

    private static readonly SearchValues<char> PartCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Parses a schema text; else <c>InvalidSchemaId</c>.</summary>
    public static FcpStatus Parse(string text, out SchemaId? id)
    {
        ArgumentNullException.ThrowIfNull(text);
        id = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal), at = text.IndexOf('@', StringComparison.Ordinal);
        if (colon < 0 || at < colon) return FcpStatus.InvalidSchemaId;
        var parsed = new SchemaId(text[..colon], text[(colon + 1)..at], text[(at + 1)..]);
        if (!parsed.IsValid) return FcpStatus.InvalidSchemaId;
        id = parsed;
        return FcpStatus.Accepted;
    }

    /// <summary>True if every part is within its grammar.</summary>
    public bool IsValid => IsPart(Namespace) && IsPart(Name) && SemanticVersion.IsValid(Version);

    /// <summary>The hash that prefixes payloads of this schema; computed anew at each call.</summary>
    public SchemaHash ComputeHash()
    {
        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        Blake3Hasher.Hash("FCP2-SCHEMA-V1"u8, Encoding.ASCII.GetBytes(ToString()), hash);
        return new SchemaHash(Bytes32.Read(hash));
    }

    /// <summary>The schema text.</summary>
    public override string ToString() => $"{Namespace}:{Name}@{Version}";

    private static bool IsPart(string part) => part.Length is > 0 and <= MaxPartBytes && !part.AsSpan().ContainsAnyExcept(PartCharacters);
}
