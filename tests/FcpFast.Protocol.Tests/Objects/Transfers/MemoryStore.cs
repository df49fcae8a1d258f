using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>A store in memory: answers when asked, fails when told to, and keeps what an earlier process has written.</summary>
internal sealed class MemoryStore : ITransferStore
{
    private readonly Queue<StoreEvent> _answers = new();

    /// <summary>What was called, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Bytes under their temporary names; they outlive a process.</summary>
    public Dictionary<TransferId, byte[]> Parts { get; init; } = [];

    /// <summary>Chunks that were written, by file offset.</summary>
    public Dictionary<TransferId, HashSet<ulong>> Written { get; init; } = [];

    public Dictionary<TransferId, HashSet<ulong>> ClosedSegments { get; init; } = [];

    /// <summary>Files under their names.</summary>
    public Dictionary<string, byte[]> Finished { get; } = [];

    /// <summary>The call that fails from now on; null for none.</summary>
    public string? Failing { get; set; }

    /// <summary>True while no answer is given.</summary>
    public bool IsHeld { get; set; }

    /// <summary>True for a process that finds what an earlier one has left.</summary>
    public bool Resumes { get; init; }

    public void Open(IncomingFile file)
    {
        Calls.Add("open");
        bool isKnown = Resumes && Parts.ContainsKey(file.Id);
        if (!isKnown)
        {
            Parts[file.Id] = new byte[file.Shape.SizeBytes];
            Written[file.Id] = [];
            ClosedSegments[file.Id] = [];
        }

        var done = new List<SegmentRange>();
        foreach (ulong index in ClosedSegments[file.Id].Order()) done.Add(new SegmentRange(index, 1));
        Answer(new StoreEvent(StoreEventKind.Opened, file.Handle, Status("open"), Done: isKnown ? [.. done] : null, Detail: Failing));
    }

    public void Inspect(IncomingSegment segment)
    {
        Calls.Add("inspect");
        byte[] bitmap = new byte[Bitmap.BytesFor(segment.ChunkCount)];
        for (int i = 0; i < segment.ChunkCount; i++)
        {
            if (Written[segment.File.Id].Contains(segment.FileOffset + ((ulong)i * (ulong)segment.ChunkBytes))) Bitmap.Add(bitmap, i);
        }

        Answer(new StoreEvent(StoreEventKind.Inspected, segment.File.Handle, Status("inspect"), segment.Index, Bitmap: bitmap, Detail: Failing));
    }

    public void Write(IncomingFile file, ulong fileOffset, ReadOnlyMemory<byte> bytes, ulong token)
    {
        Calls.Add($"write {fileOffset}");
        FcpStatus status = Status("write");
        if (status == FcpStatus.Accepted)
        {
            bytes.Span.CopyTo(Parts[file.Id].AsSpan((int)fileOffset));
            Written[file.Id].Add(fileOffset);
        }

        Answer(new StoreEvent(StoreEventKind.Written, file.Handle, status, token, Detail: Failing));
    }

    public void CloseSegment(IncomingSegment segment)
    {
        Calls.Add($"close {segment.Index}");
        ClosedSegments[segment.File.Id].Add(segment.Index);
    }

    public void Finish(IncomingFile file)
    {
        Calls.Add("finish");
        FcpStatus status = Status("finish");
        if (status == FcpStatus.Accepted) Finished[file.Name] = Parts[file.Id];
        Answer(new StoreEvent(StoreEventKind.Finished, file.Handle, status, Detail: Failing));
    }

    public void Abandon(IncomingFile file) => Calls.Add("abandon");

    public bool TryTake(out StoreEvent answer)
    {
        answer = default;
        return !IsHeld && _answers.TryDequeue(out answer);
    }

    private FcpStatus Status(string call) => Failing == call ? FcpStatus.StorageFailed : FcpStatus.Accepted;

    private void Answer(StoreEvent answer) => _answers.Enqueue(answer);
}
