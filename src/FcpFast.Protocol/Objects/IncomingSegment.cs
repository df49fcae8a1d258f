using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>A segment that was announced and is not complete.</summary>
/// <remarks>
/// Threads: changed by the shard's thread; the manifest's values never change and may be read by the store.
/// Source:  [WIRE §16.9], [WIRE §17].
/// </remarks>
public sealed class IncomingSegment
{
    private readonly ObjectId[] _ids;
    private readonly ChunkAssembly?[] _assemblies;
    private readonly long[] _touchedTicks;
    private readonly byte[] _complete;

    internal IncomingSegment(IncomingFile file, scoped in SegmentBody body, ObjectIdKeyId keyId)
    {
        ChunkedObjectManifest manifest = body.Manifest;
        File = file;
        Index = body.Index;
        KeyId = keyId;
        TotalBytes = (int)manifest.TotalBytes;
        ChunkBytes = manifest.ChunkBytes;
        PayloadHash = manifest.PayloadHash;
        _ids = new ObjectId[manifest.ChunkCount];
        for (int i = 0; i < _ids.Length; i++) _ids[i] = manifest.ChunkId(i);
        _assemblies = new ChunkAssembly?[_ids.Length];
        _touchedTicks = new long[_ids.Length];
        _complete = new byte[Bitmap.BytesFor(_ids.Length)];
    }

    /// <summary>Its file.</summary>
    public IncomingFile File { get; }

    /// <summary>Its number in the file.</summary>
    public ulong Index { get; }

    /// <summary>The key of its chunk ids.</summary>
    public ObjectIdKeyId KeyId { get; }

    /// <summary>Its bytes.</summary>
    public int TotalBytes { get; }

    /// <summary>Bytes of each chunk but the last.</summary>
    public int ChunkBytes { get; }

    /// <summary>The hash of its bytes.</summary>
    public Bytes32 PayloadHash { get; }

    /// <summary>How many chunks.</summary>
    public int ChunkCount => _ids.Length;

    /// <summary>Where it begins in the file.</summary>
    public ulong FileOffset => File.Shape.OffsetOf(Index);

    /// <summary>True while the store looks which chunks are on disk; until then no symbols are taken.</summary>
    internal bool IsBeingInspected { get; set; }

    internal int CompleteCount { get; private set; }

    internal bool IsComplete => CompleteCount == ChunkCount;

    internal ReadOnlySpan<byte> CompleteBitmap => _complete;

    /// <summary>The id of a chunk.</summary>
    public ObjectId IdOf(int chunk) => _ids[chunk];

    /// <summary>Bytes of a chunk.</summary>
    public int BytesOf(int chunk) => Math.Min(ChunkBytes, TotalBytes - (chunk * ChunkBytes));

    internal bool IsChunkComplete(int chunk) => Bitmap.Contains(_complete, chunk);

    internal ChunkAssembly? AssemblyOf(int chunk) => _assemblies[chunk];

    internal void Await(int chunk, ChunkAssembly assembly) => _assemblies[chunk] = assembly;

    /// <summary>When a chunk's first symbol came; 0 if none has.</summary>
    internal long TouchedTicks(int chunk) => _assemblies[chunk]?.FirstFilledTicks ?? _touchedTicks[chunk];

    internal void MarkComplete(int chunk)
    {
        if (IsChunkComplete(chunk)) return;
        _touchedTicks[chunk] = _assemblies[chunk]?.FirstFilledTicks ?? 0;
        _assemblies[chunk] = null;
        Bitmap.Add(_complete, chunk);
        CompleteCount++;
    }

    internal void Forget(int chunk) => _assemblies[chunk] = null;
}
