using System;

namespace FcpFast.Protocol.Cbor;

/// <summary>Goes through the entries of a validated array.</summary>
public ref struct CborArrayReader
{
    private ReadOnlySpan<byte> _rest;

    internal CborArrayReader(ReadOnlySpan<byte> entries, int count)
    {
        _rest = entries;
        Count = count;
    }

    /// <summary>Entries not yet read.</summary>
    public int Count { get; private set; }

    /// <summary>Reads the next entry; false after the last.</summary>
    public bool TryRead(out CborItem item)
    {
        if (Count == 0)
        {
            item = default;
            return false;
        }

        item = CborItem.Take(ref _rest);
        Count--;
        return true;
    }
}
