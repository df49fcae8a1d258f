using System;
using System.Buffers;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Ids;

/// <summary>A canonical identifier: of a principal, connector, capability, operation, role, secret, credential or instance.</summary>
/// <remarks>
/// Shape:  1 to 128 bytes, <c>[a-z0-9]</c> then <c>[a-z0-9._:-]</c>.
/// Source: [WIRE §2.1].
/// </remarks>
public readonly record struct CanonicalId
{
    /// <summary>The longest identifier.</summary>
    public const int MaxBytes = 128;

    private static readonly SearchValues<byte> Uppercase = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
    private static readonly SearchValues<byte> StartCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789"u8);
    private static readonly SearchValues<byte> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._:-"u8);

    private readonly string? _text;

    private CanonicalId(string text) => _text = text;

    /// <summary>Parses text; refuses and never normalises.</summary>
    /// <remarks>Errors: <c>Empty</c>, <c>TooLong</c>, <c>NonAscii</c>, <c>UppercaseNotAllowed</c>, <c>InvalidStartChar</c>, <c>InvalidChar</c>, in this order.</remarks>
    public static FcpStatus Parse(string text, out CanonicalId id)
    {
        FcpStatus status = TextCheck.Check(text, Check);
        id = status == FcpStatus.Accepted ? new CanonicalId(text) : default;
        return status;
    }

    /// <summary>Checks the bytes of an identifier without allocating.</summary>
    public static FcpStatus Check(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return FcpStatus.Empty;
        if (utf8.Length > MaxBytes) return FcpStatus.TooLong;
        if (!System.Text.Ascii.IsValid(utf8)) return FcpStatus.NonAscii;
        if (utf8.ContainsAny(Uppercase)) return FcpStatus.UppercaseNotAllowed;
        if (!StartCharacters.Contains(utf8[0])) return FcpStatus.InvalidStartChar;
        return utf8.ContainsAnyExcept(Characters) ? FcpStatus.InvalidChar : FcpStatus.Accepted;
    }

    /// <summary>The identifier; empty for the default value.</summary>
    public override string ToString() => _text ?? "";
}
