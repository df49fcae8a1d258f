using System;
using System.Formats.Cbor;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FormatsWriter = System.Formats.Cbor.CborWriter;
using OurWriter = FcpFast.Protocol.Cbor.CborWriter;

namespace FcpFast.Protocol.Tests.Oracles;

/// <summary>What System.Formats.Cbor, in its canonical mode, thinks of bytes, with the item types of [WIRE §3] and nothing else.</summary>
internal static class CborOracle
{
    /// <summary>True if the bytes are one canonical item of the permitted types.</summary>
    public static bool Accepts(byte[] input) => TryReencode(input, new FormatsWriter(CborConformanceMode.Canonical), new OurWriter());

    /// <summary>Decodes the input and writes it again with both writers; false if it is refused.</summary>
    public static bool TryReencode(byte[] input, FormatsWriter formats, OurWriter ours)
    {
        try
        {
            var reader = new CborReader(input, CborConformanceMode.Canonical);
            return Copy(reader, formats, ours, 0) && reader.BytesRemaining == 0;
        }
        catch (Exception e) when (e is CborContentException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>A random canonical item.</summary>
    public static byte[] RandomItem(Random random, int depth = 4)
    {
        var writer = new FormatsWriter(CborConformanceMode.Canonical);
        Write(random, writer, depth);
        return writer.Encode();
    }

    private static bool Copy(CborReader reader, FormatsWriter formats, OurWriter ours, int depth)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.UnsignedInteger:
                ulong unsigned = reader.ReadUInt64();
                formats.WriteUInt64(unsigned);
                ours.Unsigned(unsigned);
                return true;
            case CborReaderState.NegativeInteger:
                ulong negative = reader.ReadCborNegativeIntegerRepresentation();
                formats.WriteCborNegativeIntegerRepresentation(negative);
                ours.Negative(negative);
                return true;
            case CborReaderState.ByteString:
                byte[] bytes = reader.ReadByteString();
                formats.WriteByteString(bytes);
                ours.Bytes(bytes);
                return true;
            case CborReaderState.TextString:
                string text = reader.ReadTextString();
                formats.WriteTextString(text);
                ours.Text(text);
                return true;
            case CborReaderState.Boolean:
                bool value = reader.ReadBoolean();
                formats.WriteBoolean(value);
                ours.Boolean(value);
                return true;
            case CborReaderState.Null:
                reader.ReadNull();
                formats.WriteNull();
                ours.Null();
                return true;
            case CborReaderState.StartArray:
                return depth < CborLimits.NestingMax && CopyArray(reader, formats, ours, depth);
            case CborReaderState.StartMap:
                return depth < CborLimits.NestingMax && CopyMap(reader, formats, ours, depth);
            default:
                return false;
        }
    }

    private static bool CopyArray(CborReader reader, FormatsWriter formats, OurWriter ours, int depth)
    {
        if (reader.ReadStartArray() is not { } count) return false;
        formats.WriteStartArray(count);
        ours.BeginArray(count);
        for (int i = 0; i < count; i++)
        {
            if (!Copy(reader, formats, ours, depth + 1)) return false;
        }

        reader.ReadEndArray();
        formats.WriteEndArray();
        return true;
    }

    private static bool CopyMap(CborReader reader, FormatsWriter formats, OurWriter ours, int depth)
    {
        if (reader.ReadStartMap() is not { } count) return false;
        formats.WriteStartMap(count);
        ours.BeginMap(count);
        for (int i = 0; i < count; i++)
        {
            if (reader.PeekState() != CborReaderState.TextString) return false;
            if (!Copy(reader, formats, ours, depth + 1) || !Copy(reader, formats, ours, depth + 1)) return false;
        }

        reader.ReadEndMap();
        formats.WriteEndMap();
        return true;
    }

    private static void Write(Random random, FormatsWriter writer, int depth)
    {
        switch (random.Next(depth > 0 ? 9 : 6))
        {
            case 0:
                writer.WriteUInt64(Support.Seeded.Edge64(random));
                break;
            case 1:
                writer.WriteCborNegativeIntegerRepresentation(Support.Seeded.Edge64(random));
                break;
            case 2:
                writer.WriteByteString(Support.Seeded.Bytes(random, random.Next(4) == 0 ? random.Next(300) : random.Next(8)));
                break;
            case 3:
                writer.WriteTextString(Text(random));
                break;
            case 4:
                writer.WriteBoolean(random.Next(2) == 0);
                break;
            case 5:
                writer.WriteNull();
                break;
            case 6 or 7:
                string[] keys = Enumerable.Range(0, random.Next(5)).Select(_ => Text(random)).Distinct().ToArray();
                writer.WriteStartMap(keys.Length);
                foreach (string key in keys)
                {
                    writer.WriteTextString(key);
                    Write(random, writer, depth - 1);
                }

                writer.WriteEndMap();
                break;
            default:
                int count = random.Next(5);
                writer.WriteStartArray(count);
                for (int i = 0; i < count; i++) Write(random, writer, depth - 1);
                writer.WriteEndArray();
                break;
        }
    }

    private static string Text(Random random)
    {
        string[] pieces = ["a", "b", "key", "é", "€", "😀", "\0", "long enough for a second byte of head"];
        return string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}
