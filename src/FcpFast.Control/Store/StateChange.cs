using System.Collections.Immutable;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Revocations;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>One accepted thing, with all that follows from it: state, history, evidence and keys together.</summary>
/// <remarks>Shape: what is null or empty stays as it is.</remarks>
public sealed record StateChange
{
    /// <summary>Zones that change.</summary>
    public ImmutableArray<ZoneChange> Zones { get; init; } = [];

    /// <summary>Attestations to file.</summary>
    public ImmutableArray<NodeKeyAttestation> Attestations { get; init; } = [];

    /// <summary>Nodes whose attestation is no longer kept.</summary>
    public ImmutableArray<NodeId> ForgottenNodes { get; init; } = [];

    /// <summary>The revocations from now on.</summary>
    public RevocationHistory? Revocations { get; init; }

    /// <summary>Statements of generations to keep.</summary>
    public ImmutableArray<GenerationStatement> Statements { get; init; } = [];

    /// <summary>Groups of MLS zones that change.</summary>
    public ImmutableArray<GroupChange> Groups { get; init; } = [];

    /// <summary>The node's keys from now on.</summary>
    public NodeKeys? Keys { get; init; }

    /// <summary>When the present encryption key came to be used; looked at with <see cref="Keys"/> only.</summary>
    public ulong EncryptionSinceUnixSeconds { get; init; }
}
