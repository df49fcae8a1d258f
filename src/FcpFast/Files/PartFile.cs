using System;
using System.IO;
using FcpFast.Interop.Linux;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using Microsoft.Win32.SafeHandles;

namespace FcpFast.Files;

/// <summary>A received file under its temporary name, and the journal of its complete segments.</summary>
/// <remarks>
/// Shape:   <c>.fcp-ID.part</c> holds the bytes in their places; <c>.fcp-ID.done</c> holds one record a complete segment: index, hash, check.
///          What the journal says is believed only after the bytes were hashed again, so neither a torn write nor a lost page nor a change
///          by hand can make a wrong file.
/// Threads: the store's thread.
/// </remarks>
internal sealed class PartFile : IDisposable
{
    private const int HashedAtOnceBytes = 256 * 1024;

    // One a store's thread, not one a file: as large as this, each would lie on the large-object heap and bring on full collections.
    [ThreadStatic]
    private static byte[]? s_scratch;

    private readonly SafeFileHandle _part;
    private readonly SegmentJournal _journal;
    private readonly Blake3Hasher _hasher;
    private readonly FileShape _shape;
    private readonly WriteBehind _writeBehind;

    private PartFile(string partPath, SafeFileHandle part, SegmentJournal journal, FileShape shape, Blake3Hasher hasher)
    {
        _hasher = hasher;
        PartPath = partPath;
        _part = part;
        _journal = journal;
        _shape = shape;
        _writeBehind = new WriteBehind(part);
    }

    /// <summary>The temporary name.</summary>
    public string PartPath { get; }

    /// <summary>Opens or makes a part file in a folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="id">The transfer.</param>
    /// <param name="name">The file's name; an earlier part of another name or shape is thrown away.</param>
    /// <param name="shape">Its size, and how it is cut.</param>
    /// <param name="hasher">Scratch; may serve other files of the same thread.</param>
    /// <param name="isResumed">True if an earlier process had begun it.</param>
    public static PartFile Open(string folder, TransferId id, string name, FileShape shape, Blake3Hasher hasher, out bool isResumed)
    {
        string partPath = Path.Combine(folder, $".fcp-{id}.part"), journalPath = Path.Combine(folder, $".fcp-{id}.done");
        bool exists = File.Exists(partPath) && SegmentJournal.Matches(journalPath, name, shape);
        isResumed = exists;
        SafeFileHandle part = Create(partPath, exists ? FileMode.Open : FileMode.Create);
        try
        {
            if (!exists) RandomAccess.SetLength(part, (long)shape.SizeBytes);
            var journal = new SegmentJournal(journalPath, name, shape, isNew: !exists);
            return new PartFile(partPath, part, journal, shape, hasher);
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>The segments of the journal whose bytes are on disk as their hashes say, in ascending order.</summary>
    public SegmentRange[] VerifyDone()
    {
        var done = new IndexRanges(int.MaxValue);
        foreach ((ulong index, Bytes32 hash) in _journal.ReadAll())
        {
            if (index < _shape.SegmentCount && !done.Contains(index) && HashOf(index) == hash) done.Add(index);
        }

        return done.Ranges.ToArray();
    }

    /// <summary>The bitmap of a segment's chunks that are on disk as their ids say.</summary>
    public byte[] VerifyChunks(IncomingSegment segment, ReadOnlySpan<byte> objectIdKey)
    {
        byte[] bitmap = new byte[Bitmap.BytesFor(segment.ChunkCount)];
        byte[] chunk = new byte[segment.ChunkBytes];
        for (int i = 0; i < segment.ChunkCount; i++)
        {
            Span<byte> bytes = chunk.AsSpan(0, segment.BytesOf(i));
            long offset = (long)segment.FileOffset + ((long)i * segment.ChunkBytes);
            if (!TryRead(bytes, offset)) continue;
            if (ChunkIds.Compute(_hasher, objectIdKey, segment.File.Zone.Zone, bytes) == segment.IdOf(i)) Bitmap.Add(bitmap, i);
        }

        return bitmap;
    }

    /// <summary>Writes bytes at their place.</summary>
    public void Write(ReadOnlySpan<byte> bytes, ulong offset)
    {
        RandomAccess.Write(_part, bytes, (long)offset);
        _writeBehind.Wrote((long)offset, bytes.Length);
    }

    /// <summary>Notes a complete segment.</summary>
    public void NoteDone(ulong index, Bytes32 hash) => _journal.Append(index, hash);

    /// <summary>Makes the bytes durable and lets go of the files; the part keeps its name, the journal is gone.</summary>
    public void Complete()
    {
        RandomAccess.FlushToDisk(_part);
        _part.Dispose();
        _journal.Delete();
    }

    public void Dispose()
    {
        _part.Dispose();
        _journal.Dispose();
    }

    private static SafeFileHandle Create(string path, FileMode mode)
    {
        SafeFileHandle handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return handle;
    }

    private Bytes32 HashOf(ulong segment)
    {
        long offset = (long)_shape.OffsetOf(segment);
        int rest = _shape.BytesOf(segment);
        byte[] scratch = s_scratch ??= new byte[HashedAtOnceBytes];
        _hasher.Reset();
        while (rest > 0)
        {
            Span<byte> bytes = scratch.AsSpan(0, Math.Min(rest, scratch.Length));
            if (!TryRead(bytes, offset)) return default;
            _hasher.Update(bytes);
            offset += bytes.Length;
            rest -= bytes.Length;
        }

        Span<byte> hash = stackalloc byte[Bytes32.Length];
        _hasher.Finish(hash);
        return Bytes32.Read(hash);
    }

    private bool TryRead(Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(_part, bytes, offset);
            if (read == 0) return false;
            bytes = bytes[read..];
            offset += read;
        }

        return true;
    }
}
