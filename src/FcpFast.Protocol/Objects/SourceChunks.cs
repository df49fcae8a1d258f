using System.Collections.Generic;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>The chunks of one source in assembly, and those of them that hold memory, in the order in which they took it.</summary>
/// <remarks>Threads: the owner of its <see cref="AssemblyTable"/>. Cost: O(1) but for the look-up.</remarks>
internal sealed class SourceChunks(DecodeBudget decodes)
{
    private ChunkAssembly? _newest;

    public Dictionary<ObjectId, ChunkAssembly> ById { get; } = [];

    /// <summary>What its chunks may cost that are not what their ids say.</summary>
    public DecodeBudget Decodes { get; } = decodes;

    /// <summary>Memory that its chunks hold.</summary>
    public int UsedBytes { get; private set; }

    /// <summary>The chunk that has held memory longest; null if none holds any.</summary>
    public ChunkAssembly? Oldest { get; private set; }

    /// <summary>A chunk has taken memory.</summary>
    public void Add(ChunkAssembly chunk)
    {
        UsedBytes += chunk.MemoryBytes;
        chunk.Older = _newest;
        if (_newest is null) Oldest = chunk;
        else _newest.Newer = chunk;
        _newest = chunk;
    }

    /// <summary>A chunk gives its memory back.</summary>
    public void Remove(ChunkAssembly chunk)
    {
        UsedBytes -= chunk.MemoryBytes;
        if (chunk.Older is null) Oldest = chunk.Newer;
        else chunk.Older.Newer = chunk.Newer;
        if (chunk.Newer is null) _newest = chunk.Older;
        else chunk.Newer.Older = chunk.Older;
        chunk.Older = null;
        chunk.Newer = null;
    }
}
