using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Tool.Vectors;

/// <summary>What came out of a case: named values in the vectors' own notation, or the name of a refusal.</summary>
internal sealed class VectorResult
{
    private readonly Dictionary<string, JsonNode?> _values = [];

    /// <summary>The refusal, or null.</summary>
    public string? Error { get; private init; }

    public IReadOnlyDictionary<string, JsonNode?> Values => _values;

    public static VectorResult Refused(FcpStatus status) => new() { Error = FcpStatusNames.NameOf(status) };

    public VectorResult Bytes(string name, ReadOnlySpan<byte> value) => Node(name, Convert.ToHexStringLower(value));

    public VectorResult Text(string name, string value) => Node(name, value);

    /// <summary>A u8, u16 or u32: a JSON number.</summary>
    public VectorResult Number(string name, long value) => Node(name, value);

    /// <summary>A u64: a decimal string.</summary>
    public VectorResult Number64(string name, ulong value) => Node(name, value.ToString(CultureInfo.InvariantCulture));

    public VectorResult Flag(string name, bool value) => Node(name, value);

    /// <summary>Every field of an object, as values of their own.</summary>
    public VectorResult Fields(JsonObject fields)
    {
        foreach ((string name, JsonNode? value) in fields) Node(name, value?.DeepClone());
        return this;
    }

    public VectorResult Node(string name, JsonNode? value)
    {
        _values[name] = value;
        return this;
    }
}
