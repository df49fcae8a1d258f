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

    private const int ChunksAtOnce = 128;
    private const int FewestChunks = 2; // fewer are not worth an engine's while
    private const int SinglesAtOnce = 9; // of 128 values, 64, and so on to 1, and the one that is left

    [ThreadStatic]
    private static Blake3Hasher? t_public;

    private readonly IBlake3Engine? _engine;
    private readonly uint[] _key = new uint[Blake3Core.WordsPerKey];
    private readonly uint[] _chunk = new uint[Blake3Core.WordsPerKey];
    private readonly uint[] _stack = new uint[MaxTreeDepth * Blake3Core.WordsPerKey];
    private readonly byte[] _block = new byte[Blake3Core.BlockBytes];
    private readonly uint[] _values; // of chunks compressed at once, with room for a left sibling in front
    private readonly byte[] _begun; // with an engine: the present chunk as far as its whole blocks are known
    private uint _flags;
    private int _stackDepth;
    private ulong _chunkCounter;
    private int _blocksInChunk;
    private int _blockBytes;

    /// <summary>Makes a hasher in plain hash mode.</summary>
    /// <param name="engine">Compresses what is long enough for it; null to do all of it here.</param>
    public Blake3Hasher(IBlake3Engine? engine = null)
    {
        _engine = engine;
        _begun = engine is null ? [] : new byte[Blake3Core.ChunkBytes];
        _values = engine is null ? [] : new uint[(1 + ChunksAtOnce) * Blake3Core.WordsPerKey];
        Reset();
    }

    /// <summary>Hashes what is public at once: <paramref name="domain"/>, then <paramref name="input"/>. On any thread; allocates once a thread.</summary>
    /// <param name="domain">What the hash is for; may be empty.</param>
    /// <param name="input">Public bytes: they stay in this thread's hasher until its next hash.</param>
    /// <param name="output">As of <see cref="Finish"/>.</param>
    public static void Hash(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> input, Span<byte> output)
    {
        Blake3Hasher hasher = t_public ??= new Blake3Hasher();
        hasher.Reset();
        hasher.Update(domain);
        hasher.Update(input);
        hasher.Finish(output);
    }

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
        Array.Clear(_values);
        Array.Clear(_block);
        Array.Clear(_begun);
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

            if (_blockBytes == 0) input = CompressAllButLast(input);
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

    /// <summary>Compresses whole blocks, and whole chunks at once where they begin, as far as more input follows; returns the rest, at most a block.</summary>
    private ReadOnlySpan<byte> CompressAllButLast(ReadOnlySpan<byte> input)
    {
        while (input.Length > Blake3Core.BlockBytes)
        {
            if (_engine is not null && input.Length > FewestChunks * Blake3Core.ChunkBytes)
            {
                input = CompressChunks(_engine, input);
                continue;
            }

            CompressFullBlock(input);
            input = input[Blake3Core.BlockBytes..];
        }

        return input;
    }

    /// <summary>Compresses as many whole chunks as more input follows, a chunk that was begun with them; returns the rest.</summary>
    private ReadOnlySpan<byte> CompressChunks(IBlake3Engine engine, ReadOnlySpan<byte> input)
    {
        int first = 0;
        if (_blocksInChunk > 0)
        {
            Span<byte> missing = _begun.AsSpan(_blocksInChunk * Blake3Core.BlockBytes);
            input[..missing.Length].CopyTo(missing);
            input = input[missing.Length..];
            first = 1;
            _key.CopyTo(_chunk, 0);
            _blocksInChunk = 0;
        }

        while (input.Length > Blake3Core.ChunkBytes)
        {
            int count = Math.Min(ChunksAtOnce - first, (input.Length - 1) / Blake3Core.ChunkBytes);
            Span<uint> values = _values.AsSpan(Blake3Core.WordsPerKey, (first + count) * Blake3Core.WordsPerKey);
            engine.CompressChunks(_begun.AsSpan(0, first * Blake3Core.ChunkBytes), input[..(count * Blake3Core.ChunkBytes)], _key, _chunkCounter, _flags, values);
            Merge(engine, first + count);
            input = input[(count * Blake3Core.ChunkBytes)..];
            first = 0;
        }

        return input;
    }

    /// <summary>Merges the values of new chunks with each other and with the subtrees before them, level by level, and keeps what is complete.</summary>
    private void Merge(IBlake3Engine engine, int count)
    {
        Span<uint> single = stackalloc uint[SinglesAtOnce * Blake3Core.WordsPerKey]; // the last values of levels, that have no sibling yet
        Span<uint> values = _values.AsSpan(Blake3Core.WordsPerKey);
        ulong first = _chunkCounter;
        _chunkCounter += (ulong)count;
        int singles = 0;
        for (; count > 0; first /= 2)
        {
            Span<uint> level = values;
            if (first % 2 == 1)
            {
                // The left sibling of the first value is complete and on top of the stack.
                _stackDepth--;
                _stack.AsSpan(_stackDepth * Blake3Core.WordsPerKey, Blake3Core.WordsPerKey).CopyTo(_values);
                level = _values;
                count++;
            }

            if (count % 2 == 1)
            {
                level.Slice((count - 1) * Blake3Core.WordsPerKey, Blake3Core.WordsPerKey).CopyTo(single[(singles * Blake3Core.WordsPerKey)..]);
                singles++;
            }

            count /= 2;
            if (count > 0) engine.CompressParents(level[..(count * 2 * Blake3Core.WordsPerKey)], _key, _flags, values[..(count * Blake3Core.WordsPerKey)]);
        }

        // The highest level, which is the largest subtree, lies deepest.
        for (int i = singles - 1; i >= 0; i--)
        {
            single.Slice(i * Blake3Core.WordsPerKey, Blake3Core.WordsPerKey).CopyTo(_stack.AsSpan(_stackDepth * Blake3Core.WordsPerKey));
            _stackDepth++;
        }

        single.Clear();
    }

    /// <summary>Called only when more input follows, so the block is never the last one of the message.</summary>
    private void CompressFullBlock(ReadOnlySpan<byte> block)
    {
        const int BlocksPerChunk = Blake3Core.ChunkBytes / Blake3Core.BlockBytes;
        uint end = _blocksInChunk == BlocksPerChunk - 1 ? Blake3Core.ChunkEnd : 0;
        if (_engine is not null) block[..Blake3Core.BlockBytes].CopyTo(_begun.AsSpan(_blocksInChunk * Blake3Core.BlockBytes));
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
