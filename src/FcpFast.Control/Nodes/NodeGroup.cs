using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Control.Groups;
using FcpFast.Control.Store;
using FcpFast.Mls;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Nodes;

/// <summary>A node's part in the group of one MLS zone.</summary>
/// <param name="zone">The zone.</param>
internal sealed class NodeGroup(ZoneId zone) : IDisposable
{
    /// <summary>Commits that a member may make in one epoch; an honest one makes one.</summary>
    public const int CommitsOfMemberMax = 8;

    private readonly Dictionary<NodeId, int> _counted = [];
    private ulong _countedEpoch;

    public ZoneId Zone { get; } = zone;

    public GroupSlot Slot { get; } = new();

    /// <summary>The group; null if this node is in none, or its record waits for this node's attestation.</summary>
    public ZoneGroup? Group { get; set; }

    /// <summary>True if there is a record that could not be taken up yet.</summary>
    public bool AwaitsAttestation { get; init; }

    /// <summary>The key package that is offered; null if none is.</summary>
    public MlsKeyPackage? Offered { get; set; }

    public ulong OfferedAtUnixSeconds { get; set; }

    /// <summary>Grants not used yet, by serial.</summary>
    public ImmutableArray<HeldGrant> Grants { get; set; } = [];

    /// <summary>How much later than it must this node asks for fresh keys, so that not all ask at once.</summary>
    public ulong JitterSeconds { get; init; }

    /// <summary>Since when a manifest waits for messages that are not here; 0 if none does.</summary>
    public ulong BehindSinceUnixSeconds { get; set; }

    /// <summary>In which epoch a member's healing was ordered last, as far as this start of the node knows: who has waited longest goes first.</summary>
    public Dictionary<NodeId, ulong> OrderedIn { get; } = [];

    /// <summary>The group if this node is in it.</summary>
    public ZoneGroup? Open => Group is { IsOpen: true } ? Group : null;

    /// <summary>Counts one more commit of a member in an epoch; false if it has made too many.</summary>
    public bool TryCount(NodeId maker, ulong epoch)
    {
        if (epoch != _countedEpoch) _counted.Clear();
        _countedEpoch = epoch;
        int count = _counted.GetValueOrDefault(maker);
        _counted[maker] = count + 1;
        return count < CommitsOfMemberMax;
    }

    public void Dispose()
    {
        Slot.Clear();
        Group?.Dispose();
        Offered?.Dispose();
    }
}
