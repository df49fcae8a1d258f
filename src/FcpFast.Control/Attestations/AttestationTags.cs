using System;
using System.Buffers;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

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

    /// <summary>Reads the field <c>tags</c>; what is no text fails the map.</summary>
    internal static ImmutableArray<string> Read(ref CborMapReader map)
    {
        CborArrayReader entries = map.Array("tags"u8);
        ImmutableArray<string>.Builder tags = ImmutableArray.CreateBuilder<string>(entries.Count); // the record has at most 8 KiB
        while (entries.TryRead(out CborItem item))
        {
            if (!item.TryGetText(out ReadOnlySpan<byte> tag)) map.Fail(FcpStatus.CborDeserialize);
            tags.Add(Encoding.UTF8.GetString(tag));
        }

        return tags.ToImmutable();
    }

    /// <summary>Writes the field <c>tags</c>.</summary>
    internal static void Write(CborWriter writer, ImmutableArray<string> tags)
    {
        writer.Key("tags"u8);
        writer.BeginArray(tags.Length);
        foreach (string tag in tags) writer.Text(tag);
    }

    private static bool IsValid(string tag)
    {
        if (!tag.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        ReadOnlySpan<char> name = tag.AsSpan(Prefix.Length);
        return name.Length is >= 1 and <= NameBytesMax && !name.ContainsAnyExcept(Characters);
    }
}
