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
    public bool Has(string name) => TryGet(name, out _);

    public string Text(string name) => Get(name).GetString() ?? throw new VectorFormatException($"'{name}' is not text");

    public bool Flag(string name) => TryGet(name, out JsonElement value) && value.GetBoolean();

    public int Int(string name) => Get(name).GetInt32();

    public uint UInt(string name) => Get(name).GetUInt32();

    public ulong ULong(string name) => ParseULong(Get(name));

    public ulong? TryULong(string name) => TryGet(name, out JsonElement value) ? ParseULong(value) : null;

    public byte[] Bytes(string name) => ParseBytes(Get(name));

    public byte[]? TryBytes(string name) => TryGet(name, out JsonElement value) ? ParseBytes(value) : null;

    public VectorInputs Object(string name) => new(Get(name));

    public VectorInputs[] Objects(string name) => [.. Get(name).EnumerateArray().Select(static element => new VectorInputs(element))];

    public JsonElement Raw(string name) => Get(name);

    public bool TryGet(string name, out JsonElement value) =>
        Element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Bytes in any of their three forms.</summary>
    public static byte[] ParseBytes(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return Convert.FromHexString(value.GetString()!);
        if (value.ValueKind != JsonValueKind.Object) throw new VectorFormatException("bytes are hex, stream_key or fill");
        byte[] bytes = new byte[value.GetProperty("length").GetInt32()];
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
