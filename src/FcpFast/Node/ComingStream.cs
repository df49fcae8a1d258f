using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Node;

/// <summary>A stream that was drawn for one peer under a zone key to which the change is still to come.</summary>
/// <param name="stream">The stream; nothing is sealed in it before it takes the place of the one before.</param>
/// <param name="readyTicks">When its receivers count as ready without a word of theirs; never for a peer that answers.</param>
/// <remarks>Threads: the shard's thread. Source: [REPLAY §6.1], [WIRE §12.3].</remarks>
internal sealed class ComingStream(SealingStream stream, long readyTicks)
{
    private long _readyTicks = readyTicks;
    private long _nextNoticeTicks = long.MinValue;

    public SealingStream Stream { get; } = stream;

    public bool IsReady(Instant now) => now.Ticks >= _readyTicks;

    /// <summary>True if the peer is to be told now: at first, and again while it has not answered.</summary>
    public bool IsNoticeDue(Instant now) => _readyTicks == long.MaxValue && now.Ticks >= _nextNoticeTicks;

    public void NoticeSent(Instant now) => _nextNoticeTicks = now.Ticks + LinkRules.NoticeRepeatTicks;

    /// <summary>The peer has answered.</summary>
    public void Ready() => _readyTicks = long.MinValue;
}
