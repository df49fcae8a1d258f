using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>Keyed BLAKE3 of many messages.</summary>
/// <remarks>
/// Shape:   messages of one length that follow each other go through their whole trees in step. Others are taken in groups of up to
///          <see cref="ChunksMax"/> chunks: all their whole chunks abreast, then all their last chunks, then their parents, level by level.
/// Units:   a message has at most <see cref="MessageBytesMax"/> bytes.
/// Threads: lives on one stack.
/// Source:  [WIRE §6], [BLAKE3 §2.4].
/// </remarks>
internal unsafe ref struct Blake3Macs
{
    public const int ChunksMax = 128;
    public const int MessageBytesMax = Blake3Pass.EvenBytesMax;
    private const int FewestEven = 4;

    /// <summary>Scratch: a value a chunk and one for lanes without a job, and where each message's values begin and how many are left.</summary>
    public const int ScratchBytes = ((ChunksMax + 1) * Blake3Run.ValueBytes) + (2 * ChunksMax * sizeof(int));

    private readonly Blake3Run _run;
    private readonly byte* _values;
    private readonly int* _starts;
    private readonly int* _counts;

    private bool _isScratchUsed;

    public Blake3Macs(in Blake3Run run, byte* scratch)
    {
        // SAFETY: ScratchBytes of the caller's; the last value is nobody's.
        unchecked
        {
            _run = run;
            _values = scratch;
            _starts = (int*)(scratch + ((ChunksMax + 1) * Blake3Run.ValueBytes));
            _counts = _starts + ChunksMax;
        }
    }

    /// <summary>Where lanes without a job may write.</summary>
    public static byte* Nowhere(byte* scratch) => scratch + (ChunksMax * Blake3Run.ValueBytes); // SAFETY: inside the scratch

    /// <summary>Computes the MACs of every message.</summary>
    /// <param name="data">The memory that the messages lie in.</param>
    /// <param name="dataBytes">Its length.</param>
    /// <param name="items">The messages.</param>
    /// <param name="count">How many.</param>
    /// <param name="macs">16 bytes a message.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(byte* data, int dataBytes, MacItem* items, int count, byte* macs)
    {
        // SAFETY: the caller proved the items.
        unchecked
        {
            for (int first = 0; first < count;)
            {
                int even = EvenRun(items + first, count - first), taken = even;
                if (even >= FewestEven)
                {
                    ComputeEven(data, data + dataBytes, items + first, even, macs + (CryptoSizes.MacBytes * first));
                }
                else
                {
                    // Up to where the next run of even messages begins.
                    while (first + taken < count && EvenRun(items + first + taken, Math.Min(FewestEven, count - first - taken)) < FewestEven) taken++;
                    ComputeUneven(data, items + first, taken, macs + (CryptoSizes.MacBytes * first));
                }

                first += taken;
            }
        }
    }

    /// <summary>How many messages from the first on have its length.</summary>
    private static int EvenRun(MacItem* items, int count)
    {
        // SAFETY: count items.
        unchecked
        {
            int run = 1;
            while (run < count && items[run].Bytes == items[0].Bytes) run++;
            return run;
        }
    }

    private readonly void ComputeEven(byte* data, byte* end, MacItem* items, int count, byte* macs)
    {
        // SAFETY: lanes without a message repeat the last one, and their MACs go to the scratch.
        unchecked
        {
            for (int done = 0; done < count;)
            {
                Blake3Kernel kernel = _run.KernelFor(count - done);
                int filled = Math.Min(kernel.Lanes, count - done);
                LaneInputs* lanes = _run.Lanes;
                for (int lane = 0; lane < kernel.Lanes; lane++)
                {
                    lanes->Inputs[lane] = data + items[done + Math.Min(lane, filled - 1)].Offset;
                    lanes->Bytes[lane] = items[0].Bytes;
                }

                byte* results = filled == kernel.Lanes ? macs + (CryptoSizes.MacBytes * done) : _values;
                _run.HashEven(kernel, end, results);
                if (filled < kernel.Lanes)
                {
                    for (int lane = 0; lane < filled; lane++) ByteCopy.Copy16(_values + (CryptoSizes.MacBytes * lane), macs + (CryptoSizes.MacBytes * (done + lane)));
                }

                done += filled;
            }
        }
    }

    /// <summary>Messages of any lengths, in groups as large as the scratch holds.</summary>
    private void ComputeUneven(byte* data, MacItem* items, int count, byte* macs)
    {
        // SAFETY: as above.
        unchecked
        {
            _isScratchUsed = true;
            for (int first = 0; first < count;)
            {
                int members = 0, chunks = 0;
                for (; first + members < count; members++)
                {
                    int own = Chunks(items[first + members].Bytes);
                    if (chunks + own > ChunksMax) break;
                    _starts[members] = chunks;
                    _counts[members] = own;
                    chunks += own;
                }

                CompressWholeChunks(data, items + first, members, chunks - members);
                CompressLastChunks(data, items + first, members);
                while (MergeLevel(members))
                {
                }

                for (int i = 0; i < members; i++) ByteCopy.Copy16(Value(_starts[i]), macs + (CryptoSizes.MacBytes * (first + i)));
                first += members;
            }
        }
    }

    /// <summary>Forgets the values of the last computation.</summary>
    public readonly void Erase()
    {
        // SAFETY: the scratch; passes over even messages leave nothing there but MACs.
        if (!_isScratchUsed) return;
        CryptographicOperations.ZeroMemory(new Span<byte>(_values, ScratchBytes));
        _run.Erase();
    }

    private static int Chunks(int bytes) => Math.Max(1, (bytes + Blake3Run.ChunkBytes - 1) / Blake3Run.ChunkBytes);

    private readonly byte* Value(int index) => _values + (index * Blake3Run.ValueBytes); // SAFETY: index is at most ChunksMax

    private readonly void CompressWholeChunks(byte* data, MacItem* items, int members, int jobs)
    {
        // SAFETY: chunks before a message's last one.
        unchecked
        {
            int member = 0, chunk = 0;
            while (jobs > 0)
            {
                Blake3Kernel kernel = _run.KernelFor(jobs);
                int filled = 0;
                for (; filled < kernel.Lanes && filled < jobs; filled++)
                {
                    while (chunk >= _counts[member] - 1)
                    {
                        member++;
                        chunk = 0;
                    }

                    byte* from = data + items[member].Offset + (chunk * Blake3Run.ChunkBytes);
                    _run.SetChunk(filled, from, Blake3Run.ChunkBytes, (ulong)chunk, 0, Value(_starts[member] + chunk));
                    chunk++;
                }

                _run.PassChunks(kernel, filled);
                jobs -= filled;
            }
        }
    }

    private readonly void CompressLastChunks(byte* data, MacItem* items, int members)
    {
        // SAFETY: what is left of each message behind its whole chunks.
        unchecked
        {
            for (int done = 0; done < members;)
            {
                Blake3Kernel kernel = _run.KernelFor(members - done);
                int filled = Math.Min(kernel.Lanes, members - done);
                for (int lane = 0; lane < filled; lane++)
                {
                    int member = done + lane, chunk = _counts[member] - 1, start = chunk * Blake3Run.ChunkBytes;
                    _run.SetChunk(
                        lane, data + items[member].Offset + start, items[member].Bytes - start, (ulong)chunk, chunk == 0 ? Blake3Flags.Root : 0,
                        Value(_starts[member] + chunk));
                }

                _run.PassChunks(kernel, filled);
                done += filled;
            }
        }
    }

    /// <summary>Merges each message's values in pairs; an odd one moves up as it is. Returns whether there was anything to merge.</summary>
    private readonly bool MergeLevel(int members)
    {
        // SAFETY: values of each message; a parent stands where a child before its own children, or the first of them, stood.
        unchecked
        {
            int jobs = 0;
            for (int member = 0; member < members; member++) jobs += _counts[member] / 2;
            if (jobs == 0) return false;
            int at = 0, pair = 0;
            while (jobs > 0)
            {
                Blake3Kernel kernel = _run.KernelFor(jobs);
                int filled = 0;
                for (; filled < kernel.Lanes && filled < jobs; filled++)
                {
                    while (pair >= _counts[at] / 2)
                    {
                        at++;
                        pair = 0;
                    }

                    _run.SetParent(filled, Value(_starts[at] + (2 * pair)), _counts[at] == 2 ? Blake3Flags.Root : 0, Value(_starts[at] + pair));
                    pair++;
                }

                _run.PassParents(kernel, filled);
                jobs -= filled;
            }

            for (int member = 0; member < members; member++)
            {
                int count = _counts[member], merged = (count + 1) / 2;
                if (count % 2 == 1 && count > 1)
                {
                    ByteCopy.Copy16(Value(_starts[member] + count - 1), Value(_starts[member] + merged - 1));
                    ByteCopy.Copy16(Value(_starts[member] + count - 1) + 16, Value(_starts[member] + merged - 1) + 16);
                }

                _counts[member] = merged;
            }

            return true;
        }
    }
}
