using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using FcpFast.Interop.Linux;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;

namespace FcpFast.Files;

/// <summary>Writes received files into a folder: under a temporary name, renamed when every byte is verified and durable.</summary>
/// <remarks>
/// Shape:   one thread for the disk, so that a slow disk never holds up the shard; what an earlier process has written is verified and used.
/// Errors:  a full disk, a folder that may not be written, a lost mount: answered as <c>StorageFailed</c> with the path and the reason.
/// Threads: requests from the shard's thread.
/// Source:  [WIRE §16.9].
/// </remarks>
public sealed class FileTransferStore : ITransferStore, IDisposable
{
    private readonly ConcurrentQueue<StoreEvent> _answers = new();
    private readonly Dictionary<long, PartFile> _open = []; // the disk thread's
    private readonly FileStoreOptions _options;
    private readonly Action _wake;
    private readonly Blake3Hasher _hasher; // the disk thread's
    private readonly WorkThread<Request> _disk;
    private bool _hasWrites; // the shard's

    /// <summary>Makes a store.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="wake">Called on the disk's thread when an answer is there.</param>
    /// <param name="hasher">Used on the disk's thread, to verify what an earlier process wrote.</param>
    public FileTransferStore(FileStoreOptions options, Action wake, Blake3Hasher hasher)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _wake = wake;
        _hasher = hasher;
        _disk = new WorkThread<Request>("fcpfast disk", Work);
    }

    private enum Kind
    {
        Open,
        Inspect,
        Write,
        CloseSegment,
        Finish,
        Abandon,
    }

    /// <inheritdoc/>
    public void Open(IncomingFile file) => _disk.Add(new Request(Kind.Open, file));

    /// <inheritdoc/>
    public void Inspect(IncomingSegment segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        SecretKey? key = segment.File.Zone.FindObjectIdKey(segment.KeyId)?.Key;
        _disk.Add(new Request(Kind.Inspect, segment.File) { Segment = segment, Key = key });
    }

    /// <inheritdoc/>
    public void Write(IncomingFile file, ulong fileOffset, ReadOnlyMemory<byte> bytes, ulong token)
    {
        _disk.AddForLater(new Request(Kind.Write, file) { Offset = fileOffset, Bytes = bytes, Token = token });
        _hasWrites = true;
    }

    /// <inheritdoc/>
    public void CloseSegment(IncomingSegment segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        _disk.Add(new Request(Kind.CloseSegment, segment.File) { Segment = segment });
    }

    /// <inheritdoc/>
    public void Finish(IncomingFile file) => _disk.Add(new Request(Kind.Finish, file));

    /// <inheritdoc/>
    public void Abandon(IncomingFile file) => _disk.Add(new Request(Kind.Abandon, file));

    /// <inheritdoc/>
    public bool TryTake(out StoreEvent answer)
    {
        if (_hasWrites) _disk.Wake();
        _hasWrites = false;
        return _answers.TryDequeue(out answer);
    }

    /// <summary>Finishes what was asked for and closes every file; what is not finished stays for a later try.</summary>
    public void Dispose()
    {
        _disk.Dispose();
        foreach (PartFile part in _open.Values) part.Dispose();
        _open.Clear();
    }

    private void Work(Request request)
    {
        try
        {
            Do(request);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            if (_open.Remove(request.File.Handle, out PartFile? part)) part.Dispose();
            Answer(request, FcpStatus.StorageFailed, detail: Describe(request, e));
        }
    }

    private void Do(in Request request)
    {
        IncomingFile file = request.File;
        if (request.Kind == Kind.Open)
        {
            Open(request);
            return;
        }

        if (!_open.TryGetValue(file.Handle, out PartFile? part))
        {
            Answer(request, FcpStatus.StorageFailed, detail: "the file was given up"); // after a failure that was told
            return;
        }

        switch (request.Kind)
        {
            case Kind.Inspect:
                using (KeyLease key = request.Key is null ? default : request.Key.Lease())
                {
                    byte[] bitmap = key.IsLive ? part.VerifyChunks(request.Segment!, key.Bytes) : [];
                    Answer(request, FcpStatus.Accepted, bitmap: bitmap);
                }

                break;
            case Kind.Write:
                part.Write(request.Bytes.Span, request.Offset);
                Answer(request, FcpStatus.Accepted);
                break;
            case Kind.CloseSegment:
                part.NoteDone(request.Segment!.Index, request.Segment.PayloadHash);
                break;
            case Kind.Finish:
                part.Complete();
                _open.Remove(file.Handle);
                GiveName(part.PartPath, file);
                Answer(request, FcpStatus.Accepted);
                break;
            case Kind.Abandon:
                part.Dispose();
                _open.Remove(file.Handle);
                break;
        }
    }

    private void Open(in Request request)
    {
        IncomingFile file = request.File;
        ulong size = file.Shape.SizeBytes;
        if (size > _options.FileBytesMax) throw new IOException($"it has {size} bytes, {_options.FileBytesMax} are allowed");
        PartFile part = PartFile.Open(_options.Folder, file.Id, file.Name, file.Shape, _hasher, out bool isResumed);
        _open[file.Handle] = part;
        SegmentRange[]? done = isResumed ? part.VerifyDone() : null;
        ulong missing = size;
        foreach (SegmentRange range in done ?? []) missing -= file.Shape.BytesOf(range);
        long free = new DriveInfo(_options.Folder).AvailableFreeSpace;
        if (missing > (ulong)free) throw new IOException($"{missing} bytes are needed and {free} are free");
        Answer(request, FcpStatus.Accepted, done: done);
    }

    private void GiveName(string partPath, IncomingFile file)
    {
        if (file.Mode is { } mode && !OperatingSystem.IsWindows())
        {
            const UnixFileMode Kept = (UnixFileMode)0b111_101_101; // never writable for others, never set-user-id
            File.SetUnixFileMode(partPath, ((UnixFileMode)(mode & 0x1FF) & Kept) | UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        string stem = Path.GetFileNameWithoutExtension(file.Name), extension = Path.GetExtension(file.Name);
        for (int number = 0; ; number++)
        {
            string name = number == 0 ? file.Name : $"{stem}~{number}{extension}";
            try
            {
                File.Move(partPath, Path.Combine(_options.Folder, name), _options.Overwrites);
                break;
            }
            catch (IOException) when (File.Exists(Path.Combine(_options.Folder, name)) && number < 10_000)
            {
                // taken: the next number is tried
            }
        }

        DirectorySync.Flush(_options.Folder);
    }

    private string Describe(in Request request, Exception e) =>
        $"cannot store '{request.File.Name}' in {Path.GetFullPath(_options.Folder)}: {e.Message.TrimEnd('.')}";

    private void Answer(in Request request, FcpStatus status, SegmentRange[]? done = null, byte[]? bitmap = null, string? detail = null)
    {
        StoreEventKind kind = request.Kind switch
        {
            Kind.Open => StoreEventKind.Opened,
            Kind.Inspect => StoreEventKind.Inspected,
            Kind.Write => StoreEventKind.Written,
            Kind.Finish => StoreEventKind.Finished,
            _ => StoreEventKind.None,
        };
        if (kind == StoreEventKind.None) return;
        ulong token = request.Kind == Kind.Inspect ? request.Segment!.Index : request.Token;
        _answers.Enqueue(new StoreEvent(kind, request.File.Handle, status, token, done, bitmap, detail));
        _wake();
    }

    private readonly record struct Request(Kind Kind, IncomingFile File)
    {
        public IncomingSegment? Segment { get; init; }

        public SecretKey? Key { get; init; }

        public ReadOnlyMemory<byte> Bytes { get; init; }

        public ulong Offset { get; init; }

        public ulong Token { get; init; }
    }
}
