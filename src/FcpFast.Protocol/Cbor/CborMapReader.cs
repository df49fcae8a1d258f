using System;
using System.Diagnostics;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Cbor;

/// <summary>Reads the fields of a validated map in canonical key order, keeping the first fault.</summary>
/// <remarks>
/// Shape:   call the field methods in the order of the encoded keys (shorter keys first, then bytewise), then <see cref="End"/>.
///          After a fault every further field reads as absent, so a decoder checks <see cref="Status"/> once, at the end.
/// Errors:  <c>CborDeserialize</c> for a field that is missing or of another type, length or range; <c>NonCanonicalEncoding</c> for an
///          unknown field and for an optional one that is present as null.
/// Cost:    no allocation.
/// Source:  [WIRE §3].
/// </remarks>
public ref struct CborMapReader
{
    private ReadOnlySpan<byte> _rest;
    private int _count;
    private ReadOnlySpan<byte> _lastAsked;

    internal CborMapReader(ReadOnlySpan<byte> fields, int count)
    {
        _rest = fields;
        _count = count;
        Status = FcpStatus.Accepted;
    }

    /// <summary>Fields not yet read.</summary>
    public readonly int Count => _count;

    /// <summary>The first fault, or <c>Accepted</c>.</summary>
    public FcpStatus Status { get; private set; }

    /// <summary>Opens a map that was validated; <c>CborDeserialize</c> as its status if the item is no map.</summary>
    public static CborMapReader Open(ReadOnlySpan<byte> validated) =>
        new CborItem(validated).TryGetMap(out CborMapReader fields) ? fields : new CborMapReader { Status = FcpStatus.CborDeserialize };

    /// <summary>Keeps a fault that the caller found in a field's value, unless there was one before.</summary>
    public void Fail(FcpStatus status)
    {
        if (Status == FcpStatus.Accepted) Status = status;
    }

    /// <summary>A field that may be absent.</summary>
    public bool TryField(ReadOnlySpan<byte> key, out CborItem value)
    {
        if (!TryTake(key, out value)) return false;
        if (value.Kind != CborKind.Null) return true;
        Status = FcpStatus.NonCanonicalEncoding; // absent optional fields are left out, never null
        return false;
    }

    /// <summary>A field that must be there; a null is of the wrong type for all of them.</summary>
    public bool Field(ReadOnlySpan<byte> key, out CborItem value)
    {
        if (TryTake(key, out value) && value.Kind != CborKind.Null) return true;
        Fail(FcpStatus.CborDeserialize);
        return false;
    }

    /// <summary>A required byte string of <paramref name="lengthBytes"/>.</summary>
    public ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> key, int lengthBytes)
    {
        if (Field(key, out CborItem item) && item.TryGetBytes(out ReadOnlySpan<byte> value) && value.Length == lengthBytes) return value;
        Fail(FcpStatus.CborDeserialize);
        return default;
    }

    /// <summary>An optional byte string of <paramref name="lengthBytes"/>; empty if absent.</summary>
    public ReadOnlySpan<byte> TryBytes(ReadOnlySpan<byte> key, int lengthBytes)
    {
        if (!TryField(key, out CborItem item)) return default;
        if (item.TryGetBytes(out ReadOnlySpan<byte> value) && value.Length == lengthBytes) return value;
        Fail(FcpStatus.CborDeserialize);
        return default;
    }

    /// <summary>A required byte string of any length.</summary>
    public ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> key)
    {
        if (Field(key, out CborItem item) && item.TryGetBytes(out ReadOnlySpan<byte> value)) return value;
        Fail(FcpStatus.CborDeserialize);
        return default;
    }

    /// <summary>A required byte string of 32.</summary>
    public Bytes32 Bytes32(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> bytes = Bytes(key, Ids.Bytes32.Length);
        return bytes.IsEmpty ? default : Ids.Bytes32.Read(bytes);
    }

    /// <summary>Required text.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> key)
    {
        if (Field(key, out CborItem item) && item.TryGetText(out ReadOnlySpan<byte> value)) return value;
        Fail(FcpStatus.CborDeserialize);
        return default;
    }

    /// <summary>A required unsigned integer.</summary>
    public ulong Unsigned(ReadOnlySpan<byte> key)
    {
        if (Field(key, out CborItem item) && item.TryGetUnsigned(out ulong value)) return value;
        Fail(FcpStatus.CborDeserialize);
        return 0;
    }

    /// <summary>A required unsigned integer of at most <paramref name="max"/>.</summary>
    public uint Unsigned(ReadOnlySpan<byte> key, uint max)
    {
        if (Field(key, out CborItem item) && item.TryGetUnsigned(max, out uint value)) return value;
        Fail(FcpStatus.CborDeserialize);
        return 0;
    }

    /// <summary>An optional unsigned integer.</summary>
    public ulong? TryUnsigned(ReadOnlySpan<byte> key)
    {
        if (!TryField(key, out CborItem item)) return null;
        if (item.TryGetUnsigned(out ulong value)) return value;
        Fail(FcpStatus.CborDeserialize);
        return null;
    }

    /// <summary>A required boolean.</summary>
    public bool Boolean(ReadOnlySpan<byte> key)
    {
        if (Field(key, out CborItem item) && item.TryGetBoolean(out bool value)) return value;
        Fail(FcpStatus.CborDeserialize);
        return false;
    }

    /// <summary>A required array.</summary>
    public CborArrayReader Array(ReadOnlySpan<byte> key)
    {
        if (Field(key, out CborItem item) && item.TryGetArray(out CborArrayReader value)) return value;
        Fail(FcpStatus.CborDeserialize);
        return default;
    }

    /// <summary>A required map; its own status tells of faults inside.</summary>
    public CborMapReader Map(ReadOnlySpan<byte> key)
    {
        if (Field(key, out CborItem item) && item.TryGetMap(out CborMapReader value)) return value;
        Fail(FcpStatus.CborDeserialize);
        return new CborMapReader { Status = Status };
    }

    /// <summary>The next field whatever its key, for showing maps of unknown shape; false after the last or after a fault.</summary>
    public bool TryNext(out ReadOnlySpan<byte> key, out CborItem value)
    {
        key = default;
        value = default;
        if (Status != FcpStatus.Accepted || _count == 0) return false;
        CborItem.Take(ref _rest).TryGetText(out ReadOnlySpan<byte> found);
        key = found;
        value = CborItem.Take(ref _rest);
        _lastAsked = found;
        _count--;
        return true;
    }

    /// <summary>Ends the map: a field left over is one that nobody knows.</summary>
    public FcpStatus End()
    {
        if (_count > 0) Fail(FcpStatus.NonCanonicalEncoding);
        return Status;
    }

    private bool TryTake(ReadOnlySpan<byte> key, out CborItem value)
    {
        Debug.Assert(_lastAsked.IsEmpty || Compare(_lastAsked, key) < 0, "fields are asked for in canonical order");
        _lastAsked = key;
        value = default;
        if (Status != FcpStatus.Accepted || _count == 0) return false;
        ReadOnlySpan<byte> afterKey = _rest;
        CborItem.Take(ref afterKey).TryGetText(out ReadOnlySpan<byte> found);
        int order = Compare(found, key);
        if (order > 0) return false;
        if (order < 0)
        {
            Status = FcpStatus.NonCanonicalEncoding; // a field that nobody knows
            return false;
        }

        _rest = afterKey;
        _count--;
        value = CborItem.Take(ref _rest);
        return true;
    }

    /// <summary>The order of encoded text keys: by length, then bytewise.</summary>
    private static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
}
