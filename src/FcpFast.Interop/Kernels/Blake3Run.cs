using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace FcpFast.Interop.Kernels;

/// <summary>Fills the lanes of BLAKE3 passes with chunks and parents, and looks after what the passes leave in memory.</summary>
/// <remarks>
/// Shape:   a pass that would be at most half full goes by the narrow kernel.
/// Threads: lives on one stack.
/// Source:  [BLAKE3 §2], [BLAKE3 §5.3].
/// </remarks>
internal readonly unsafe ref struct Blake3Run
{
    public const int ChunkBytes = 1024;
    public const int ValueBytes = Blake3Pass.ValueWords * sizeof(uint);

    private readonly Blake3Kernel _wide;
    private readonly Blake3Kernel _narrow;
    private readonly Blake3Jobs* _jobs;
    private readonly uint* _key;
    private readonly uint _flags;
    private readonly byte* _nowhere;

    /// <summary>Prepares a run.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="jobs">Memory of the caller.</param>
    /// <param name="nowhere">32 bytes for values of lanes without a job.</param>
    /// <param name="key">Eight words.</param>
    /// <param name="flags">The mode's flags.</param>
    public Blake3Run(WidthKernels kernels, Blake3Jobs* jobs, byte* nowhere, uint* key, uint flags)
    {
        // SAFETY: the caller keeps all of it alive.
        _wide = kernels.Hash;
        _narrow = kernels.NarrowHash;
        _jobs = jobs;
        _nowhere = nowhere;
        _key = key;
        _flags = flags;
    }

    /// <summary>Compresses whole chunks that lie one behind the other; the first may lie elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CompressChunks(byte* first, byte* chunks, int count, ulong counter, byte* values)
    {
        // SAFETY: the caller vouches for the chunks and for 32 bytes a value.
        unchecked
        {
            if (first is not null) chunks -= ChunkBytes; // where the first would lie; it is never read there
            for (int done = 0; done < count;)
            {
                Blake3Kernel kernel = KernelFor(count - done);
                int filled = Math.Min(kernel.Lanes, count - done);
                for (int lane = 0; lane < filled; lane++)
                {
                    int chunk = done + lane;
                    _jobs->Set(
                        lane, chunk == 0 && first is not null ? first : chunks + ((nint)chunk * ChunkBytes), ChunkBytes, counter + (ulong)chunk, Blake3Flags.ChunkEnd, values + (chunk * ValueBytes));
                }

                Pass(kernel, filled, _flags, Blake3Flags.ChunkStart, areEven: true);
                done += filled;
            }
        }
    }

    /// <summary>Compresses pairs of values into their parents.</summary>
    /// <param name="children">64 bytes a pair.</param>
    /// <param name="count">How many pairs.</param>
    /// <param name="parents">32 bytes a pair; may lie over the children, from the first or the second child on.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CompressParents(byte* children, int count, byte* parents)
    {
        // SAFETY: the caller vouches for both; a pass reads all its pairs before it writes, and never before what it reads next.
        unchecked
        {
            for (int done = 0; done < count;)
            {
                Blake3Kernel kernel = KernelFor(count - done);
                int filled = Math.Min(kernel.Lanes, count - done);
                for (int lane = 0; lane < filled; lane++) SetParent(lane, children + (2 * ValueBytes * (done + lane)), 0, parents + (ValueBytes * (done + lane)));
                Pass(kernel, filled, _flags | Blake3Flags.Parent, 0, areEven: true);
                done += filled;
            }
        }
    }

    /// <summary>The messages of the next pass.</summary>
    public LaneInputs* Lanes => &_jobs->Lanes; // SAFETY: the caller's memory

    /// <summary>The kernel for what is left.</summary>
    public Blake3Kernel KernelFor(int jobs) => jobs <= _narrow.Lanes ? _narrow : _wide;

    /// <summary>Sets a lane to a part of a message that is one chunk or less.</summary>
    public void SetChunk(int lane, byte* chunk, int bytes, ulong counter, uint endFlags, byte* value) =>
        _jobs->Set(lane, chunk, bytes, counter, Blake3Flags.ChunkEnd | endFlags, value);

    /// <summary>Sets a lane to a pair of values.</summary>
    public void SetParent(int lane, byte* children, uint endFlags, byte* value) => _jobs->Set(lane, children, 2 * ValueBytes, 0, endFlags, value);

    /// <summary>Runs a pass over chunks; lanes behind the filled ones repeat the last job.</summary>
    public void PassChunks(in Blake3Kernel kernel, int filled) => Pass(kernel, filled, _flags, Blake3Flags.ChunkStart, _jobs->AreEven(filled));

    /// <summary>Runs a pass over pairs.</summary>
    public void PassParents(in Blake3Kernel kernel, int filled) => Pass(kernel, filled, _flags | Blake3Flags.Parent, 0, _jobs->AreEven(filled));

    /// <summary>Runs a pass over whole messages of one length, which stand in <see cref="Lanes"/>.</summary>
    public void HashEven(in Blake3Kernel kernel, byte* end, byte* macs) => kernel.HashEven(Lanes, end, _key, _flags, macs);

    /// <summary>Forgets what the passes left.</summary>
    public void Erase()
    {
        // SAFETY: the jobs are the caller's.
        CryptographicOperations.ZeroMemory(new Span<byte>(_jobs, sizeof(Blake3Jobs)));
    }

    private void Pass(in Blake3Kernel kernel, int filled, uint flags, uint startFlags, bool areEven)
    {
        // SAFETY: lanes are below LanesMax.
        unchecked
        {
            for (int lane = filled; lane < kernel.Lanes; lane++)
            {
                _jobs->Set(lane, _jobs->Lanes.Inputs[filled - 1], _jobs->Lanes.Bytes[filled - 1], 0, _jobs->EndFlags[filled - 1], _nowhere);
            }

            kernel.Compress(_jobs, _key, flags, startFlags, areEven);
        }
    }
}
