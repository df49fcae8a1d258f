using System;
using FcpFast.Control.Attestations;
using FcpFast.Mls;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <summary>The members of a zone's group show the owner's attestations as their credentials.</summary>
/// <remarks>
/// Errors:  an attestation that does not count now vouches for nobody, also not for a member of long standing whom a joiner sees in the tree.
/// Threads: stateless but for the clock.
/// Source:  [WIRE §14], [WIRE §15].
/// </remarks>
internal sealed class ZoneCredentials(PublicKey owner, ISignatures signatures, TimeProvider time) : IMlsCredentials
{
    public bool Vouches(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signatureKey)
    {
        ulong now = (ulong)Math.Max(0, time.GetUtcNow().ToUnixTimeSeconds());
        FcpStatus status = AttestationAcceptance.Judge(identity, owner, now, signatures, out NodeKeyAttestation? attestation);
        return status == FcpStatus.Accepted && attestation!.Keys.Signing == PublicKey.Read(signatureKey);
    }

    /// <summary>The node id; bytes that are no attestation stand for themselves.</summary>
    public ReadOnlyMemory<byte> ClientOf(ReadOnlyMemory<byte> identity)
    {
        if (NodeOf(identity.Span) is not { } node) return identity;
        byte[] name = new byte[NodeId.MaxBytes];
        return name.AsMemory(0, node.Write(name));
    }

    /// <summary>The node that an identity is of; null if it is no attestation.</summary>
    public static NodeId? NodeOf(ReadOnlySpan<byte> identity) =>
        NodeKeyAttestation.Parse(identity, out NodeKeyAttestation? attestation) == FcpStatus.Accepted ? attestation!.Node : null;
}
