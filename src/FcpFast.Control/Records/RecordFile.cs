using System;
using System.Collections.Generic;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Records;

/// <summary>Records in a file, to be carried: a CBOR sequence of byte strings, each one payload.</summary>
/// <remarks>
/// Shape:  at most <see cref="FileBytesMax"/> and <see cref="RecordsMax"/>; nothing in it is secret, and nothing is believed because it stands there.
/// Source: [RFC 8742 §2]; README.md of this project.
/// </remarks>
public static class RecordFile
{
    /// <summary>The name's ending by custom.</summary>
    public const string Extension = ".fcp";

    /// <summary>The longest file.</summary>
    public const int FileBytesMax = 256 * 1024 * 1024;

    /// <summary>Records in one file.</summary>
    public const int RecordsMax = 65_536;

    /// <summary>Writes records.</summary>
    public static byte[] Write(IEnumerable<ControlRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var writer = new CborWriter(4096);
        foreach (ControlRecord record in records) writer.Bytes(record.Payload.Span);
        return writer.ToArray();
    }

    /// <summary>Reads records; all or none.</summary>
    /// <remarks>Errors: <c>PayloadTooLarge</c>, those of section 3, <c>CborDeserialize</c> for anything that is no byte string, and those of <see cref="ControlRecord.Parse"/>.</remarks>
    public static FcpStatus Read(ReadOnlyMemory<byte> file, out IReadOnlyList<ControlRecord> records)
    {
        records = [];
        if (file.Length > FileBytesMax) return FcpStatus.PayloadTooLarge;
        var read = new List<ControlRecord>();
        while (!file.IsEmpty)
        {
            if (read.Count == RecordsMax) return FcpStatus.PayloadTooLarge;
            FcpStatus status = CanonicalCbor.ValidateFirst(file.Span, ControlRecord.PayloadBytesMax, out int itemBytes);
            if (status != FcpStatus.Accepted) return status;
            var item = new CborItem(file.Span[..itemBytes]);
            if (!item.TryGetBytes(out ReadOnlySpan<byte> payload)) return FcpStatus.CborDeserialize;
            status = ControlRecord.Parse(file.Slice(itemBytes - payload.Length, payload.Length), out ControlRecord record);
            if (status != FcpStatus.Accepted) return status;
            read.Add(record);
            file = file[itemBytes..];
        }

        records = read;
        return FcpStatus.Accepted;
    }
}
