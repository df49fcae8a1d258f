using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FcpFast.Protocol.Objects;

/// <summary>A set of the at most 256 symbols of a chunk, by value.</summary>
internal struct SymbolSet
{
    private const int BitsPerWord = 64;

    private Words _words;

    /// <summary>How many symbols.</summary>
    public readonly int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < Words.Length; i++) count += BitOperations.PopCount(_words[i]);
            return count;
        }
    }

    /// <summary>The first <paramref name="count"/> symbols.</summary>
    public static SymbolSet First(int count)
    {
        SymbolSet set = default;
        for (int i = 0; i < Words.Length; i++)
        {
            int bits = Math.Clamp(count - (i * BitsPerWord), 0, BitsPerWord);
            set._words[i] = bits == BitsPerWord ? ulong.MaxValue : (1ul << bits) - 1;
        }

        return set;
    }

    /// <summary>The symbols of a bitmap of at most 32 bytes.</summary>
    public static SymbolSet Read(in MissingSymbols symbols)
    {
        Span<byte> bitmap = stackalloc byte[ObjectLimits.EsiBitmapBytesMax];
        bitmap.Clear();
        symbols.CopyTo(bitmap);
        SymbolSet set = default;
        for (int i = 0; i < Words.Length; i++) set._words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bitmap[(i * sizeof(ulong))..]);
        return set;
    }

    /// <summary>Keeps what is in both sets.</summary>
    public readonly SymbolSet Intersect(in SymbolSet other)
    {
        SymbolSet set = default;
        for (int i = 0; i < Words.Length; i++) set._words[i] = _words[i] & other._words[i];
        return set;
    }

    /// <summary>Adds what is in another set.</summary>
    public void Add(in SymbolSet other)
    {
        for (int i = 0; i < Words.Length; i++) _words[i] |= other._words[i];
    }

    /// <summary>Adds one symbol.</summary>
    public void Add(int symbol) => _words[symbol / BitsPerWord] |= 1ul << (symbol % BitsPerWord);

    /// <summary>Removes one symbol.</summary>
    public void Remove(int symbol) => _words[symbol / BitsPerWord] &= ~(1ul << (symbol % BitsPerWord));

    /// <summary>The lowest symbol; -1 if the set is empty.</summary>
    public readonly int Lowest()
    {
        for (int i = 0; i < Words.Length; i++)
        {
            if (_words[i] != 0) return (i * BitsPerWord) + BitOperations.TrailingZeroCount(_words[i]);
        }

        return -1;
    }

    [InlineArray(Length)]
    private struct Words
    {
        public const int Length = 4;

        private ulong _first;
    }
}
