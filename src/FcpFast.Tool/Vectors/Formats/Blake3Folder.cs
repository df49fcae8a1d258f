using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>The official BLAKE3 vectors: three modes over one input pattern, each as default and as extended output.</summary>
/// <remarks>Source: <c>vectors/blake3/README.md</c>.</remarks>
internal sealed class Blake3Folder : IVectorFormat
{
    private const string Family = "blake3";
    private const int PatternBytes = 251;
    private const int InputBytesMax = 64 * 1024 * 1024;

    public bool PassesOver(string fileName) => false;

    public IEnumerable<VectorCase> Read(string stem, JsonElement root)
    {
        byte[] key = Encoding.UTF8.GetBytes(root.GetProperty("key").GetString()!);
        string context = root.GetProperty("context_string").GetString()!;
        foreach (JsonElement item in root.GetProperty("cases").EnumerateArray())
        {
            int inputBytes = item.GetProperty("input_len").GetInt32();
            if (inputBytes is < 0 or > InputBytesMax) throw new VectorFormatException($"an input is 0 to {InputBytesMax} bytes");
            byte[] input = Pattern(inputBytes);
            yield return Mode(item, "hash", input, static hasher => hasher.Reset());
            yield return Mode(item, "keyed_hash", input, hasher => hasher.Reset(key));
            yield return Mode(item, "derive_key", input, hasher => hasher.ResetToDeriveKey(context));
        }
    }

    private static VectorCase Mode(JsonElement item, string op, byte[] input, Action<Blake3Hasher> start)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{op} of {input.Length} bytes");
        return new VectorCase(Family, op, name, VectorStanding.Known, () =>
        {
            string expected = item.GetProperty(op).GetString()!;
            var hasher = new Blake3Hasher();
            start(hasher);
            hasher.Update(input);
            byte[] hash = new byte[CryptoSizes.HashBytes], extended = new byte[expected.Length / 2];
            hasher.Finish(hash);
            hasher.Finish(extended);
            return VectorComparison.Difference(op, expected, extended)
                ?? VectorComparison.Difference("default output", expected[..(2 * CryptoSizes.HashBytes)], hash);
        });
    }

    private static byte[] Pattern(int bytes)
    {
        byte[] input = new byte[bytes];
        for (int i = 0; i < bytes; i++) input[i] = (byte)(i % PatternBytes);
        return input;
    }
}
