using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>One source's stream under one zone key, whatever sessions and paths it comes by: its content windows.</summary>
/// <remarks>
/// Shape:   one window for symbols and one for zone-sealed bodies, each made at its first commit; after a start both begin at their fences.
/// Threads: the owner of its <see cref="ContentWindows"/>.
/// Source:  [REPLAY §2.9], [REPLAY §6.1], [WIRE §16.8].
/// </remarks>
public sealed class ContentStream
{
    internal ContentStream(ContentStreamId id)
    {
        Id = id;
        Durable = Asked = new ContentRecord(id, IsDirect: false, 0, 0);
    }

    /// <summary>A stream that a process before this one may have opened up to the ceilings of its record.</summary>
    internal ContentStream(in ContentRecord restored)
    {
        Id = restored.Stream;
        Durable = Asked = restored;
        IsAsked = true;
        SymbolsFence = new FrameSeq(restored.SymbolsCeiling);
        BodiesFence = new FrameSeq(restored.BodiesCeiling);
    }

    /// <summary>Which stream.</summary>
    public ContentStreamId Id { get; }

    /// <summary>When something of it was opened last.</summary>
    public long LastUsedTicks { get; internal set; }

    internal ReplayWindow? Symbols { get; set; }

    internal ReplayWindow? Bodies { get; set; }

    internal FrameSeq SymbolsFence { get; }

    internal FrameSeq BodiesFence { get; }

    /// <summary>What a crash cannot take back.</summary>
    internal ContentRecord Durable { get; set; }

    /// <summary>What is durable or on its way to be.</summary>
    internal ContentRecord Asked { get; set; }

    internal bool IsAsked { get; set; }

    internal bool IsKept { get; set; }

    /// <summary>True if it was announced, and nothing of it has come.</summary>
    internal bool IsExpected { get => field && Symbols is null && Bodies is null; set; }

    /// <summary>Judges the number of a frame of symbols, read-only.</summary>
    public ReplayVerdict CheckSymbols(FrameSeq seq) => Check(Symbols, SymbolsFence, seq);

    /// <summary>Judges the number of a zone-sealed body, read-only.</summary>
    public ReplayVerdict CheckBodies(FrameSeq seq) => Check(Bodies, BodiesFence, seq);

    private static ReplayVerdict Check(ReplayWindow? window, FrameSeq fence, FrameSeq seq)
    {
        if (window is not null) return window.Check(seq);
        if (seq.Value == 0) return ReplayVerdict.Zero;
        return seq.Value <= fence.Value ? ReplayVerdict.TooOld : ReplayVerdict.Fresh;
    }
}
