using System;
using System.Text;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Ids;

/// <summary>An opaque node id.</summary>
/// <remarks>
/// Shape:  1 to 128 bytes, each 0x21 to 0x7E.
/// Source: [WIRE §2.2].
/// </remarks>
public readonly record struct NodeId
{
    /// <summary>The longest node id.</summary>
    public const int MaxBytes = 128;

    private readonly string? _text;

    private NodeId(string text) => _text = text;

    /// <summary>True for the default value, which names no node.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>Its length on the wire.</summary>
    public int LengthBytes => _text?.Length ?? 0;

    /// <summary>Parses text; <c>InvalidNodeId</c> if it is no node id.</summary>
    public static FcpStatus Parse(string text, out NodeId id)
    {
        FcpStatus status = TextCheck.Check(text, Check);
        id = status == FcpStatus.Accepted ? new NodeId(text) : default;
        return status;
    }

    /// <summary>Parses bytes; allocates the text only when it is a node id.</summary>
    public static FcpStatus Parse(ReadOnlySpan<byte> utf8, out NodeId id)
    {
        FcpStatus status = Check(utf8);
        id = status == FcpStatus.Accepted ? new NodeId(Encoding.ASCII.GetString(utf8)) : default;
        return status;
    }

    /// <summary>Checks the bytes of a node id without allocating.</summary>
    public static FcpStatus Check(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty || utf8.Length > MaxBytes || utf8.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E)
            ? FcpStatus.InvalidNodeId
            : FcpStatus.Accepted;

    /// <summary>Writes the id's bytes and returns how many.</summary>
    public int Write(Span<byte> destination) => Encoding.ASCII.GetBytes(_text, destination);

    /// <summary>True if the bytes spell this id; no allocation.</summary>
    public bool Matches(ReadOnlySpan<byte> utf8) => System.Text.Ascii.Equals(utf8, _text);

    /// <summary>The id; empty for the default value.</summary>
    public override string ToString() => _text ?? "";
}
