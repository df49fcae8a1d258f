using System;
using System.Collections.Generic;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>The chunks in assembly at a node, and the memory that they share.</summary>
/// <remarks>
/// Shape:   chunks are found by (zone, source, object id), so that one source can disturb no other's. Memory is one pinned block; when it is
///          full, a source that holds less takes room from the one that holds most, whose oldest chunks are emptied to be sent again.
/// Errors:  statuses; a symbol that cannot be placed is refused and changes nothing.
/// Threads: one user at a time.
/// Cost:    a dictionary look-up a symbol of another chunk than the last one; no allocation once warm.
/// Source:  [WIRE §17], [WIRE §16.9].
/// </remarks>
public sealed class AssemblyTable : ISymbolSink
{
    /// <summary>Chunks announced at once at a node; announcements beyond are not taken.</summary>
    public const int ChunksMax = 1 << 17;

    private const int SymbolBits = 8;
    private const int EmptiedAtOnceMax = 32;
    private const int BytesHashedPerTick = 100; // 1 ns a byte, as a processor without vectors takes

    private readonly byte[] _memory;
    private readonly ArenaAllocator _arena;
    private readonly AdmissionLimits _limits;
    private readonly Dictionary<(ZoneIdHash, NodeId), SourceChunks> _bySource = [];
    private readonly List<SourceChunks> _holders = []; // sources with memory
    private readonly List<ChunkAssembly> _all = [];
    private readonly Stack<ChunkAssembly> _free = new();
    private readonly Queue<ChunkAssembly> _complete = new();
    private SourceChunks? _entered;
    private ChunkAssembly? _last;

    /// <summary>Makes a table with <paramref name="arenaBytes"/> for chunks in assembly.</summary>
    /// <param name="arenaBytes">A multiple of 4,096.</param>
    /// <param name="limits">What chunks may cost that are not what their ids say; the default policy's if left out.</param>
    public AssemblyTable(int arenaBytes, AdmissionLimits? limits = null)
    {
        _limits = limits ?? AdmissionLimits.Default;
        _memory = GC.AllocateArray<byte>(arenaBytes, pinned: true);
        _arena = new ArenaAllocator(arenaBytes);
    }

    /// <inheritdoc/>
    public Span<byte> Memory => _memory;

    /// <summary>The same memory, for a store that writes chunks from it on another thread.</summary>
    public ReadOnlyMemory<byte> SharedMemory => _memory;

    /// <summary>Bytes of the arena that are free.</summary>
    public int FreeBytes => _arena.FreeBytes;

    /// <summary>Bytes of the arena.</summary>
    public int ArenaBytes => _memory.Length;

    /// <summary>Chunks announced and not complete.</summary>
    public int ChunkCount => _all.Count - _free.Count;

    /// <summary>The time that fills are marked with; set once a batch.</summary>
    public long NowTicks { get; set; }

    /// <summary>Announces a chunk; its symbols are taken from now on.</summary>
    /// <returns>
    /// The chunk; if the source has announced the same id already, that chunk, which then has one more place to be delivered to.
    /// Null if the table is full, or if the id was announced with another length: then it is not the id of both.
    /// </returns>
    public ChunkAssembly? Announce(ZoneIdHash zone, NodeId source, ObjectId id, int chunkBytes, IncomingSegment segment, int chunkNumber)
    {
        if (ChunkCount >= ChunksMax) return null;
        if (!_bySource.TryGetValue((zone, source), out SourceChunks? chunks)) _bySource[(zone, source)] = chunks = new SourceChunks(new DecodeBudget(_limits));
        if (chunks.ById.TryGetValue(id, out ChunkAssembly? announced))
        {
            if (announced.ChunkBytes != chunkBytes) return null;
            announced.AddPlace(segment, chunkNumber);
            return announced;
        }

        if (!_free.TryPop(out ChunkAssembly? chunk))
        {
            chunk = new ChunkAssembly(_all.Count);
            _all.Add(chunk);
        }

        chunk.Bind(chunks, id, chunkBytes, segment, chunkNumber);
        chunks.ById.Add(id, chunk);
        return chunk;
    }

    /// <summary>The chunk of an id, if its source has announced it; null otherwise.</summary>
    public ChunkAssembly? Find(ZoneIdHash zone, NodeId source, ObjectId id) =>
        _bySource.TryGetValue((zone, source), out SourceChunks? chunks) ? chunks.ById.GetValueOrDefault(id) : null;

    /// <summary>Forgets a chunk: it is delivered, or nobody waits for it any more.</summary>
    public void Withdraw(ChunkAssembly chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        bool removed = chunk.Owner is not null && chunk.Owner.ById.Remove(chunk.Id);
        Invariant.Require(removed && chunk.PendingWrites == 0, "a chunk is withdrawn once, and not while it is being written");
        FreeMemory(chunk);
        if (_last == chunk) _last = null;
        if (chunk.IsDoubtful) chunk.Owner!.Decodes.End();
        chunk.Unbind();
        _free.Push(chunk);
    }

    /// <summary>Empties a chunk whose bytes are not what its id says, and charges its source with what it took to see that.</summary>
    /// <returns><c>Accepted</c> if it may be filled again; <c>DecodeCpuBudgetExceeded</c> or <c>DecodeCapacityExceeded</c> if it is to be given up.</returns>
    public FcpStatus EmptyWrong(ChunkAssembly chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        DecodeBudget decodes = chunk.Owner!.Decodes;
        FcpStatus status = decodes.Charge(chunk.ChunkBytes / BytesHashedPerTick, new Instant(NowTicks, 0));
        Empty(chunk);
        if (status != FcpStatus.Accepted || chunk.IsDoubtful) return status;
        status = decodes.Begin();
        chunk.IsDoubtful = status == FcpStatus.Accepted;
        return status;
    }

    /// <summary>Empties a chunk, so that it can be filled again.</summary>
    public void Empty(ChunkAssembly chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        FreeMemory(chunk);
        chunk.Reset();
    }

    /// <summary>The next chunk that has all its symbols; each is handed out once.</summary>
    public bool TryTakeComplete(out ChunkAssembly? chunk)
    {
        while (_complete.TryDequeue(out chunk))
        {
            if (chunk.IsComplete) return true; // else it was withdrawn or emptied meanwhile
        }

        return false;
    }

    /// <summary>The chunk of a number that was handed to the store.</summary>
    internal ChunkAssembly At(int index) => _all[index];

    /// <summary>The bytes of a chunk that has all its symbols, without the padding.</summary>
    public ReadOnlySpan<byte> BytesOf(ChunkAssembly chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        return _memory.AsSpan(chunk.Offset, chunk.ChunkBytes);
    }

    /// <inheritdoc/>
    public void Enter(ZoneIdHash zone, NodeId source)
    {
        _entered = _bySource.GetValueOrDefault((zone, source));
        _last = null;
    }

    /// <inheritdoc/>
    public FcpStatus Reserve(ObjectId objectId, int symbolBytes, uint esi, ushort k, out SymbolSlot slot)
    {
        slot = default;
        ChunkAssembly? chunk = _last;
        if (chunk is null || chunk.Id != objectId)
        {
            if (_entered is null || !_entered.ById.TryGetValue(objectId, out chunk)) return FcpStatus.UnknownObject;
            _last = chunk;
        }

        FcpStatus status = Place(chunk, symbolBytes, esi, k);
        if (status != FcpStatus.Accepted) return status;
        chunk.Hold((int)esi);
        slot = new SymbolSlot(((long)chunk.Index << SymbolBits) | esi, chunk.Offset + ((int)esi * symbolBytes));
        return FcpStatus.Accepted;
    }

    /// <inheritdoc/>
    public void Fill(SymbolSlot slot)
    {
        ChunkAssembly chunk = _all[(int)(slot.Token >> SymbolBits)];
        if (chunk.FilledCount == 0) chunk.FirstFilledTicks = NowTicks;
        chunk.LastFilledTicks = NowTicks;
        chunk.FilledCount++;
        if (chunk.IsComplete) _complete.Enqueue(chunk);
    }

    /// <inheritdoc/>
    public void Release(SymbolSlot slot)
    {
        ChunkAssembly chunk = _all[(int)(slot.Token >> SymbolBits)];
        chunk.Unhold((int)(slot.Token & ((1 << SymbolBits) - 1)));
        if (chunk.HeldCount == 0) Empty(chunk); // an unproven symbol must not fix the size
    }

    /// <summary>Checks a symbol against its chunk, and takes memory for the chunk's first one.</summary>
    private FcpStatus Place(ChunkAssembly chunk, int symbolBytes, uint esi, ushort k)
    {
        if (chunk.HasMemory)
        {
            if (symbolBytes != chunk.SymbolBytes) return FcpStatus.SymbolSizeOutOfRange;
            if (k != chunk.K) return FcpStatus.InvalidK;
            if (esi >= (uint)chunk.K) return FcpStatus.InvalidEsi; // repair symbols need a decoder
            return chunk.Holds((int)esi) ? FcpStatus.SlotFilled : FcpStatus.Accepted;
        }

        int expectedK = (chunk.ChunkBytes + symbolBytes - 1) / symbolBytes;
        if (symbolBytes % Wire.WireLimits.SymbolAlignmentBytes != 0) return FcpStatus.SymbolSizeOutOfRange;
        if (k != expectedK || expectedK > ObjectLimits.SourceSymbolsMax) return FcpStatus.InvalidK;
        if (esi >= (uint)expectedK) return FcpStatus.InvalidEsi;
        if (!TryAllocate(chunk.Owner!, expectedK * symbolBytes, out int offset)) return FcpStatus.NoRoom;
        chunk.SymbolBytes = symbolBytes;
        chunk.K = expectedK;
        chunk.Offset = offset;
        if (chunk.Owner!.UsedBytes == 0) _holders.Add(chunk.Owner);
        chunk.Owner.Add(chunk);
        return FcpStatus.Accepted;
    }

    /// <summary>Takes memory, from the source that holds most of it if none is free and this one holds less.</summary>
    private bool TryAllocate(SourceChunks source, int bytes, out int offset)
    {
        if (_arena.TryAllocate(bytes, out offset)) return true;
        if (bytes > ArenaBytes) return false;
        for (int emptied = 0; emptied < EmptiedAtOnceMax; emptied++)
        {
            SourceChunks largest = source;
            foreach (SourceChunks holder in _holders)
            {
                if (holder.UsedBytes > largest.UsedBytes) largest = holder;
            }

            if (largest.UsedBytes <= source.UsedBytes + bytes || largest.Oldest is not { IsIdle: true } oldest) return false;
            Empty(oldest);
            if (_arena.TryAllocate(bytes, out offset)) return true;
        }

        return false;
    }

    private void FreeMemory(ChunkAssembly chunk)
    {
        if (!chunk.HasMemory) return;
        _arena.Free(chunk.Offset, chunk.MemoryBytes);
        chunk.Owner!.Remove(chunk);
        if (chunk.Owner.UsedBytes == 0) _holders.Remove(chunk.Owner);
    }
}
