using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>One source's stream under one zone key, whatever sessions and paths it comes by: its content windows.</summary>
/// <remarks>
/// Shape:   one window for symbols and one for zone-sealed bodies, each made at its first commit.
/// Threads: the owner of its <see cref="ContentWindows"/>.
/// Source:  [REPLAY §2.9], [WIRE §16.8].
/// </remarks>
public sealed class ContentStream
{
    internal ContentStream(ContentStreamId id) => Id = id;

    /// <summary>Which stream.</summary>
    public ContentStreamId Id { get; }

    /// <summary>When something of it was opened last.</summary>
    public long LastUsedTicks { get; internal set; }

    internal ReplayWindow? Symbols { get; set; }

    internal ReplayWindow? Bodies { get; set; }

    internal bool IsKept { get; set; }

    /// <summary>Judges the number of a frame of symbols, read-only.</summary>
    public ReplayVerdict CheckSymbols(FrameSeq seq) => Check(Symbols, seq);

    /// <summary>Judges the number of a zone-sealed body, read-only.</summary>
    public ReplayVerdict CheckBodies(FrameSeq seq) => Check(Bodies, seq);

    private static ReplayVerdict Check(ReplayWindow? window, FrameSeq seq) =>
        window?.Check(seq) ?? (seq.Value == 0 ? ReplayVerdict.Zero : ReplayVerdict.Fresh);
}
