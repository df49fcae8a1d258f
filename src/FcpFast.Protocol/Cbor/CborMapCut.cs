using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Cbor;

/// <summary>Takes fields out of an encoded map and leaves every other byte as it came, for signatures that do not cover themselves.</summary>
/// <remarks>Source: [WIRE §2.7].</remarks>
public static class CborMapCut
{
    private const int HeadBytesMax = 9;

    /// <summary>The canonical encoding of a validated map without the fields of these keys; allocates.</summary>
    /// <param name="validatedMap">A whole map that passed <see cref="CanonicalCbor.Validate"/>.</param>
    /// <param name="key">A field to leave out, if it is there.</param>
    /// <param name="otherKey">Another one; empty for none.</param>
    public static byte[] Without(ReadOnlySpan<byte> validatedMap, ReadOnlySpan<byte> key, ReadOnlySpan<byte> otherKey = default)
    {
        bool isMap = CborHead.TryRead(validatedMap, out CborHead head) && head.Major == CborHead.Map;
        if (!isMap) ThrowHelper.BadArgument(nameof(validatedMap), "a validated map");
        ReadOnlySpan<byte> rest = validatedMap[head.HeadBytes..];
        byte[] kept = new byte[rest.Length];
        int keptBytes = 0;
        ulong keptFields = 0;
        for (ulong i = 0; i < head.Argument; i++)
        {
            ReadOnlySpan<byte> start = rest;
            CborItem.Take(ref rest).TryGetText(out ReadOnlySpan<byte> found);
            CborItem.Take(ref rest);
            if (found.SequenceEqual(key) || (!otherKey.IsEmpty && found.SequenceEqual(otherKey))) continue;
            ReadOnlySpan<byte> field = start[..(start.Length - rest.Length)];
            field.CopyTo(kept.AsSpan(keptBytes));
            keptBytes += field.Length;
            keptFields++;
        }

        Span<byte> newHead = stackalloc byte[HeadBytesMax];
        int headBytes = CborHead.Write(newHead, CborHead.Map, keptFields);
        byte[] cut = new byte[headBytes + keptBytes];
        newHead[..headBytes].CopyTo(cut);
        kept.AsSpan(0, keptBytes).CopyTo(cut.AsSpan(headBytes));
        return cut;
    }
}
