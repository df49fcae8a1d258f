using System;
using System.Buffers;

namespace FcpFast.Protocol.Ids;

/// <summary>The grammar of semantic versions 2.0.0.</summary>
internal static class SemanticVersion
{
    private const int MaxCharacters = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxCharacters) return false;
        int plus = text.IndexOf('+');
        if (plus >= 0)
        {
            if (!AreIdentifiers(text[(plus + 1)..], numbersAreStrict: false)) return false;
            text = text[..plus];
        }

        int dash = text.IndexOf('-');
        if (dash >= 0)
        {
            if (!AreIdentifiers(text[(dash + 1)..], numbersAreStrict: true)) return false;
            text = text[..dash];
        }

        int parts = 0;
        foreach (Range part in text.Split('.'))
        {
            parts++;
            if (!IsNumber(text[part])) return false;
        }

        return parts == 3;
    }

    private static bool AreIdentifiers(ReadOnlySpan<char> text, bool numbersAreStrict)
    {
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> part = text[range];
            if (part.IsEmpty || part.ContainsAnyExcept(IdentifierCharacters)) return false;
            if (numbersAreStrict && !part.ContainsAnyExcept(Digits) && !IsNumber(part)) return false;
        }

        return true;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) =>
        !text.IsEmpty && !text.ContainsAnyExcept(Digits) && (text.Length == 1 || text[0] != '0');
}
