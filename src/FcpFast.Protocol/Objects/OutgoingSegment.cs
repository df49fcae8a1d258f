using System;
using System.Collections.Generic;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>A segment that is being sent.</summary>
/// <remarks>Threads: the shard's thread.</remarks>
internal sealed class OutgoingSegment
{
    private readonly ObjectId[] _ids;
    private readonly int[] _twins;
    private readonly SymbolSet[] _repairs;
    private readonly ChunkProgress[] _chunks;

    public OutgoingSegment(in PreparedSegment prepared, scoped in ChunkedObjectManifest manifest)
    {
        Prepared = prepared;
        ChunkBytes = manifest.ChunkBytes;
        TotalBytes = (int)manifest.TotalBytes;
        _ids = new ObjectId[manifest.ChunkCount];
        _twins = new int[_ids.Length];
        _repairs = new SymbolSet[_ids.Length];
        _chunks = new ChunkProgress[_ids.Length];
        var seen = new Dictionary<ObjectId, int>(_ids.Length);
        for (int i = 0; i < _ids.Length; i++)
        {
            _ids[i] = manifest.ChunkId(i);
            _twins[i] = seen.TryAdd(_ids[i], i) ? i : seen[_ids[i]]; // equal chunks are sent once; the receiver fills every place
        }
    }

    public PreparedSegment Prepared { get; }

    public ulong Index => Prepared.Index;

    public int ChunkBytes { get; }

    public int TotalBytes { get; }

    public int ChunkCount => _ids.Length;

    /// <summary>True once a status has named the segment: then the receiver takes its symbols.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>When a status named the segment last.</summary>
    public long HeardTicks { get; set; }

    /// <summary>Bytes of the chunks that the receiver has.</summary>
    public ulong CompleteBytes { get; private set; }

    /// <summary>The chunk that is sent next for the first time.</summary>
    public int NextChunk { get; set; }

    /// <summary>The symbol of it that is sent next.</summary>
    public int NextEsi { get; set; }

    public AnnouncementTimer Announcement { get; } = new();

    public ObjectId IdOf(int chunk) => _ids[chunk];

    /// <summary>The first chunk that is equal to this one: that is the one that is sent; this one itself if it is the first.</summary>
    public int TwinOf(int chunk) => _twins[chunk];

    public bool IsTwin(int chunk) => _twins[chunk] != chunk;

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

    /// <summary>The receiver has the chunk.</summary>
    public void Complete(int chunk)
    {
        if (_chunks[chunk].IsComplete) return;
        _chunks[chunk].IsComplete = true;
        _repairs[chunk] = default;
        CompleteBytes += (ulong)BytesOf(chunk);
    }

    /// <summary>The receiver does not have the chunk (any more).</summary>
    public void Reopen(int chunk)
    {
        if (!_chunks[chunk].IsComplete) return;
        _chunks[chunk].IsComplete = false;
        _chunks[chunk].Received = 0;
        CompleteBytes -= (ulong)BytesOf(chunk);
    }

    /// <summary>Nothing is known of what the receiver has; chunks under way were let go of before.</summary>
    public void Restart()
    {
        Array.Clear(_chunks);
        Array.Clear(_repairs);
        IsAcknowledged = false;
        CompleteBytes = 0;
        NextChunk = 0;
        NextEsi = 0;
        Announcement.Reset();
    }

    /// <summary>The number of the chunk with this id; -1 if none has it.</summary>
    public int Find(ObjectId id) => Array.IndexOf(_ids, id);

    /// <summary>What is known of one chunk.</summary>
    internal struct ChunkProgress
    {
        /// <summary>When its last symbol was sent; 0 while not all were sent once.</summary>
        public long SentTicks;

        /// <summary>Symbols of it of which the receiver has told that it has them.</summary>
        public int Received;

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
