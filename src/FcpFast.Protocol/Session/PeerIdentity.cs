using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>What is on file of a peer: the part of its attestation that a handshake needs.</summary>
/// <param name="NodeId">Its id.</param>
/// <param name="SigningKey">Its attested signing key.</param>
/// <param name="Attestation">What became of the attestation when it was filed: <c>Accepted</c>, or why it does not count.</param>
/// <param name="ExpiresAtUnixSeconds">When the attestation ends.</param>
/// <param name="IsRelay">True if the owner has attested it as a relay (<see cref="RelayTag"/>).</param>
/// <remarks>Source: [WIRE §15], [WIRE §7.5].</remarks>
public sealed record PeerIdentity(NodeId NodeId, PublicKey SigningKey, FcpStatus Attestation, ulong ExpiresAtUnixSeconds, bool IsRelay = false)
{
    /// <summary>The tag by which an owner attests a relay: a node that passes on frames of others without keys of their zones.</summary>
    public const string RelayTag = "tag:fcpfast-relay";

    /// <summary>Judges the attestation at a moment: what it was filed with, else <c>AttestationExpired</c> once it has ended.</summary>
    public FcpStatus Judge(ulong nowUnixSeconds)
    {
        if (Attestation != FcpStatus.Accepted) return Attestation;
        return ExpiresAtUnixSeconds > nowUnixSeconds ? FcpStatus.Accepted : FcpStatus.AttestationExpired;
    }
}
