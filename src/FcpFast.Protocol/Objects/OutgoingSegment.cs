using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>A segment that is being sent.</summary>
/// <remarks>Threads: the shard's thread.</remarks>
internal sealed class OutgoingSegment
{
    private readonly ObjectId[] _ids;
    private readonly bool[] _isTwin;
    private readonly SymbolSet[] _repairs;
    private readonly ChunkProgress[] _chunks;

    public OutgoingSegment(in PreparedSegment prepared, scoped in ChunkedObjectManifest manifest)
    {
        Prepared = prepared;
        ChunkBytes = manifest.ChunkBytes;
        TotalBytes = (int)manifest.TotalBytes;
        _ids = new ObjectId[manifest.ChunkCount];
        _isTwin = new bool[_ids.Length];
        _repairs = new SymbolSet[_ids.Length];
        _chunks = new ChunkProgress[_ids.Length];
        var seen = new System.Collections.Generic.HashSet<ObjectId>(_ids.Length);
        for (int i = 0; i < _ids.Length; i++)
        {
            _ids[i] = manifest.ChunkId(i);
            _isTwin[i] = !seen.Add(_ids[i]); // equal chunks are sent once; the receiver fills every place
        }
    }

    public PreparedSegment Prepared { get; }

    public ulong Index => Prepared.Index;

    public int ChunkBytes { get; }

    public int TotalBytes { get; }

    public int ChunkCount => _ids.Length;

    /// <summary>True once a status has named the segment: then the receiver takes its symbols.</summary>
    public bool IsAcknowledged { get; set; }

    public int CompleteCount { get; private set; }

    /// <summary>The chunk and symbol that are sent next for the first time.</summary>
    public int NextChunk { get; set; }

    public int NextEsi { get; set; }

    public long AnnouncedTicks { get; set; }

    public long AnnouncePauseTicks { get; set; } = TransferRules.RepeatTicks;

    public ObjectId IdOf(int chunk) => _ids[chunk];

    public bool IsTwin(int chunk) => _isTwin[chunk];

    public int BytesOf(int chunk) => Math.Min(ChunkBytes, TotalBytes - (chunk * ChunkBytes));

    public int K(int chunk) => (BytesOf(chunk) + Prepared.SymbolBytes - 1) / Prepared.SymbolBytes;

    /// <summary>Where a symbol's data lies in the source's memory.</summary>
    public int OffsetOf(int chunk, int esi)
    {
        int strideBytes = (ChunkBytes + Prepared.SymbolBytes - 1) / Prepared.SymbolBytes * Prepared.SymbolBytes;
        return Prepared.Offset + (chunk * strideBytes) + (esi * Prepared.SymbolBytes);
    }

    public ref ChunkProgress Progress(int chunk) => ref _chunks[chunk];

    public ref SymbolSet Repairs(int chunk) => ref _repairs[chunk];

    /// <summary>Marks a chunk as complete; true the first time.</summary>
    public bool Complete(int chunk)
    {
        ref ChunkProgress progress = ref _chunks[chunk];
        if (progress.IsComplete) return false;
        progress.IsComplete = true;
        _repairs[chunk] = default;
        CompleteCount++;
        return true;
    }

    /// <summary>The number of the chunk with this id; -1 if none has it.</summary>
    public int Find(ObjectId id) => Array.IndexOf(_ids, id);

    /// <summary>What is known of one chunk.</summary>
    internal struct ChunkProgress
    {
        /// <summary>When its last symbol was sent; 0 while not all were sent once.</summary>
        public long SentTicks;

        /// <summary>How often symbols of it were sent again.</summary>
        public int Resends;

        /// <summary>True if it counts as under way.</summary>
        public bool IsUnderWay;

        /// <summary>True if the receiver has it.</summary>
        public bool IsComplete;

        /// <summary>True if it waits among the repairs.</summary>
        public bool IsQueued;
    }
}
