using System;
using System.Buffers;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Ids;

/// <summary>A zone, by its text.</summary>
/// <remarks>
/// Shape:  <c>z:</c> and at least one of <c>[a-z0-9:_-]</c>, at most 64 bytes in all.
/// Source: [WIRE §2.3].
/// </remarks>
public readonly record struct ZoneId
{
    /// <summary>The longest zone id.</summary>
    public const int MaxBytes = 64;

    private const string TagPrefix = "tag:fcp-";

    private static readonly SearchValues<byte> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789:_-"u8);

    private readonly string? _text;

    private ZoneId(string text) => _text = text;

    /// <summary>True for the default value, which names no zone.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>Its length on the wire.</summary>
    public int LengthBytes => _text?.Length ?? 0;

    /// <summary>The Tailscale tag of this zone.</summary>
    public string TailscaleTag => TagPrefix + ToString()[2..];

    /// <summary>Parses text; refuses and never normalises.</summary>
    /// <remarks>Errors: <c>Empty</c>, <c>TooLong</c>, <c>NonAscii</c>, <c>MissingPrefix</c>, <c>InvalidChar</c>, in this order; <c>Empty</c> for <c>z:</c> alone.</remarks>
    public static FcpStatus Parse(string text, out ZoneId id)
    {
        FcpStatus status = TextCheck.Check(text, Check);
        id = status == FcpStatus.Accepted ? new ZoneId(text) : default;
        return status;
    }

    /// <summary>Parses bytes; allocates the text only when it is a zone id.</summary>
    public static FcpStatus Parse(ReadOnlySpan<byte> utf8, out ZoneId id)
    {
        FcpStatus status = Check(utf8);
        id = status == FcpStatus.Accepted ? new ZoneId(Encoding.ASCII.GetString(utf8)) : default;
        return status;
    }

    /// <summary>Parses a Tailscale tag; <c>InvalidTailscaleTagPrefix</c> for tags of others.</summary>
    public static FcpStatus ParseTailscaleTag(string tag, out ZoneId id)
    {
        ArgumentNullException.ThrowIfNull(tag);
        id = default;
        return tag.StartsWith(TagPrefix, StringComparison.Ordinal)
            ? Parse(string.Concat("z:", tag.AsSpan(TagPrefix.Length)), out id)
            : FcpStatus.InvalidTailscaleTagPrefix;
    }

    /// <summary>Checks the bytes of a zone id without allocating.</summary>
    public static FcpStatus Check(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return FcpStatus.Empty;
        if (utf8.Length > MaxBytes) return FcpStatus.TooLong;
        if (!System.Text.Ascii.IsValid(utf8)) return FcpStatus.NonAscii;
        if (!utf8.StartsWith("z:"u8)) return FcpStatus.MissingPrefix;
        if (utf8.Length == 2) return FcpStatus.Empty; // a zone without a name serves nobody
        return utf8.ContainsAnyExcept(Characters) ? FcpStatus.InvalidChar : FcpStatus.Accepted;
    }

    /// <summary>The hash that frames and symbol AADs carry; computed anew at each call.</summary>
    public ZoneIdHash ComputeHash()
    {
        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        Span<byte> text = stackalloc byte[MaxBytes];
        Blake3Hasher.Hash("FCP2-ZONE-ID-V1"u8, text[..Write(text)], hash);
        return new ZoneIdHash(Bytes32.Read(hash));
    }

    /// <summary>Writes the id's bytes and returns how many.</summary>
    public int Write(Span<byte> destination) => Encoding.ASCII.GetBytes(_text, destination);

    /// <summary>True if the bytes spell this id; no allocation.</summary>
    public bool Matches(ReadOnlySpan<byte> utf8) => System.Text.Ascii.Equals(utf8, _text);

    /// <summary>The id; empty for the default value.</summary>
    public override string ToString() => _text ?? "";
}
