using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>One stream as it arrives over one session.</summary>
/// <remarks>
/// Threads: the owner of the session.
/// Source:  [REPLAY §1], [REPLAY §3] (this object is the state Open; its absence is Absent or Retired).
/// </remarks>
public sealed class Lane
{
    internal Lane(SenderInstanceId instance, ZoneIdHash zone, ReplayWindow window, long openedTicks)
    {
        Instance = instance;
        Zone = zone;
        Window = window;
        OpenedTicks = openedTicks;
    }

    /// <summary>The sender's instance.</summary>
    public SenderInstanceId Instance { get; }

    /// <summary>The zone of the frame that opened it; a hint for the idle rule only.</summary>
    public ZoneIdHash Zone { get; }

    /// <summary>When it was opened.</summary>
    public long OpenedTicks { get; }

    /// <summary>The zone key of the frame committed last.</summary>
    public ZoneKeyId ZoneKeyId { get; internal set; }

    /// <summary>When a frame was committed last.</summary>
    public long LastUsedTicks { get; internal set; }

    /// <summary>The content stream that its frames belong to, once that is proven; a shortcut for the receive path.</summary>
    public ContentStream? Stream { get; set; }

    /// <summary>The session peer itself has sealed them; known together with <see cref="Stream"/>.</summary>
    public bool IsDirect { get; set; }

    /// <summary>Whom the user of the table has bound the instance to; a shortcut for a relay.</summary>
    public object? Owner { get; set; }

    /// <summary>No number above this one is accepted; only of a lane that is kept over restarts it is not the last number of all.</summary>
    public ulong Ceiling { get; internal set; } = ulong.MaxValue;

    /// <summary>The ceiling that is durable or on its way to be.</summary>
    internal ulong Asked { get; set; } = ulong.MaxValue;

    /// <summary>The numbers accepted.</summary>
    public ReplayWindow Window { get; }
}
