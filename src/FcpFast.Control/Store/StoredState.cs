using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Revocations;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>All that a store holds, as it is needed to go on.</summary>
/// <remarks>Shape: owns the keys in it; disposing erases them.</remarks>
public sealed record StoredState : IDisposable
{
    /// <summary>Whose state it is.</summary>
    public required StoreIdentity Identity { get; init; }

    /// <summary>The node's keys; null in an owner's store.</summary>
    public NodeKeys? Keys { get; init; }

    /// <summary>When the present encryption key came to be used; 0 in an owner's store.</summary>
    public ulong EncryptionSinceUnixSeconds { get; init; }

    /// <summary>Which start of the store this is; 0 before the first.</summary>
    public ulong Generation { get; init; }

    /// <summary>What was known at that start.</summary>
    public StartMark LastStart { get; init; }

    /// <summary>The attestations on file.</summary>
    public AttestationDirectory Attestations { get; init; } = AttestationDirectory.Empty;

    /// <summary>The owner's revocations.</summary>
    public RevocationHistory Revocations { get; init; } = RevocationHistory.Empty;

    /// <summary>The zones.</summary>
    public IReadOnlyList<StoredZone> Zones { get; init; } = [];

    /// <summary>The groups of MLS zones.</summary>
    public IReadOnlyList<StoredGroup> Groups { get; init; } = [];

    /// <summary>The highest statement of each peer's generation.</summary>
    public ImmutableDictionary<NodeId, GenerationStatement> Statements { get; init; } = ImmutableDictionary<NodeId, GenerationStatement>.Empty;

    /// <summary>Erases the keys.</summary>
    public void Dispose()
    {
        Keys?.Dispose();
        foreach (StoredZone zone in Zones) zone.Ring.Dispose();
        foreach (StoredGroup group in Groups) group.Dispose();
    }
}
