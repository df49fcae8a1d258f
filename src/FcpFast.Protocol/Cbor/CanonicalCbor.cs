using System;
using System.Text.Unicode;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Cbor;

/// <summary>Decides whether bytes are the one canonical encoding of one item.</summary>
/// <remarks>
/// Shape:   reads left to right and stops at the first fault; accepts exactly what <see cref="CborWriter"/> writes.
/// Cost:    one pass, no allocation, recursion bounded by <see cref="CborLimits.NestingMax"/>.
/// Source:  [WIRE §3], [RFC 8949 §4.2].
/// </remarks>
public static class CanonicalCbor
{
    /// <summary>Validates a whole input; only then may <see cref="CborMapReader"/> and <see cref="CborArrayReader"/> read it.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="limitBytes">More is <c>PayloadTooLarge</c>, before anything is read.</param>
    /// <remarks>
    /// Errors: <c>PayloadTooLarge</c>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>, <c>DuplicateMapKey</c>, <c>UnsupportedItem</c>,
    ///         <c>NonTextKey</c>, <c>TooDeep</c>, <c>TrailingBytes</c>.
    /// </remarks>
    public static FcpStatus Validate(ReadOnlySpan<byte> input, int limitBytes)
    {
        if (input.Length > limitBytes) return FcpStatus.PayloadTooLarge;
        FcpStatus status = ValidateItem(ref input, 0);
        if (status != FcpStatus.Accepted) return status;
        return input.IsEmpty ? FcpStatus.Accepted : FcpStatus.TrailingBytes;
    }

    /// <summary>Validates the first item of a CBOR sequence.</summary>
    /// <param name="sequence">The bytes.</param>
    /// <param name="itemBytesMax">The longest content of a string; more is <c>PayloadTooLarge</c>.</param>
    /// <param name="itemBytes">How long the item is, head included.</param>
    /// <remarks>Errors: as <see cref="Validate"/>, without <c>TrailingBytes</c>. Source: [RFC 8742 §2].</remarks>
    public static FcpStatus ValidateFirst(ReadOnlySpan<byte> sequence, int itemBytesMax, out int itemBytes)
    {
        ReadOnlySpan<byte> rest = sequence;
        FcpStatus status = ValidateItem(ref rest, 0);
        itemBytes = sequence.Length - rest.Length;
        if (status != FcpStatus.Accepted) return status;
        return new CborItem(sequence[..itemBytes]).Content.Length > itemBytesMax ? FcpStatus.PayloadTooLarge : FcpStatus.Accepted;
    }

    /// <summary>Validates a schema-prefixed payload and returns its CBOR.</summary>
    /// <param name="payload">Schema hash and canonical CBOR.</param>
    /// <param name="expected">The schema it must have.</param>
    /// <param name="limitBytes">Bound of the whole payload.</param>
    /// <param name="cbor">The item, validated.</param>
    public static FcpStatus OpenPayload(ReadOnlySpan<byte> payload, SchemaHash expected, int limitBytes, out ReadOnlySpan<byte> cbor)
    {
        cbor = default;
        FcpStatus status = ReadSchema(payload, limitBytes, out SchemaHash schema);
        if (status != FcpStatus.Accepted) return status;
        if (schema != expected) return FcpStatus.SchemaMismatch;
        status = Validate(payload[SchemaHash.Length..], limitBytes);
        if (status == FcpStatus.Accepted) cbor = payload[SchemaHash.Length..];
        return status;
    }

    /// <summary>Reads the prefix of a schema-prefixed payload, to dispatch by it; the CBOR is not validated yet.</summary>
    public static FcpStatus ReadSchema(ReadOnlySpan<byte> payload, int limitBytes, out SchemaHash schema)
    {
        schema = default;
        if (payload.Length > limitBytes) return FcpStatus.PayloadTooLarge;
        if (payload.Length < SchemaHash.Length) return FcpStatus.MissingSchemaHashPrefix;
        schema = new SchemaHash(Bytes32.Read(payload));
        return FcpStatus.Accepted;
    }

    private static FcpStatus ValidateItem(ref ReadOnlySpan<byte> rest, int depth)
    {
        if (!CborHead.TryRead(rest, out CborHead head)) return FcpStatus.CborDeserialize;
        if (head.Major == CborHead.Simple) return ValidateSimple(ref rest, head);
        if (head.Major == CborHead.Tag) return FcpStatus.UnsupportedItem;
        if (head.IsIndefinite)
        {
            return head.Major is CborHead.Unsigned or CborHead.Negative ? FcpStatus.CborDeserialize : FcpStatus.NonCanonicalEncoding;
        }

        if (head.IsLongerThanNeeded) return FcpStatus.NonCanonicalEncoding;
        rest = rest[head.HeadBytes..];
        if (head.Major is CborHead.Unsigned or CborHead.Negative) return FcpStatus.Accepted;
        if (head.Argument > (ulong)rest.Length) return FcpStatus.CborDeserialize; // bounds every loop and slice below
        int count = (int)head.Argument;
        switch (head.Major)
        {
            case CborHead.Bytes:
                rest = rest[count..];
                return FcpStatus.Accepted;
            case CborHead.Text:
                if (!Utf8.IsValid(rest[..count])) return FcpStatus.CborDeserialize;
                rest = rest[count..];
                return FcpStatus.Accepted;
            default:
                if (depth == CborLimits.NestingMax) return FcpStatus.TooDeep;
                return head.Major == CborHead.Array ? ValidateArray(ref rest, count, depth) : ValidateMap(ref rest, count, depth);
        }
    }

    private static FcpStatus ValidateSimple(ref ReadOnlySpan<byte> rest, CborHead head)
    {
        if (head.IsIndefinite) return FcpStatus.CborDeserialize; // a break outside an indefinite item
        if (head.HeadBytes != 1 || head.Info is not (CborHead.False or CborHead.True or CborHead.Null)) return FcpStatus.UnsupportedItem;
        rest = rest[1..];
        return FcpStatus.Accepted;
    }

    private static FcpStatus ValidateArray(ref ReadOnlySpan<byte> rest, int count, int depth)
    {
        for (int i = 0; i < count; i++)
        {
            FcpStatus status = ValidateItem(ref rest, depth + 1);
            if (status != FcpStatus.Accepted) return status;
        }

        return FcpStatus.Accepted;
    }

    private static FcpStatus ValidateMap(ref ReadOnlySpan<byte> rest, int count, int depth)
    {
        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> start = rest;
            FcpStatus status = ValidateItem(ref rest, depth + 1);
            if (status != FcpStatus.Accepted) return status;
            if (start[0] >> 5 != CborHead.Text) return FcpStatus.NonTextKey;
            ReadOnlySpan<byte> key = start[..(start.Length - rest.Length)];
            int order = i == 0 ? 1 : key.SequenceCompareTo(previous);
            if (order == 0) return FcpStatus.DuplicateMapKey;
            if (order < 0) return FcpStatus.NonCanonicalEncoding;
            previous = key;
            status = ValidateItem(ref rest, depth + 1);
            if (status != FcpStatus.Accepted) return status;
        }

        return FcpStatus.Accepted;
    }
}
