using System;

namespace FcpFast.Protocol.Objects;

/// <summary>Where received files are written: asked from the shard's thread, working on its own.</summary>
/// <remarks>
/// Shape:   every request is answered by one <see cref="StoreEvent"/> later, in the order of the requests of a file. A file is written under
///          a temporary name and renamed when it is finished; what an earlier process has written is verified before it is counted.
/// Threads: requests and <see cref="TryTake"/> come from one thread and do not block. A turn of this thread that asks for writes calls <see cref="TryTake"/>
///          after them, so that a store may hand a whole turn's writes over at once.
/// Source:  [WIRE §16.9].
/// </remarks>
public interface ITransferStore
{
    /// <summary>Opens or resumes a file.</summary>
    void Open(IncomingFile file);

    /// <summary>Looks which chunks of a segment a resumed file has on disk already.</summary>
    void Inspect(IncomingSegment segment);

    /// <summary>Writes one verified chunk, begun at the next <see cref="TryTake"/> at the latest; its memory is left alone until the answer.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fileOffset">Where in the file.</param>
    /// <param name="bytes">The chunk, in the memory of the assembly table.</param>
    /// <param name="token">Comes back in the answer.</param>
    void Write(IncomingFile file, ulong fileOffset, ReadOnlyMemory<byte> bytes, ulong token);

    /// <summary>Notes that a segment is complete, so that a later process can verify and count it; not answered.</summary>
    void CloseSegment(IncomingSegment segment);

    /// <summary>Makes the file durable and gives it its name.</summary>
    void Finish(IncomingFile file);

    /// <summary>Lets go of a file that is not finished; what was written stays for a later try. Not answered.</summary>
    void Abandon(IncomingFile file);

    /// <summary>Takes the next answer.</summary>
    bool TryTake(out StoreEvent answer);
}
