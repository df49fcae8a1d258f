using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Tool.Vectors;

/// <summary>Between CBOR and the typed JSON values of the vectors.</summary>
/// <remarks>
/// Shape:  numbers, strings, booleans, null, arrays and objects stand for themselves; <c>{"hex": "…"}</c> is a byte string and
///         <c>{"int": "…"}</c> an integer of any of CBOR's sizes.
/// Source: <c>vectors/README.md</c>, "Typed values".
/// </remarks>
internal static class TypedValue
{
    private const string BytesKey = "hex";
    private const string IntegerKey = "int";
    private static readonly BigInteger LeastInteger = -BigInteger.One - ulong.MaxValue;

    /// <summary>Writes the canonical encoding of a value, its keys in canonical order whatever their order in the JSON.</summary>
    /// <remarks>Errors: <c>UnsupportedItem</c> for numbers that are no integers of CBOR. Nesting is bounded by the JSON reader.</remarks>
    public static FcpStatus Write(CborWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                writer.Null();
                return FcpStatus.Accepted;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Boolean(value.GetBoolean());
                return FcpStatus.Accepted;
            case JsonValueKind.String:
                writer.Text(value.GetString()!);
                return FcpStatus.Accepted;
            case JsonValueKind.Number:
                return WriteInteger(writer, value.GetRawText());
            case JsonValueKind.Array:
                return WriteArray(writer, value);
            default:
                return WriteObject(writer, value);
        }
    }

    /// <summary>Reads a validated item.</summary>
    public static JsonNode? Read(CborItem item)
    {
        switch (item.Kind)
        {
            case CborKind.Unsigned:
                item.TryGetUnsigned(out ulong unsigned);
                return Integer(unsigned);
            case CborKind.Negative:
                item.TryGetNegative(out ulong negative);
                return Integer(-BigInteger.One - negative);
            case CborKind.Bytes:
                item.TryGetBytes(out ReadOnlySpan<byte> bytes);
                return new JsonObject { [BytesKey] = Convert.ToHexStringLower(bytes) };
            case CborKind.Text:
                item.TryGetText(out ReadOnlySpan<byte> text);
                return Encoding.UTF8.GetString(text);
            case CborKind.Boolean:
                item.TryGetBoolean(out bool boolean);
                return boolean;
            case CborKind.Array:
                return ReadArray(item);
            case CborKind.Map:
                return ReadMap(item);
            default:
                return null;
        }
    }

    /// <summary>The same value with every integer as <c>{"int": "…"}</c>, so that both forms of one number compare equal.</summary>
    public static JsonNode? WithTaggedIntegers(JsonNode? value) => value switch
    {
        JsonArray array => new JsonArray([.. array.Select(WithTaggedIntegers)]),
        JsonObject map => new JsonObject(map.Select(static pair => KeyValuePair.Create(pair.Key, WithTaggedIntegers(pair.Value)))),
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => new JsonObject { [IntegerKey] = number.ToJsonString() },
        _ => value?.DeepClone(),
    };

    private static FcpStatus WriteInteger(CborWriter writer, string digits)
    {
        bool isInteger = BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger integer);
        if (!isInteger || integer > ulong.MaxValue || integer < LeastInteger) return FcpStatus.UnsupportedItem;
        if (integer.Sign >= 0) writer.Unsigned((ulong)integer);
        else writer.Negative((ulong)(-BigInteger.One - integer));
        return FcpStatus.Accepted;
    }

    private static FcpStatus WriteArray(CborWriter writer, JsonElement array)
    {
        writer.BeginArray(array.GetArrayLength());
        foreach (JsonElement entry in array.EnumerateArray())
        {
            FcpStatus status = Write(writer, entry);
            if (status != FcpStatus.Accepted) return status;
        }

        return FcpStatus.Accepted;
    }

    private static FcpStatus WriteObject(CborWriter writer, JsonElement map)
    {
        if (TryGetOnly(map, BytesKey, out string bytes))
        {
            writer.Bytes(Convert.FromHexString(bytes));
            return FcpStatus.Accepted;
        }

        if (TryGetOnly(map, IntegerKey, out string integer)) return WriteInteger(writer, integer);
        List<(byte[] Key, JsonElement Value)> fields =
            [.. map.EnumerateObject().Select(static field => (Encoding.UTF8.GetBytes(field.Name), field.Value))];
        fields.Sort(static (left, right) => CompareKeys(left.Key, right.Key));
        writer.BeginMap(fields.Count);
        foreach ((byte[] key, JsonElement value) in fields)
        {
            writer.Key(key);
            FcpStatus status = Write(writer, value);
            if (status != FcpStatus.Accepted) return status;
        }

        return FcpStatus.Accepted;
    }

    private static bool TryGetOnly(JsonElement map, string key, out string text)
    {
        bool found = map.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String && map.GetPropertyCount() == 1;
        text = found ? value.GetString()! : "";
        return found;
    }

    /// <summary>The order of encoded text keys: shorter first, then bytewise. [WIRE §3]</summary>
    private static int CompareKeys(byte[] left, byte[] right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.AsSpan().SequenceCompareTo(right);

    private static JsonNode Integer(BigInteger value) =>
        value >= int.MinValue && value <= uint.MaxValue
            ? (long)value
            : new JsonObject { [IntegerKey] = value.ToString(CultureInfo.InvariantCulture) };

    private static JsonArray ReadArray(CborItem item)
    {
        var array = new JsonArray();
        item.TryGetArray(out CborArrayReader entries);
        while (entries.TryRead(out CborItem entry)) array.Add(Read(entry));
        return array;
    }

    private static JsonObject ReadMap(CborItem item)
    {
        var map = new JsonObject();
        item.TryGetMap(out CborMapReader fields);
        while (fields.TryNext(out ReadOnlySpan<byte> key, out CborItem value)) map[Encoding.UTF8.GetString(key)] = Read(value);
        return map;
    }
}
