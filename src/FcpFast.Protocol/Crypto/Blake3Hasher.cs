using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>Incremental BLAKE3 in its three modes, with output of any length.</summary>
/// <remarks>
/// Shape:   2 KiB of state, made once and used again through <see cref="Reset()"/> or <see cref="Reset(ReadOnlySpan{byte})"/>.
/// Threads: one user at a time.
/// Cost:    no allocation after construction.
/// Source:  [WIRE §1], [BLAKE3 §2].
/// </remarks>
public sealed class Blake3Hasher
{
    private const int MaxTreeDepth = 54; // 2^54 chunks of 1 KiB are 2^64 bytes

    private readonly uint[] _key = new uint[Blake3Core.WordsPerKey];
    private readonly uint[] _chunk = new uint[Blake3Core.WordsPerKey];
    private readonly uint[] _stack = new uint[MaxTreeDepth * Blake3Core.WordsPerKey];
    private readonly byte[] _block = new byte[Blake3Core.BlockBytes];
    private uint _flags;
    private int _stackDepth;
    private ulong _chunkCounter;
    private int _blocksInChunk;
    private int _blockBytes;

    /// <summary>Makes a hasher in plain hash mode.</summary>
    public Blake3Hasher() => Reset();

    /// <summary>Starts a plain hash; any key of before is erased.</summary>
    public void Reset() => Start(Blake3Core.InitialValue, 0);

    /// <summary>Starts a keyed hash.</summary>
    /// <param name="key">32 bytes; kept until the next reset or <see cref="Erase"/>.</param>
    public void Reset(ReadOnlySpan<byte> key)
    {
        if (key.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(key), "a BLAKE3 key is 32 bytes");
        Span<uint> words = stackalloc uint[Blake3Core.WordsPerKey];
        for (int i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
        Start(words, Blake3Core.KeyedHash);
        words.Clear();
    }

    /// <summary>Starts key derivation under a context string; the input that follows is the key material.</summary>
    public void ResetToDeriveKey(string context)
    {
        Span<byte> contextKey = stackalloc byte[CryptoSizes.KeyBytes];
        Start(Blake3Core.InitialValue, Blake3Core.DeriveKeyContext);
        Update(Encoding.UTF8.GetBytes(context));
        Finish(contextKey);
        Reset(contextKey);
        _flags = Blake3Core.DeriveKeyMaterial;
        contextKey.Clear();
    }

    /// <summary>Forgets key and input.</summary>
    public void Erase()
    {
        Reset();
        Array.Clear(_stack);
        Array.Clear(_block);
    }

    /// <summary>Adds input.</summary>
    public void Update(ReadOnlySpan<byte> input)
    {
        while (!input.IsEmpty)
        {
            if (_blockBytes == Blake3Core.BlockBytes)
            {
                CompressFullBlock(_block);
                _blockBytes = 0;
            }

            if (_blockBytes == 0)
            {
                if (_blocksInChunk == 0 && Blake3Lanes.IsWorthwhile) input = CompressSubtrees(input);
                for (; input.Length > Blake3Core.BlockBytes; input = input[Blake3Core.BlockBytes..]) CompressFullBlock(input);
            }

            int taken = Math.Min(Blake3Core.BlockBytes - _blockBytes, input.Length);
            input[..taken].CopyTo(_block.AsSpan(_blockBytes));
            _blockBytes += taken;
            input = input[taken..];
        }
    }

    /// <summary>Writes the output for everything added so far; more input may follow.</summary>
    /// <param name="output">32 bytes for the default hash, any length for extended output.</param>
    public void Finish(Span<byte> output)
    {
        Span<uint> chaining = stackalloc uint[Blake3Core.WordsPerKey];
        Span<byte> block = stackalloc byte[Blake3Core.BlockBytes];
        Span<byte> expanded = stackalloc byte[Blake3Core.BlockBytes];
        _chunk.CopyTo(chaining);
        _block.AsSpan(0, _blockBytes).CopyTo(block);
        block[_blockBytes..].Clear();
        ulong counter = _chunkCounter;
        uint blockBytes = (uint)_blockBytes;
        uint flags = _flags | StartFlag | Blake3Core.ChunkEnd;

        for (int depth = _stackDepth; depth > 0; depth--)
        {
            Blake3Core.Compress(chaining, block, counter, blockBytes, flags);
            WriteWords(_stack.AsSpan((depth - 1) * Blake3Core.WordsPerKey, Blake3Core.WordsPerKey), block);
            WriteWords(chaining, block[32..]);
            _key.CopyTo(chaining);
            counter = 0;
            blockBytes = Blake3Core.BlockBytes;
            flags = _flags | Blake3Core.Parent;
        }

        for (ulong outputBlock = 0; !output.IsEmpty; outputBlock++)
        {
            Blake3Core.Expand(chaining, block, outputBlock, blockBytes, flags | Blake3Core.Root, expanded);
            int taken = Math.Min(expanded.Length, output.Length);
            expanded[..taken].CopyTo(output);
            output = output[taken..];
        }

        chaining.Clear();
        block.Clear();
        expanded.Clear();
    }

    private uint StartFlag => _blocksInChunk == 0 ? Blake3Core.ChunkStart : 0;

    private void Start(ReadOnlySpan<uint> key, uint flags)
    {
        key.CopyTo(_key);
        key.CopyTo(_chunk);
        _flags = flags;
        _stackDepth = 0;
        _chunkCounter = 0;
        _blocksInChunk = 0;
        _blockBytes = 0;
    }

    /// <summary>Compresses as many whole subtrees of 8 to 64 chunks as more input follows; returns the rest.</summary>
    private ReadOnlySpan<byte> CompressSubtrees(ReadOnlySpan<byte> input)
    {
        const int SmallestDepth = 3, LargestDepth = 6;
        while (input.Length > Blake3Lanes.Count * Blake3Core.ChunkBytes)
        {
            int depth = Math.Min(LargestDepth, BitOperations.TrailingZeroCount(_chunkCounter)); // a subtree starts at a multiple of its size
            while (depth >= SmallestDepth && input.Length <= Blake3Core.ChunkBytes << depth) depth--;
            if (depth < SmallestDepth) return input;
            CompressSubtree(input, depth);
            input = input[(Blake3Core.ChunkBytes << depth)..];
        }

        return input;
    }

    /// <summary>Compresses 2^<paramref name="depth"/> chunks into one chaining value and keeps it.</summary>
    private void CompressSubtree(ReadOnlySpan<byte> input, int depth)
    {
        Span<uint> values = stackalloc uint[Blake3Core.WordsPerKey << depth];
        int count = 1 << depth;
        for (int chunk = 0; chunk < count; chunk += Blake3Lanes.Count)
        {
            Blake3Lanes.CompressChunks(
                input[(chunk * Blake3Core.ChunkBytes)..], _key, _chunkCounter + (ulong)chunk, _flags, values[(chunk * Blake3Core.WordsPerKey)..]);
        }

        for (; count > Blake3Lanes.Count; count /= 2)
        {
            for (int pair = 0; pair < count / 2; pair += Blake3Lanes.Count)
            {
                Blake3Lanes.CompressParents(
                    values[(pair * 2 * Blake3Core.WordsPerKey)..], _key, _flags, values[(pair * Blake3Core.WordsPerKey)..]);
            }
        }

        for (; count > 1; count /= 2)
        {
            for (int pair = 0; pair < count / 2; pair++) MergePair(values[(pair * 2 * Blake3Core.WordsPerKey)..], values[(pair * Blake3Core.WordsPerKey)..]);
        }

        values[..Blake3Core.WordsPerKey].CopyTo(_chunk);
        _chunkCounter += 1ul << depth;
        Push(merges: BitOperations.TrailingZeroCount(_chunkCounter) - depth);
        _key.CopyTo(_chunk, 0);
        values.Clear();
    }

    private void MergePair(ReadOnlySpan<uint> children, Span<uint> parent)
    {
        Span<byte> block = stackalloc byte[Blake3Core.BlockBytes];
        WriteWords(children[..(2 * Blake3Core.WordsPerKey)], block);
        _key.CopyTo(parent);
        Blake3Core.Compress(parent[..Blake3Core.WordsPerKey], block, 0, Blake3Core.BlockBytes, _flags | Blake3Core.Parent);
        block.Clear();
    }

    /// <summary>Called only when more input follows, so the block is never the last one of the message.</summary>
    private void CompressFullBlock(ReadOnlySpan<byte> block)
    {
        const int BlocksPerChunk = Blake3Core.ChunkBytes / Blake3Core.BlockBytes;
        uint end = _blocksInChunk == BlocksPerChunk - 1 ? Blake3Core.ChunkEnd : 0;
        Blake3Core.Compress(_chunk, block, _chunkCounter, Blake3Core.BlockBytes, _flags | StartFlag | end);
        _blocksInChunk++;
        if (_blocksInChunk < BlocksPerChunk) return;

        _chunkCounter++;
        Push(merges: BitOperations.TrailingZeroCount(_chunkCounter));
        _key.CopyTo(_chunk, 0);
        _blocksInChunk = 0;
    }

    /// <summary>Merges the chaining value just made with the complete subtrees of its size and above, then keeps the result.</summary>
    private void Push(int merges)
    {
        Span<uint> chaining = stackalloc uint[Blake3Core.WordsPerKey];
        Span<byte> block = stackalloc byte[Blake3Core.BlockBytes];
        _chunk.CopyTo(chaining);
        for (; merges > 0; merges--)
        {
            _stackDepth--;
            WriteWords(_stack.AsSpan(_stackDepth * Blake3Core.WordsPerKey, Blake3Core.WordsPerKey), block);
            WriteWords(chaining, block[32..]);
            _key.CopyTo(chaining);
            Blake3Core.Compress(chaining, block, 0, Blake3Core.BlockBytes, _flags | Blake3Core.Parent);
        }

        chaining.CopyTo(_stack.AsSpan(_stackDepth * Blake3Core.WordsPerKey));
        _stackDepth++;
        chaining.Clear();
        block.Clear();
    }

    private static void WriteWords(ReadOnlySpan<uint> words, Span<byte> bytes)
    {
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], words[i]);
    }
}
