using System;
using System.Collections.Immutable;
using FcpFast.Control.Groups;
using FcpFast.Mls;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>What becomes of a zone's group in a change, in one transaction with the manifest and the keys that belong to it.</summary>
/// <param name="Zone">The zone.</param>
/// <remarks>Shape: what is null or empty stays as it is. Source: [WIRE §14].</remarks>
public sealed record GroupChange(ZoneId Zone)
{
    /// <summary>The group's record from now on, in the clear; empty erases it, null leaves it. Stays the caller's, who erases it.</summary>
    public ReadOnlyMemory<byte>? Record { get; init; }

    /// <summary>The key package that this node offers from now on. Stays the caller's.</summary>
    public MlsKeyPackage? Offered { get; init; }

    /// <summary>When it was made.</summary>
    public ulong OfferedAtUnixSeconds { get; init; }

    /// <summary>True if the key package that was offered is used up, or of no use: its secrets are erased.</summary>
    public bool ForgetsOffered { get; init; }

    /// <summary>Messages to keep for others and for later.</summary>
    public ImmutableArray<GroupMessage> Messages { get; init; } = [];

    /// <summary>Whose key package is among the messages; empty if none is. It replaces the node's earlier one.</summary>
    public NodeId Offerer { get; init; }

    /// <summary>Whose share the messages take: the member that made them, where that is verified, else the peer that sent them; empty for those of this node's own.</summary>
    public NodeId Source { get; init; }

    /// <summary>Messages that a manifest names now: they take nobody's share any more.</summary>
    public ImmutableArray<ObjectId> Ordered { get; init; } = [];

    /// <summary>A node that was added: its key package is used up, and is not taken again.</summary>
    public NodeId Added { get; init; }

    /// <summary>Grants of the owner to keep.</summary>
    public ImmutableArray<HeldGrant> Grants { get; init; } = [];

    /// <summary>Grants up to this serial are used or have lapsed, and go.</summary>
    public ulong GrantsDoneTo { get; init; }
}
