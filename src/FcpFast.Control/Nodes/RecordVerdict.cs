using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Nodes;

/// <summary>What became of a record.</summary>
/// <param name="Status"><c>Accepted</c>, or the first check that failed.</param>
public readonly record struct RecordVerdict(FcpStatus Status)
{
    /// <summary>True if it changed what is stored, be it by evidence only: others are to hear of it.</summary>
    public bool IsNews { get; init; }

    /// <summary>The zone whose history or keys changed, or about which is to be asked; empty if none.</summary>
    public ZoneId Zone { get; init; }

    /// <summary>True if what comes before it is missing here: ask for it.</summary>
    public bool IsBehind { get; init; }

    /// <summary>True if whom this node takes in may have changed.</summary>
    public bool ChangesPeers { get; init; }

    /// <summary>True if nobody here can tell yet who made it, or whether it is anything at all.</summary>
    public bool IsUnproven { get; init; }

    /// <summary>What an operator must hear of; <see cref="NodeAlarmKind.None"/> if nothing.</summary>
    public NodeAlarmKind Alarm { get; init; }
}
