using System;
using System.Runtime.CompilerServices;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Kernels;

/// <summary>BLAKE3 of long inputs by vector kernels that take a chunk, or a parent, a lane.</summary>
/// <typeparam name="TWidth">The width; the processor must have it.</typeparam>
/// <remarks>
/// Threads: stateless.
/// Cost:    no allocation; what the kernels leave in the stack is erased.
/// Source:  [BLAKE3 §5.3].
/// </remarks>
public sealed class WideBlake3<TWidth> : IBlake3Engine
    where TWidth : struct, IKernelWidth
{
    /// <inheritdoc/>
    [SkipLocalsInit] // the run writes each part of its memory before it reads it
    public unsafe void CompressChunks(ReadOnlySpan<byte> first, ReadOnlySpan<byte> chunks, ReadOnlySpan<uint> key, ulong counter, uint flags, Span<uint> values)
    {
        int count = (first.Length + chunks.Length) / Blake3Run.ChunkBytes;
        if (first.Length is not (0 or Blake3Run.ChunkBytes)) ThrowHelper.BadArgument(nameof(first), "one chunk, or none");
        if (chunks.Length % Blake3Run.ChunkBytes != 0) ThrowHelper.BadArgument(nameof(chunks), "whole chunks");
        if (key.Length != Blake3Pass.ValueWords) ThrowHelper.BadArgument(nameof(key), "a key of 8 words");
        if (values.Length != count * Blake3Pass.ValueWords) ThrowHelper.BadArgument(nameof(values), "8 words a chunk");
        byte* nowhere = stackalloc byte[Blake3Run.ValueBytes];
        Blake3Jobs jobs;
        Unsafe.SkipInit(out jobs);

        // SAFETY: the lengths were checked; the spans are fixed for the block.
        fixed (byte* begun = first, input = chunks)
        fixed (uint* words = key, output = values)
        {
            var run = new Blake3Run(TWidth.Kernels, &jobs, nowhere, words, flags);
            run.CompressChunks(first.IsEmpty ? null : begun, input, count, counter, (byte*)output);
            run.Erase();
        }

        StackResidue.Erase();
    }

    /// <inheritdoc/>
    [SkipLocalsInit] // as above
    public unsafe void CompressParents(ReadOnlySpan<uint> children, ReadOnlySpan<uint> key, uint flags, Span<uint> parents)
    {
        int count = children.Length / (2 * Blake3Pass.ValueWords);
        if (children.Length % (2 * Blake3Pass.ValueWords) != 0) ThrowHelper.BadArgument(nameof(children), "pairs of 8 words");
        if (key.Length != Blake3Pass.ValueWords) ThrowHelper.BadArgument(nameof(key), "a key of 8 words");
        if (parents.Length != count * Blake3Pass.ValueWords) ThrowHelper.BadArgument(nameof(parents), "8 words a parent");
        byte* nowhere = stackalloc byte[Blake3Run.ValueBytes];
        Blake3Jobs jobs;
        Unsafe.SkipInit(out jobs);

        // SAFETY: as above.
        fixed (uint* input = children, words = key, output = parents)
        {
            var run = new Blake3Run(TWidth.Kernels, &jobs, nowhere, words, flags);
            run.CompressParents((byte*)input, count, (byte*)output);
            run.Erase();
        }

        StackResidue.Erase();
    }
}
