using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Objects;

/// <summary>The ESIs that a receiver says it misses: a list that was read, or the caller's own.</summary>
/// <remarks>
/// Shape:  a view; absent and empty are two encodings of no entries. What was read holds u32 numbers only, but any number of them
///         until <see cref="Check"/> has passed.
/// Source: [WIRE §16], [WIRE §16.5].
/// </remarks>
public readonly ref struct MissingHint
{
    private readonly ReadOnlySpan<uint> _esis;
    private readonly CborArrayReader _entries;

    /// <summary>The caller's list.</summary>
    public MissingHint(ReadOnlySpan<uint> esis)
    {
        _esis = esis;
        Count = esis.Length;
        IsPresent = true;
    }

    private MissingHint(CborArrayReader entries)
    {
        _entries = entries;
        Count = entries.Count;
        IsPresent = true;
    }

    /// <summary>False if the field is absent.</summary>
    public bool IsPresent { get; }

    /// <summary>How many entries; none if absent.</summary>
    public int Count { get; }

    /// <summary>Judges a hint before anything is done for it.</summary>
    /// <remarks>
    /// Errors: <c>HintTooLarge</c>; <c>InvalidRequest</c> for entries that do not rise or reach 2^24.
    /// Cost:   no allocation.
    /// </remarks>
    public FcpStatus Check()
    {
        if (Count > ObjectLimits.HintEntriesMax) return FcpStatus.HintTooLarge;
        Span<uint> esis = stackalloc uint[ObjectLimits.HintEntriesMax];
        esis = esis[..CopyTo(esis)];
        for (int i = 0; i < esis.Length; i++)
        {
            if (esis[i] >= WireLimits.EsiLimit || (i > 0 && esis[i] <= esis[i - 1])) return FcpStatus.InvalidRequest;
        }

        return FcpStatus.Accepted;
    }

    /// <summary>Copies the entries and returns how many.</summary>
    /// <param name="destination">Holds <see cref="Count"/>, which a peer decides until <see cref="Check"/> has passed.</param>
    public int CopyTo(Span<uint> destination)
    {
        _esis.CopyTo(destination);
        CborArrayReader entries = _entries;
        for (int i = 0; entries.TryRead(out CborItem item); i++)
        {
            item.TryGetUnsigned(uint.MaxValue, out destination[i]); // proven when the map was read
        }

        return Count;
    }

    /// <summary>Reads the optional field; entries that are no u32 fail the map.</summary>
    internal static MissingHint Read(scoped ref CborMapReader map)
    {
        if (!map.TryField("missing_hint"u8, out CborItem item)) return default;
        bool right = item.TryGetArray(out CborArrayReader entries);
        CborArrayReader checking = entries;
        while (right && checking.TryRead(out CborItem entry)) right = entry.TryGetUnsigned(uint.MaxValue, out _);
        if (right) return new MissingHint(entries);
        map.Fail(FcpStatus.CborDeserialize);
        return default;
    }

    /// <summary>Writes the field, if it is present.</summary>
    internal void WriteField(CborWriter writer)
    {
        if (!IsPresent) return;
        writer.Key("missing_hint"u8);
        writer.BeginArray(Count);
        foreach (uint esi in _esis) writer.Unsigned(esi);
        CborArrayReader entries = _entries;
        while (entries.TryRead(out CborItem item)) writer.Raw(item.Encoded);
    }

    /// <summary>Writes count and entries as transcripts hold them.</summary>
    internal void WriteTranscript(CborWriter writer)
    {
        TranscriptIntegers.U32(writer, (uint)Count);
        foreach (uint esi in _esis) TranscriptIntegers.U32(writer, esi);
        CborArrayReader entries = _entries;
        while (entries.TryRead(out CborItem item))
        {
            item.TryGetUnsigned(uint.MaxValue, out uint esi); // proven when the map was read
            TranscriptIntegers.U32(writer, esi);
        }
    }
}
