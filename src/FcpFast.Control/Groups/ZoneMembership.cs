using System;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <summary>A node's place in an MLS zone: what it brings to the zone's group.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="Attestation">The owner's word for this node; its credential.</param>
/// <param name="Keys">The node's keys; alive as long as the group.</param>
/// <param name="Crypto">The seams.</param>
/// <param name="Time">The clock.</param>
/// <remarks>Source: [WIRE §14].</remarks>
public sealed record ZoneMembership(
    ZoneId Zone, PublicKey Owner, NodeKeyAttestation Attestation, NodeKeys Keys, CryptoProvider Crypto, TimeProvider Time)
{
    /// <summary>Whether the profile demands that every epoch heals.</summary>
    public bool RequirePcs { get; init; }

    /// <summary>How long an epoch may last, of the profile.</summary>
    public ulong MaxEpochSeconds { get; init; } = 86_400;

    /// <summary>How long a key package or a leaf that was never replaced counts; attestations end earlier.</summary>
    public ulong LeafSecondsMax { get; init; } = 31 * 24 * 3600;

    internal ulong NowSeconds => (ulong)Math.Max(0, Time.GetUtcNow().ToUnixTimeSeconds());
}
