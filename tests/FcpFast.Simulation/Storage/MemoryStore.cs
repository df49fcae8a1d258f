using System;
using System.Collections.Generic;
using System.IO;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Simulation.Storage;

/// <summary>One process's store over a <see cref="MemoryDisk"/>: every request takes effect, and is answered, a while after it was made.</summary>
/// <remarks>
/// Shape: requests are worked on in their order. What was not worked on when the process ends never happens.
/// Errors: throws if a chunk changes between its request and its answer: then the core has broken the store's contract.
/// </remarks>
internal sealed class MemoryStore(World world, MemoryDisk disk, Action wake) : ITransferStore
{
    private static readonly long OpenTicks = TimeSpan.FromMilliseconds(1).Ticks;
    private static readonly long WorkTicks = TimeSpan.FromMicroseconds(100).Ticks;

    private readonly Queue<StoreEvent> _answers = new();
    private readonly Blake3Hasher _hasher = new();
    private long _busyUntilTicks;

    /// <summary>True once the process has ended.</summary>
    public bool IsOver { get; set; }

    /// <summary>True while a write was asked for and no answer after it: at the end of a turn, a write that a store may not have begun.</summary>
    public bool HoldsWrites { get; private set; }

    public void Open(IncomingFile file) => Do(StoreEventKind.Opened, file, OpenTicks, 0, () =>
    {
        bool exists = disk.Parts.TryGetValue(file.Id, out MemoryPart? part) && part.Is(file);
        if (exists) return new StoreEvent(StoreEventKind.Opened, file.Handle, FcpStatus.Accepted, Done: DoneOf(part!));
        disk.Parts.Remove(file.Id);
        long free = disk.CapacityBytes - disk.UsedBytes;
        if ((long)file.Shape.SizeBytes > free) throw new IOException($"{file.Shape.SizeBytes} bytes are needed and {free} are free");
        disk.Parts.Add(file.Id, new MemoryPart(file.Name, file.Shape, new byte[file.Shape.SizeBytes]));
        return new StoreEvent(StoreEventKind.Opened, file.Handle, FcpStatus.Accepted);
    });

    public void Inspect(IncomingSegment segment) => Do(StoreEventKind.Inspected, segment.File, OpenTicks, segment.Index, () =>
    {
        byte[] bitmap = new byte[Bitmap.BytesFor(segment.ChunkCount)];
        using KeyLease key = segment.File.Zone.FindObjectIdKey(segment.KeyId)!.Key.Lease();
        for (int i = 0; i < segment.ChunkCount; i++)
        {
            ReadOnlySpan<byte> chunk = Part(segment.File).Bytes.AsSpan((int)segment.FileOffset + (i * segment.ChunkBytes), segment.BytesOf(i));
            if (ChunkIds.Compute(_hasher, key.Bytes, segment.File.Zone.Zone, chunk) == segment.IdOf(i)) Bitmap.Add(bitmap, i);
        }

        return new StoreEvent(StoreEventKind.Inspected, segment.File.Handle, FcpStatus.Accepted, segment.Index, Bitmap: bitmap);
    });

    public void Write(IncomingFile file, ulong fileOffset, ReadOnlyMemory<byte> bytes, ulong token)
    {
        int before = CheckOf(bytes.Span);
        HoldsWrites = true;
        Do(StoreEventKind.Written, file, WorkTicks, token, () =>
        {
            if (CheckOf(bytes.Span) != before) throw new InvalidOperationException($"a chunk of {file.Name} changed while it was written\n{world.Trace.Tail()}");
            bytes.Span.CopyTo(Part(file).Bytes.AsSpan((int)fileOffset));
            return new StoreEvent(StoreEventKind.Written, file.Handle, FcpStatus.Accepted, token);
        });
    }

    public void CloseSegment(IncomingSegment segment) => Do(StoreEventKind.None, segment.File, WorkTicks, segment.Index, () =>
    {
        Part(segment.File).Journal.Add((segment.Index, segment.PayloadHash));
        return default;
    });

    public void Finish(IncomingFile file) => Do(StoreEventKind.Finished, file, OpenTicks, 0, () =>
    {
        Part(file); // it must be there
        disk.Name(file.Id, file.Name);
        return new StoreEvent(StoreEventKind.Finished, file.Handle, FcpStatus.Accepted);
    });

    public void Abandon(IncomingFile file)
    {
        // the part stays on the disk
    }

    public bool TryTake(out StoreEvent answer)
    {
        HoldsWrites = false;
        return _answers.TryDequeue(out answer);
    }

    private static int CheckOf(ReadOnlySpan<byte> bytes)
    {
        var check = new HashCode();
        check.AddBytes(bytes);
        return check.ToHashCode();
    }

    private SegmentRange[] DoneOf(MemoryPart part)
    {
        var done = new IndexRanges(int.MaxValue);
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        foreach ((ulong index, Bytes32 expected) in part.Journal)
        {
            _hasher.Reset();
            _hasher.Update(part.Bytes.AsSpan((int)part.Shape.OffsetOf(index), part.Shape.BytesOf(index)));
            _hasher.Finish(hash);
            if (Bytes32.Read(hash) == expected) done.Add(index);
        }

        return done.Ranges.ToArray();
    }

    private MemoryPart Part(IncomingFile file) =>
        disk.Parts.TryGetValue(file.Id, out MemoryPart? part) ? part : throw new IOException("the part is gone");

    /// <summary>Works on a request when its turn comes, and answers it.</summary>
    private void Do(StoreEventKind kind, IncomingFile file, long ticks, ulong token, Func<StoreEvent> work)
    {
        _busyUntilTicks = Math.Max(_busyUntilTicks, world.NowTicks) + ticks;
        world.At(_busyUntilTicks, () =>
        {
            if (IsOver) return;
            StoreEvent answer;
            try
            {
                if (disk.Fault?.Invoke(kind, file) is { } fault) throw new IOException(fault);
                answer = work();
            }
            catch (IOException e)
            {
                answer = new StoreEvent(kind, file.Handle, FcpStatus.StorageFailed, token, Detail: e.Message);
            }

            world.Trace.Add(world.NowTicks, $"disk {kind}", file.Name, (long)token);
            if (kind == StoreEventKind.None) return;
            _answers.Enqueue(answer);
            wake();
        });
    }
}
