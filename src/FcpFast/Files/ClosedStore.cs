using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;

namespace FcpFast.Files;

/// <summary>The store of a node that takes no files: every file is refused.</summary>
internal sealed class ClosedStore : ITransferStore
{
    private readonly Queue<StoreEvent> _answers = new();

    public void Open(IncomingFile file) => _answers.Enqueue(
        new StoreEvent(StoreEventKind.Opened, file.Handle, FcpStatus.StorageFailed, Detail: "this node takes no files"));

    public void Inspect(IncomingSegment segment) => Invariant.Require(false, "a file that was refused has no segments");

    public void Write(IncomingFile file, ulong fileOffset, ReadOnlyMemory<byte> bytes, ulong token) =>
        Invariant.Require(false, "a file that was refused is not written");

    public void CloseSegment(IncomingSegment segment) => Invariant.Require(false, "a file that was refused has no segments");

    public void Finish(IncomingFile file) => Invariant.Require(false, "a file that was refused is not finished");

    public void Abandon(IncomingFile file)
    {
        // nothing was kept
    }

    public bool TryTake(out StoreEvent answer) => _answers.TryDequeue(out answer);
}
