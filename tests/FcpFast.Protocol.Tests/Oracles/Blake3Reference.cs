using System;
using System.Buffers.Binary;
using System.Linq;
using System.Numerics;
using System.Text;

namespace FcpFast.Protocol.Tests.Oracles;

/// <summary>BLAKE3 written down from the definition in its paper, recursively and slowly: the oracle of every other implementation here.</summary>
/// <remarks>Source: [BLAKE3 §2.1] to [BLAKE3 §2.6]. It shares no code and no structure with FcpFast.Protocol.Crypto.</remarks>
internal static class Blake3Reference
{
    private const uint ChunkStart = 1, ChunkEnd = 2, Parent = 4, Root = 8, Keyed = 16, Context = 32, Material = 64;

    private static readonly uint[] Iv =
        [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];

    private static readonly int[] Permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

    public static byte[] Hash(byte[] input, int outputBytes = 32) => Output(Tree(input, 0, Iv, 0), outputBytes);

    public static byte[] KeyedHash(byte[] key, byte[] input, int outputBytes = 32) => Output(Tree(input, 0, Words(key), Keyed), outputBytes);

    public static byte[] DeriveKey(string context, byte[] material, int outputBytes = 32)
    {
        byte[] contextKey = Output(Tree(Encoding.UTF8.GetBytes(context), 0, Iv, Context), 32);
        return Output(Tree(material, 0, Words(contextKey), Material), outputBytes);
    }

    /// <summary>The last compression of a subtree, before it is known whether that subtree is the root.</summary>
    private sealed record Node(uint[] ChainingValue, uint[] Block, ulong Counter, uint BlockBytes, uint Flags);

    private static Node Tree(byte[] input, ulong firstChunk, uint[] key, uint flags)
    {
        if (input.Length <= 1024) return Chunk(input, firstChunk, key, flags);
        int left = 1024; // the largest power of two of chunks that leaves at least a byte for the right side
        while (left * 2 < input.Length) left *= 2;
        uint[] leftValue = ChainingValue(Tree(input[..left], firstChunk, key, flags));
        uint[] rightValue = ChainingValue(Tree(input[left..], firstChunk + (ulong)(left / 1024), key, flags));
        return new Node(key, [.. leftValue, .. rightValue], 0, 64, flags | Parent);
    }

    private static Node Chunk(byte[] chunk, ulong number, uint[] key, uint flags)
    {
        uint[] value = key;
        int blocks = Math.Max(1, (chunk.Length + 63) / 64);
        for (int i = 0; i < blocks - 1; i++)
        {
            value = ChainingValue(new Node(value, Words(chunk[(64 * i)..(64 * (i + 1))]), number, 64, flags | (i == 0 ? ChunkStart : 0)));
        }

        byte[] last = chunk[(64 * (blocks - 1))..];
        byte[] padded = [.. last, .. new byte[64 - last.Length]];
        return new Node(value, Words(padded), number, (uint)last.Length, flags | ChunkEnd | (blocks == 1 ? ChunkStart : 0));
    }

    private static uint[] ChainingValue(Node node) => Compress(node, node.Counter, node.Flags)[..8];

    private static byte[] Output(Node root, int bytes)
    {
        byte[] output = new byte[((bytes + 63) / 64 * 64) + 64];
        for (int block = 0; block * 64 < bytes; block++)
        {
            uint[] words = Compress(root, (ulong)block, root.Flags | Root);
            for (int i = 0; i < 16; i++) BinaryPrimitives.WriteUInt32LittleEndian(output.AsSpan((64 * block) + (4 * i)), words[i]);
        }

        return output[..bytes];
    }

    private static uint[] Compress(Node node, ulong counter, uint flags)
    {
        uint[] v =
        [
            .. node.ChainingValue, Iv[0], Iv[1], Iv[2], Iv[3],
            (uint)(counter & uint.MaxValue), (uint)(counter >> 32), node.BlockBytes, flags,
        ];
        uint[] m = node.Block;
        for (int round = 0; round < 7; round++)
        {
            for (int column = 0; column < 4; column++) G(v, column, column + 4, column + 8, column + 12, m[2 * column], m[(2 * column) + 1]);
            for (int i = 0; i < 4; i++) G(v, i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4), m[8 + (2 * i)], m[9 + (2 * i)]);
            m = Permutation.Select(from => m[from]).ToArray();
        }

        uint[] output = new uint[16];
        for (int i = 0; i < 8; i++)
        {
            output[i] = v[i] ^ v[i + 8];
            output[i + 8] = v[i + 8] ^ node.ChainingValue[i];
        }

        return output;
    }

    private static void G(uint[] v, int a, int b, int c, int d, uint x, uint y)
    {
        unchecked
        {
            v[a] = v[a] + v[b] + x;
            v[d] = BitOperations.RotateRight(v[d] ^ v[a], 16);
            v[c] += v[d];
            v[b] = BitOperations.RotateRight(v[b] ^ v[c], 12);
            v[a] = v[a] + v[b] + y;
            v[d] = BitOperations.RotateRight(v[d] ^ v[a], 8);
            v[c] += v[d];
            v[b] = BitOperations.RotateRight(v[b] ^ v[c], 7);
        }
    }

    private static uint[] Words(byte[] bytes) =>
        Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * i))).ToArray();
}
