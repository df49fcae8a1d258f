using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using FcpFast.Interop.Libsodium;

namespace FcpFast.Tool.Vectors;

/// <summary>The inputs of a case, read by name and type.</summary>
/// <remarks>
/// Shape:  bytes are lowercase hex, or a stretch of ChaCha20 key stream, or a fill; u64 values are decimal strings; a missing key or null is absent.
/// Errors: <see cref="VectorFormatException"/> for a file that does not keep to its format.
/// </remarks>
internal readonly record struct VectorInputs(JsonElement Element)
{
    private const int BytesMax = 128 * 1024 * 1024; // twice the largest object, so that one too long can be given

    public bool Has(string name) => TryGet(name, out _);

    public string Text(string name) => Get(name).GetString() ?? throw new VectorFormatException($"'{name}' is not text");

    public bool Flag(string name) => TryGet(name, out JsonElement value) && value.GetBoolean();

    public int Int(string name) => checked((int)ULong(name));

    public int? TryInt(string name) => Has(name) ? Int(name) : null;

    public uint UInt(string name) => checked((uint)ULong(name));

    public ulong ULong(string name) => ParseULong(Get(name));

    public ulong[] ULongs(string name) => [.. Get(name).EnumerateArray().Select(ParseULong)];

    public ulong? TryULong(string name) => TryGet(name, out JsonElement value) ? ParseULong(value) : null;

    public byte[] Bytes(string name) => ParseBytes(Get(name));

    public byte[][] ByteStrings(string name) => [.. Get(name).EnumerateArray().Select(ParseBytes)];

    public byte[]? TryBytes(string name) => TryGet(name, out JsonElement value) ? ParseBytes(value) : null;

    public VectorInputs Object(string name) => new(Get(name));

    public VectorInputs[] Objects(string name) => [.. Get(name).EnumerateArray().Select(static element => new VectorInputs(element))];

    /// <summary>An input of a form of its own.</summary>
    public JsonElement Raw(string name) => Get(name);

    /// <summary>A typed value; null is a value here.</summary>
    public JsonElement Value(string name) =>
        Element.TryGetProperty(name, out JsonElement value) ? value : throw new VectorFormatException($"the input '{name}' is missing");

    public bool TryGet(string name, out JsonElement value) =>
        Element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Bytes in any of their three forms.</summary>
    public static byte[] ParseBytes(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return Convert.FromHexString(value.GetString()!);
        if (value.ValueKind != JsonValueKind.Object) throw new VectorFormatException("bytes are hex, stream_key or fill");
        int length = value.GetProperty("length").GetInt32();
        if (length is < 0 or > BytesMax) throw new VectorFormatException($"a length is 0 to {BytesMax}");
        byte[] bytes = new byte[length];
        if (value.TryGetProperty("fill", out JsonElement fill)) Array.Fill(bytes, fill.GetByte());
        else KeyStream(Convert.FromHexString(value.GetProperty("stream_key").GetString()!), bytes);
        return bytes;
    }

    /// <summary>The first bytes of a ChaCha20 key stream with nonce 0 and counter 0.</summary>
    public static void KeyStream(ReadOnlySpan<byte> key, Span<byte> output) => LibsodiumStream.ChaCha20(key, output);

    private static ulong ParseULong(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? ulong.Parse(value.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture)
        : value.GetUInt64();

    private JsonElement Get(string name) =>
        TryGet(name, out JsonElement value) ? value : throw new VectorFormatException($"the input '{name}' is missing");
}
