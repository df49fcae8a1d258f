using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Wire;

namespace FcpFast.Files;

/// <summary>Reads what goes out, segment by segment, hashes its chunks and makes its manifests.</summary>
/// <remarks>
/// Shape:   a fixed number of slots in one pinned block; every chunk starts at a multiple of whole symbols and is padded with zeroes.
/// Errors:  what cannot be read, or changes while it is sent, fails with where it is and the reason.
/// Threads: requests from the shard's thread; one thread reads and hashes.
/// Source:  [WIRE §16.9], [WIRE §17].
/// </remarks>
public sealed class SegmentSource : ISegmentSource, IDisposable
{
    private readonly ConcurrentQueue<PreparedSegment> _prepared = new();
    private readonly Dictionary<OutgoingFile, OutgoingContent> _contents = []; // the shard's
    private readonly Stack<int> _freeSlots = new();
    private readonly FileSourceOptions _options;
    private readonly Action _wake;
    private readonly byte[] _memory;
    private readonly int _slotBytes;
    private readonly WorkThread<Request> _reader;
    private readonly Blake3Hasher _chunkHasher;
    private readonly Blake3Hasher _payloadHasher;
    private readonly Func<ulong> _unixSeconds;

    /// <summary>Makes a source.</summary>
    /// <param name="options">How files are cut.</param>
    /// <param name="wake">Called on the reader's thread when a segment is ready.</param>
    /// <param name="unixSeconds">The wall clock, for the manifests' headers.</param>
    /// <param name="newHasher">Makes a hasher for long inputs.</param>
    public SegmentSource(FileSourceOptions options, Action wake, Func<ulong> unixSeconds, Func<Blake3Hasher> newHasher)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(newHasher);
        if (options.SegmentBytes % options.ChunkBytes != 0) ThrowHelper.BadArgument(nameof(options), "a segment is whole chunks");
        _options = options;
        _wake = wake;
        _unixSeconds = unixSeconds;
        _chunkHasher = newHasher();
        _payloadHasher = newHasher();
        int chunks = options.SegmentBytes / options.ChunkBytes;
        _slotBytes = chunks * (options.ChunkBytes + DatagramSizing.SymbolBytesBound);
        _memory = GC.AllocateUninitializedArray<byte>(checked(options.Slots * _slotBytes), pinned: true); // every byte is written before it is sealed
        for (int slot = options.Slots - 1; slot >= 0; slot--) _freeSlots.Push(slot);
        _reader = new WorkThread<Request>("fcpfast reader", Work);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Memory => _memory;

    /// <summary>Opens something to be sent; the content is this source's from here on, also if it throws.</summary>
    /// <param name="name">What the receiver will know it by.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="zone">The zone; its active object-id key names the transfer.</param>
    /// <param name="self">This node.</param>
    /// <param name="to">The member that it goes to.</param>
    /// <remarks>Errors: throws <see cref="IOException"/> for a name that cannot be sent and for a zone without an object-id key.</remarks>
    public OutgoingFile Open(string name, OutgoingContent content, ZoneKeyRing zone, NodeId self, NodeId to)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(zone);
        try
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(name);
            if (FileName.Check(utf8) != FcpStatus.Accepted) throw new IOException($"'{name}' is not a name that can be sent");
            var shape = new FileShape(content.SizeBytes, (ulong)_options.SegmentBytes);
            using KeyLease key = zone.ActiveObjectIdKey is { } active ? active.Key.Lease() : default;
            if (!key.IsLive) throw new IOException($"zone {zone.Zone} has no object-id key yet");
            TransferId id = FileBody.DeriveTransferId(new Blake3Hasher(), key.Bytes, self, utf8, shape.SizeBytes, content.ModifiedUnixNanoseconds);
            var file = new OutgoingFile(zone, to, id, name, shape, content.Mode);
            _contents.Add(file, content);
            return file;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>Closes what is sent or given up; a segment of it that is being read is finished first.</summary>
    /// <param name="file">What was opened here.</param>
    /// <param name="closed">Told on the reader's thread, from when on nothing of the content is read.</param>
    public void Close(OutgoingFile file, Action closed)
    {
        if (_contents.Remove(file, out OutgoingContent? content)) _reader.Add(new Request(file, content) { Closed = closed });
    }

    /// <inheritdoc/>
    public bool TryPrepare(OutgoingFile file, ulong index, int symbolBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        ObjectIdKey? key = file.Zone.ActiveObjectIdKey;
        if (key is null || !_contents.TryGetValue(file, out OutgoingContent? content) || !_freeSlots.TryPop(out int slot)) return false;
        Invariant.Require(symbolBytes <= DatagramSizing.SymbolBytesBound, "a padded chunk fits its slot");
        _reader.Add(new Request(file, content) { Index = index, SymbolBytes = symbolBytes, Slot = slot, Key = key });
        return true;
    }

    /// <inheritdoc/>
    public bool TryTake(out PreparedSegment prepared)
    {
        if (!_prepared.TryDequeue(out prepared)) return false;
        if (prepared.FailureDetail is not null) Return(prepared.Slot);
        return true;
    }

    /// <inheritdoc/>
    public void Return(int slot) => _freeSlots.Push(slot);

    /// <summary>Ends the reader and closes every file.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        foreach (OutgoingContent content in _contents.Values) content.Dispose();
        _contents.Clear();
        _chunkHasher.Erase();
    }

    private void Work(Request request)
    {
        if (request.Closed is { } closed)
        {
            request.Content.Dispose();
            closed();
            return;
        }

        PreparedSegment prepared;
        try
        {
            prepared = Prepare(request);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            prepared = new PreparedSegment(
                request.File, request.Index, request.SymbolBytes, request.Slot, 0, request.Key!.Id, default,
                $"cannot read {request.Content.Where}: {e.Message.TrimEnd('.')}");
        }

        _prepared.Enqueue(prepared);
        _wake();
    }

    private PreparedSegment Prepare(in Request request)
    {
        FileShape shape = request.File.Shape;
        request.Content.RequireUnchanged();
        int totalBytes = shape.BytesOf(request.Index), chunkBytes = _options.ChunkBytes, start = request.Slot * _slotBytes;
        int strideBytes = (chunkBytes + request.SymbolBytes - 1) / request.SymbolBytes * request.SymbolBytes;
        var ids = new ObjectId[(totalBytes + chunkBytes - 1) / chunkBytes];
        _payloadHasher.Reset();
        using KeyLease key = request.Key!.Key.Lease();
        if (!key.IsLive) throw new IOException("the zone's object-id key was erased");
        for (int i = 0; i < ids.Length; i++)
        {
            int bytes = Math.Min(chunkBytes, totalBytes - (i * chunkBytes));
            int padded = (bytes + request.SymbolBytes - 1) / request.SymbolBytes * request.SymbolBytes;
            Span<byte> slot = _memory.AsSpan(start + (i * strideBytes), padded);
            request.Content.Read(slot[..bytes], shape.OffsetOf(request.Index) + ((ulong)i * (ulong)chunkBytes));
            slot[bytes..].Clear();
            ids[i] = ChunkIds.Compute(_chunkHasher, key.Bytes, request.File.Zone.Zone, slot[..bytes]);
            _payloadHasher.Update(slot[..bytes]);
        }

        Span<byte> hash = stackalloc byte[Bytes32.Length];
        _payloadHasher.Finish(hash);
        var writer = new CborWriter(ids.Length * 40);
        ChunkedObjectManifest.WriteHashed(writer, request.File.Zone.Zone, _unixSeconds(), (ulong)totalBytes, chunkBytes, ids, Bytes32.Read(hash));
        return new PreparedSegment(request.File, request.Index, request.SymbolBytes, request.Slot, start, request.Key.Id, writer.ToArray());
    }

    private readonly record struct Request(OutgoingFile File, OutgoingContent Content)
    {
        public Action? Closed { get; init; }

        public ulong Index { get; init; }

        public int SymbolBytes { get; init; }

        public int Slot { get; init; }

        public ObjectIdKey? Key { get; init; }
    }
}
