using System;
using System.Buffers.Binary;
using System.IO;
using System.Security.Cryptography;
using FcpFast.Control.Store;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Witnesses;

/// <summary>A witness in a small file on another file system than the store's.</summary>
/// <remarks>
/// <code>
/// two slots, at 0 and at 4,096, the older one overwritten each time:
/// 0  8  "FCPWITN1"    8  16  store id    24  8  u64 generation    32  8  u64 writes    40  32  SHA-256 of what is before
/// </code>
/// Shape:   a torn slot is passed over: the mark in it was not told yet, and the other one is the mark before. Empty files hold no mark.
/// Errors:  <see cref="StateStoreException"/>: a file that cannot be used, or holds anything else.
/// Source:  [REPLAY §5.3] (two slots), [REPLAY §5.5].
/// </remarks>
public sealed class WitnessFile : IReplayWitness
{
    private const int SlotBytes = 72;
    private const int SlotDistance = 4096;
    private const int HashOffset = 40;

    private readonly FileStream _file;
    private readonly string _path;
    private int _next;

    /// <summary>Opens the file, or makes an empty one.</summary>
    public WitnessFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        _path = path;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            _file = new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e.Message, e);
        }
    }

    private static ReadOnlySpan<byte> Magic => "FCPWITN1"u8;

    /// <inheritdoc/>
    public StoreMark? Read()
    {
        StoreMark? first = Read(0), second = Read(1);
        if (first is null && second is null && _file.Length != 0) throw Unusable("it holds no mark of a store");
        bool isFirstLater = second is not { } other || (first is { } one && other.IsBehind(one));
        _next = isFirstLater ? 1 : 0;
        return isFirstLater ? first : second;
    }

    /// <inheritdoc/>
    public void Write(StoreMark mark)
    {
        Span<byte> slot = stackalloc byte[SlotBytes];
        Magic.CopyTo(slot);
        mark.StoreId.Write(slot[8..]);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[24..], mark.Generation);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[32..], mark.Writes);
        SHA256.HashData(slot[..HashOffset], slot[HashOffset..]);
        try
        {
            _file.Position = _next * SlotDistance;
            _file.Write(slot);
            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e.Message, e);
        }

        _next = 1 - _next;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private StoreMark? Read(int index)
    {
        Span<byte> slot = stackalloc byte[SlotBytes], hash = stackalloc byte[SHA256.HashSizeInBytes];
        _file.Position = index * SlotDistance;
        if (_file.ReadAtLeast(slot, SlotBytes, throwOnEndOfStream: false) < SlotBytes || !slot.StartsWith(Magic)) return null;
        SHA256.HashData(slot[..HashOffset], hash);
        if (!hash.SequenceEqual(slot[HashOffset..])) return null;
        return new StoreMark(Bytes16.Read(slot[8..]), BinaryPrimitives.ReadUInt64LittleEndian(slot[24..]), BinaryPrimitives.ReadUInt64LittleEndian(slot[32..]));
    }

    private StateStoreException Unusable(string what, Exception? cause = null) => new(
        _path, $"the witness cannot be used: {what}", "name a file of this node alone, on another file system than its state; a new one is made if there is none", cause);
}
