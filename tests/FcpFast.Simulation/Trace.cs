using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FcpFast.Simulation;

/// <summary>What has happened in a world: a hash over all of it, and the last entries as text for a failure.</summary>
public sealed class Trace
{
    private const int TailEntries = 200;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Entry[] _tail = new Entry[TailEntries];

    /// <summary>How much has happened.</summary>
    public long Count { get; private set; }

    /// <summary>Notes something.</summary>
    /// <param name="ticks">When.</param>
    /// <param name="kind">What, in a word.</param>
    /// <param name="who">To whom or where.</param>
    /// <param name="number">Which one.</param>
    /// <param name="bytes">With what content.</param>
    public void Add(long ticks, string kind, string who, long number = 0, ReadOnlySpan<byte> bytes = default)
    {
        Span<byte> head = stackalloc byte[3 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(head, ticks);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], number);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], bytes.Length);
        _hash.AppendData(head);
        Append(kind);
        Append(who);
        _hash.AppendData(bytes);
        _tail[Count % TailEntries] = new Entry(ticks, kind, who, number, bytes.Length);
        Count++;
    }

    /// <summary>The hash of everything so far, in hex.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>The last entries, oldest first.</summary>
    public string Tail()
    {
        var text = new StringBuilder();
        for (long i = Math.Max(0, Count - TailEntries); i < Count; i++)
        {
            Entry entry = _tail[i % TailEntries];
            text.Append(CultureInfo.InvariantCulture, $"{entry.Ticks / 10_000.0,12:F4} ms  {entry.Kind,-10} {entry.Who} #{entry.Number} {entry.Bytes} B\n");
        }

        return text.ToString();
    }

    private void Append(string word)
    {
        Span<byte> letters = stackalloc byte[256];
        int count = Encoding.UTF8.GetBytes(word, letters);
        letters[count] = 0;
        _hash.AppendData(letters[..(count + 1)]);
    }

    private readonly record struct Entry(long Ticks, string Kind, string Who, long Number, int Bytes);
}
