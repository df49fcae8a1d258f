using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Files;

/// <summary>The list of a part file's complete segments.</summary>
/// <remarks>
/// <code>
/// header: "FCPDONE1", BLAKE3(size u64 LE, segment bytes u64 LE, name)
/// record: index u64 LE, hash of the segment (32), first 8 bytes of BLAKE3(index, hash)
/// </code>
/// Shape:   append-only; a torn record at the end is passed over, and so is everything behind it.
/// Threads: the store's thread.
/// </remarks>
internal sealed class SegmentJournal : IDisposable
{
    private const int RecordBytes = sizeof(ulong) + Bytes32.Length + CheckBytes;
    private const int CheckBytes = 8;
    private const int HeaderBytes = 8 + Bytes32.Length;

    private readonly FileStream _file;
    private readonly string _path;

    public SegmentJournal(string path, string name, FileShape shape, bool isNew)
    {
        _path = path;
        _file = new FileStream(path, isNew ? FileMode.Create : FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (isNew) _file.Write(Header(name, shape));
        _file.Seek(0, SeekOrigin.End);
    }

    /// <summary>True if a journal is there and is of this name and shape.</summary>
    public static bool Matches(string path, string name, FileShape shape)
    {
        if (!File.Exists(path)) return false;
        Span<byte> header = stackalloc byte[HeaderBytes];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes && header.SequenceEqual(Header(name, shape));
    }

    /// <summary>Every whole record.</summary>
    public IEnumerable<(ulong Index, Bytes32 Hash)> ReadAll()
    {
        byte[] records = File.ReadAllBytes(_path);
        for (int offset = HeaderBytes; offset + RecordBytes <= records.Length; offset += RecordBytes)
        {
            ReadOnlySpan<byte> record = records.AsSpan(offset, RecordBytes);
            if (!record[^CheckBytes..].SequenceEqual(Check(record[..^CheckBytes]))) yield break;
            yield return (BinaryPrimitives.ReadUInt64LittleEndian(record), Bytes32.Read(record[sizeof(ulong)..]));
        }
    }

    public void Append(ulong index, Bytes32 hash)
    {
        byte[] record = new byte[RecordBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(record, index);
        hash.Write(record.AsSpan(sizeof(ulong)));
        Check(record.AsSpan(0, RecordBytes - CheckBytes)).CopyTo(record.AsSpan(RecordBytes - CheckBytes));
        _file.Write(record);
    }

    public void Delete()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Header(string name, FileShape shape)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name), input = new byte[(2 * sizeof(ulong)) + utf8.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(input, shape.SizeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(sizeof(ulong)), shape.SegmentBytes);
        utf8.CopyTo(input, 2 * sizeof(ulong));
        byte[] header = new byte[HeaderBytes];
        "FCPDONE1"u8.CopyTo(header);
        Blake3Hasher.Hash([], input, header.AsSpan(8));
        return header;
    }

    private static byte[] Check(ReadOnlySpan<byte> record)
    {
        byte[] check = new byte[CheckBytes];
        Blake3Hasher.Hash([], record, check);
        return check;
    }
}
