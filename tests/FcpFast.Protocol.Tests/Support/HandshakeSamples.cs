using System;
using System.Collections.Generic;
using System.Formats.Cbor;
using System.Linq;
using FormatsWriter = System.Formats.Cbor.CborWriter;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>Handshake messages built field by field with System.Formats.Cbor, without the product's codecs.</summary>
/// <remarks>Source: [WIRE §7.1].</remarks>
internal static class HandshakeSamples
{
    public static byte[] Uint(ulong value) => Encode(writer => writer.WriteUInt64(value));

    public static byte[] Text(string value) => Encode(writer => writer.WriteTextString(value));

    public static byte[] Bytes(byte[] value) => Encode(writer => writer.WriteByteString(value));

    public static byte[] Array(params ulong[] values) => Encode(writer =>
    {
        writer.WriteStartArray(values.Length);
        foreach (ulong value in values) writer.WriteUInt64(value);
        writer.WriteEndArray();
    });

    /// <summary>A Hello with every optional field; remove what is not wanted.</summary>
    public static Dictionary<string, byte[]> Hello() => new()
    {
        ["from"] = Text("node-a"),
        ["to"] = Text("node-b"),
        ["eph_pubkey"] = Bytes(Fill(1, 32)),
        ["nonce"] = Bytes(Fill(2, 16)),
        ["cookie"] = Bytes(Fill(3, 32)),
        ["timestamp"] = Uint(1_700_000_000),
        ["suites"] = Array(2, 1),
        ["transport_limits"] = Uint(1400),
        ["signature"] = Bytes(Fill(4, 64)),
    };

    /// <summary>An Ack with its signature.</summary>
    public static Dictionary<string, byte[]> Ack() => new()
    {
        ["from"] = Text("node-b"),
        ["to"] = Text("node-a"),
        ["eph_pubkey"] = Bytes(Fill(5, 32)),
        ["nonce"] = Bytes(Fill(6, 16)),
        ["session_id"] = Bytes(Fill(7, 16)),
        ["suite"] = Uint(2),
        ["timestamp"] = Uint(1_700_000_001),
        ["signature"] = Bytes(Fill(8, 64)),
    };

    /// <summary>A HelloRetry.</summary>
    public static Dictionary<string, byte[]> Retry() => new()
    {
        ["from"] = Text("node-b"),
        ["to"] = Text("node-a"),
        ["cookie"] = Bytes(Fill(9, 32)),
        ["timestamp"] = Uint(1_700_000_002),
    };

    /// <summary>The fields as a canonical map.</summary>
    public static byte[] Map(this IReadOnlyDictionary<string, byte[]> fields) => Encode(writer =>
    {
        writer.WriteStartMap(fields.Count);
        foreach ((string key, byte[] value) in fields)
        {
            writer.WriteTextString(key);
            writer.WriteEncodedValue(value);
        }

        writer.WriteEndMap();
    });

    public static byte[] With(this Dictionary<string, byte[]> fields, string key, byte[] value) =>
        new Dictionary<string, byte[]>(fields) { [key] = value }.Map();

    public static byte[] Without(this Dictionary<string, byte[]> fields, params string[] keys) =>
        fields.Where(field => !keys.Contains(field.Key)).ToDictionary().Map();

    public static byte[] Fill(byte value, int count) => Enumerable.Repeat(value, count).ToArray();

    private static byte[] Encode(Action<FormatsWriter> write)
    {
        var writer = new FormatsWriter(CborConformanceMode.Canonical);
        write(writer);
        return writer.Encode();
    }
}
