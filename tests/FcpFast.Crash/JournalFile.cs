using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace FcpFast.Crash;

/// <summary>Reads a journal of the tool and finds numbers that stand in it twice.</summary>
/// <remarks>Shape: records of 32 bytes as the tool's <c>FrameJournal</c> writes them; a torn last one is passed over.</remarks>
internal sealed class JournalFile
{
    private const int RecordBytes = 32;

    private readonly Dictionary<(char Kind, ulong Whose, ulong Instance), List<(ulong First, ulong Count)>> _streams = [];

    /// <summary>Reads a journal; an empty one if there is none.</summary>
    public static JournalFile Read(string path)
    {
        var journal = new JournalFile();
        if (!File.Exists(path)) return journal;
        byte[] bytes = File.ReadAllBytes(path);
        for (int at = 0; at + RecordBytes <= bytes.Length; at += RecordBytes) journal.Add(bytes.AsSpan(at, RecordBytes));
        return journal;
    }

    /// <summary>How many numbers of a kind there are.</summary>
    public long Count(char kind) => _streams.Where(stream => stream.Key.Kind == kind).Sum(static stream => stream.Value.Sum(static run => (long)run.Count));

    /// <summary>How many streams (of a session, of a source, of a zone key) there are.</summary>
    public int Streams(char kind) => _streams.Keys.Count(key => key.Kind == kind);

    /// <summary>How many numbers of a kind stand in it more than once.</summary>
    public long Repeats(char kind)
    {
        long repeats = 0;
        foreach (((char Kind, ulong, ulong) key, List<(ulong First, ulong Count)> runs) in _streams)
        {
            if (key.Kind != kind) continue;
            ulong end = 0;
            foreach ((ulong first, ulong count) in runs.OrderBy(static run => run.First).ThenBy(static run => run.Count))
            {
                if (first < end) repeats += (long)Math.Min(count, end - first);
                end = Math.Max(end, first + count);
            }
        }

        return repeats;
    }

    /// <summary>The most numbers in a row that are missing between two of a kind in one stream.</summary>
    public long WidestGap(char kind)
    {
        long widest = 0;
        foreach (((char Kind, ulong, ulong) key, List<(ulong First, ulong Count)> runs) in _streams)
        {
            if (key.Kind != kind) continue;
            ulong end = ulong.MaxValue;
            foreach ((ulong first, ulong count) in runs.OrderBy(static run => run.First))
            {
                if (first > end) widest = Math.Max(widest, (long)(first - end));
                end = end == ulong.MaxValue ? first + count : Math.Max(end, first + count);
            }
        }

        return widest;
    }

    private void Add(ReadOnlySpan<byte> record)
    {
        char kind = (char)record[0];
        if (kind is not ('A' or 'O' or 'S')) throw new InvalidDataException($"a journal holds a record of kind {record[0]}");
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
        ulong whose = BinaryPrimitives.ReadUInt64LittleEndian(record[8..]), instance = BinaryPrimitives.ReadUInt64LittleEndian(record[16..]);
        if (!_streams.TryGetValue((kind, whose, instance), out List<(ulong, ulong)>? runs)) _streams[(kind, whose, instance)] = runs = [];
        runs.Add((BinaryPrimitives.ReadUInt64LittleEndian(record[24..]), count));
    }
}
