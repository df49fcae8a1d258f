using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Cbor;

/// <summary>One validated item, and what it may be read as.</summary>
/// <remarks>
/// Shape:   a view of bytes that passed <see cref="CanonicalCbor.Validate"/>; owns nothing.
/// Errors:  the <c>Try</c> methods return false for another type or a number out of range.
/// </remarks>
public readonly ref struct CborItem
{
    private readonly CborHead _head;

    /// <summary>Views one whole validated item.</summary>
    public CborItem(ReadOnlySpan<byte> encoded)
    {
        Encoded = encoded;
        if (!CborHead.TryRead(encoded, out _head)) ThrowHelper.BadArgument(nameof(encoded), "the item was not validated");
    }

    /// <summary>The item's bytes.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The item without its head: the bytes of a string, the entries of a container.</summary>
    public ReadOnlySpan<byte> Content => Encoded[_head.HeadBytes..];

    /// <summary>Its type.</summary>
    public CborKind Kind => _head.Major switch
    {
        CborHead.Unsigned => CborKind.Unsigned,
        CborHead.Negative => CborKind.Negative,
        CborHead.Bytes => CborKind.Bytes,
        CborHead.Text => CborKind.Text,
        CborHead.Array => CborKind.Array,
        CborHead.Map => CborKind.Map,
        _ => _head.Info == CborHead.Null ? CborKind.Null : CborKind.Boolean,
    };

    /// <summary>An unsigned integer.</summary>
    public bool TryGetUnsigned(out ulong value)
    {
        value = _head.Argument;
        return _head.Major == CborHead.Unsigned;
    }

    /// <summary>An unsigned integer of at most <paramref name="max"/>.</summary>
    public bool TryGetUnsigned(uint max, out uint value)
    {
        bool valid = _head.Major == CborHead.Unsigned && _head.Argument <= max;
        value = valid ? (uint)_head.Argument : 0;
        return valid;
    }

    /// <summary>A negative integer <c>-1 - value</c>.</summary>
    public bool TryGetNegative(out ulong value)
    {
        value = _head.Argument;
        return _head.Major == CborHead.Negative;
    }

    /// <summary>A byte string of any length.</summary>
    public bool TryGetBytes(out ReadOnlySpan<byte> value)
    {
        value = _head.Major == CborHead.Bytes ? Encoded[_head.HeadBytes..] : default;
        return _head.Major == CborHead.Bytes;
    }

    /// <summary>Text, as valid UTF-8.</summary>
    public bool TryGetText(out ReadOnlySpan<byte> value)
    {
        value = _head.Major == CborHead.Text ? Encoded[_head.HeadBytes..] : default;
        return _head.Major == CborHead.Text;
    }

    /// <summary>False or true.</summary>
    public bool TryGetBoolean(out bool value)
    {
        value = _head.Info == CborHead.True;
        return Kind == CborKind.Boolean;
    }

    /// <summary>The entries of an array.</summary>
    public bool TryGetArray(out CborArrayReader entries)
    {
        bool valid = _head.Major == CborHead.Array;
        entries = valid ? new CborArrayReader(Encoded[_head.HeadBytes..], (int)_head.Argument) : default;
        return valid;
    }

    /// <summary>The fields of a map.</summary>
    public bool TryGetMap(out CborMapReader fields)
    {
        bool valid = _head.Major == CborHead.Map;
        fields = valid ? new CborMapReader(Encoded[_head.HeadBytes..], (int)_head.Argument) : default;
        return valid;
    }

    /// <summary>Cuts the first item off <paramref name="rest"/>.</summary>
    internal static CborItem Take(scoped ref ReadOnlySpan<byte> rest)
    {
        int bytes = Measure(rest);
        var item = new CborItem(rest[..bytes]);
        rest = rest[bytes..];
        return item;
    }

    private static int Measure(ReadOnlySpan<byte> source)
    {
        int position = 0;
        for (long pending = 1; pending > 0; pending--)
        {
            bool read = CborHead.TryRead(source[position..], out CborHead head);
            Invariant.Require(read, "readers see validated CBOR only");
            position += head.HeadBytes;
            if (head.Major is CborHead.Bytes or CborHead.Text) position += (int)head.Argument;
            if (head.Major == CborHead.Array) pending += (long)head.Argument;
            if (head.Major == CborHead.Map) pending += 2 * (long)head.Argument;
        }

        return position;
    }
}
