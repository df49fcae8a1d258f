using System;
using System.Collections.Immutable;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Attestations;

/// <summary>The attestations on file, one a node: the newest that counts.</summary>
/// <remarks>
/// Shape:   an immutable value of at most <see cref="NodesMax"/> nodes.
/// Source:  [WIRE §7.5], [WIRE §15]; that a newer record replaces and an older never does is FcpFast's: the specification orders them only
///          by their life, and an old record would bring back old keys.
/// </remarks>
public sealed record AttestationDirectory
{
    /// <summary>Nodes on file; one more is refused as <c>PeerTableFull</c>.</summary>
    public const int NodesMax = 65_536;

    /// <summary>Nobody on file.</summary>
    public static AttestationDirectory Empty { get; } = new();

    /// <summary>The attestations by node.</summary>
    public ImmutableDictionary<NodeId, NodeKeyAttestation> Nodes { get; init; } = ImmutableDictionary<NodeId, NodeKeyAttestation>.Empty;

    /// <summary>Judges an attestation and files it.</summary>
    /// <param name="bytes">The record.</param>
    /// <param name="owner">The configured owner.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="signatures">Ed25519.</param>
    /// <param name="after">The directory after; the very same value if nothing changed.</param>
    /// <remarks>
    /// Errors: those of <see cref="AttestationAcceptance.Judge"/>, then <c>InvalidAttestation</c> for one that was issued no later than the one on
    ///         file and is another, and <c>PeerTableFull</c>.
    /// </remarks>
    public FcpStatus File(
        ReadOnlySpan<byte> bytes, PublicKey owner, ulong nowUnixSeconds, ISignatures signatures, out AttestationDirectory after)
    {
        after = this;
        FcpStatus status = AttestationAcceptance.Judge(bytes, owner, nowUnixSeconds, signatures, out NodeKeyAttestation? attestation);
        if (status != FcpStatus.Accepted) return status;
        if (Nodes.TryGetValue(attestation!.Node, out NodeKeyAttestation? onFile))
        {
            if (onFile.Encoded.Span.SequenceEqual(attestation.Encoded.Span)) return FcpStatus.Accepted;
            if (onFile.IssuedAtUnixSeconds >= attestation.IssuedAtUnixSeconds) return FcpStatus.InvalidAttestation;
        }
        else if (Nodes.Count >= NodesMax)
        {
            return FcpStatus.PeerTableFull;
        }

        after = this with { Nodes = Nodes.SetItem(attestation.Node, attestation) };
        return FcpStatus.Accepted;
    }

    /// <summary>The attestation of a node if it counts now.</summary>
    /// <remarks>Errors: <c>AttestationNodeMismatch</c> without one on file, <c>AttestationExpired</c>. Source: [WIRE §7.5].</remarks>
    public FcpStatus Find(NodeId node, ulong nowUnixSeconds, out NodeKeyAttestation? attestation)
    {
        if (!Nodes.TryGetValue(node, out attestation)) return FcpStatus.AttestationNodeMismatch;
        FcpStatus status = AttestationAcceptance.JudgeExpiry(attestation, nowUnixSeconds);
        if (status != FcpStatus.Accepted) attestation = null;
        return status;
    }
}
