namespace FcpFast.Simulation.Links;

/// <summary>What a link was given, what its rules did, and what has arrived.</summary>
/// <remarks>
/// Shape: Sent + Copied = Dropped + Unreached + (arrived and neither injected) + what is still on its way; nothing is counted twice in one column.
/// </remarks>
public sealed class LinkTally
{
    /// <summary>Packets that the sender gave.</summary>
    public long Sent { get; internal set; }

    /// <summary>Packets that an actor put onto the link.</summary>
    public long Injected { get; internal set; }

    /// <summary>Packets that a rule lost, copies included.</summary>
    public long Dropped { get; internal set; }

    /// <summary>Packets that a rule made beside others.</summary>
    public long Copied { get; internal set; }

    /// <summary>Packets whose content a rule changed.</summary>
    public long Corrupted { get; internal set; }

    /// <summary>Packets that a rule let be overtaken.</summary>
    public long Held { get; internal set; }

    /// <summary>Packets that came to a host that was down.</summary>
    public long Unreached { get; internal set; }

    /// <summary>Packets that have arrived.</summary>
    public long Arrived { get; internal set; }

    /// <summary>Of those, the ones that a rule has changed.</summary>
    public long ArrivedCorrupted { get; internal set; }

    /// <summary>Of those, the ones that were injected.</summary>
    public long ArrivedInjected { get; internal set; }
}
