using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;

namespace FcpFast.Control.Attestations;

/// <summary>The grammar of the tags in an attestation.</summary>
/// <remarks>
/// Shape:  at most <see cref="CountMax"/>, each <c>tag:</c> and 1 to 60 of <c>[a-z0-9._:-]</c>, sorted bytewise, none twice.
/// Source: [WIRE §15].
/// </remarks>
public static class AttestationTags
{
    /// <summary>Tags of an attestation.</summary>
    public const int CountMax = 32;

    private const string Prefix = "tag:";
    private const int NameBytesMax = 60;

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._:-");

    /// <summary>True if the list keeps every rule.</summary>
    public static bool AreValid(IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        if (tags.Count > CountMax) return false;
        for (int i = 0; i < tags.Count; i++)
        {
            if (!IsValid(tags[i])) return false;
            if (i > 0 && string.CompareOrdinal(tags[i - 1], tags[i]) >= 0) return false; // ASCII: ordinal is bytewise
        }

        return true;
    }

    private static bool IsValid(string tag)
    {
        if (!tag.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        ReadOnlySpan<char> name = tag.AsSpan(Prefix.Length);
        return name.Length is >= 1 and <= NameBytesMax && !name.ContainsAnyExcept(Characters);
    }

    /// <summary>The text of a tag as it came; whatever is no UTF-8 was refused before.</summary>
    internal static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
