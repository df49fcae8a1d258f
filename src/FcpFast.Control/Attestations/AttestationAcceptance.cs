using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Attestations;

/// <summary>Decides whether an attestation counts.</summary>
/// <remarks>
/// Errors:  section 3's, <c>InvalidAttestation</c>, <c>AttestationExpired</c>, <c>AttestationVerifyFailed</c>; in the order of the specification.
/// Threads: a pure function.
/// Source:  [WIRE §15].
/// </remarks>
public static class AttestationAcceptance
{
    private const ulong SkewSeconds = 120;

    /// <summary>Judges an attestation as it came.</summary>
    /// <param name="bytes">The record.</param>
    /// <param name="owner">The configured owner.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="signatures">Ed25519.</param>
    /// <param name="attestation">The attestation if it counts, else null.</param>
    public static FcpStatus Judge(
        ReadOnlySpan<byte> bytes, PublicKey owner, ulong nowUnixSeconds, ISignatures signatures, out NodeKeyAttestation? attestation)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        attestation = null;
        FcpStatus status = NodeKeyAttestation.Parse(bytes, out NodeKeyAttestation? parsed);
        if (status != FcpStatus.Accepted) return status;
        status = JudgeParsed(parsed!, owner, nowUnixSeconds, signatures);
        if (status == FcpStatus.Accepted) attestation = parsed;
        return status;
    }

    /// <summary>Judges the present validity of an attestation that was accepted before.</summary>
    /// <remarks>Errors: <c>AttestationExpired</c>.</remarks>
    public static FcpStatus JudgeExpiry(NodeKeyAttestation attestation, ulong nowUnixSeconds)
    {
        ArgumentNullException.ThrowIfNull(attestation);
        return attestation.ExpiresAtUnixSeconds > nowUnixSeconds ? FcpStatus.Accepted : FcpStatus.AttestationExpired;
    }

    private static FcpStatus JudgeParsed(NodeKeyAttestation attestation, PublicKey owner, ulong nowUnixSeconds, ISignatures signatures)
    {
        if (attestation.Owner != owner || attestation.SignerKeyId != owner.ComputeKeyId()) return FcpStatus.InvalidAttestation;
        if (!attestation.Draft.HasValidLife) return FcpStatus.InvalidAttestation;
        ulong issuedAt = attestation.IssuedAtUnixSeconds;
        if (issuedAt > nowUnixSeconds && issuedAt - nowUnixSeconds > SkewSeconds) return FcpStatus.InvalidAttestation;
        if (JudgeExpiry(attestation, nowUnixSeconds) != FcpStatus.Accepted) return FcpStatus.AttestationExpired;
        Span<byte> ownerBytes = stackalloc byte[PublicKey.Length];
        owner.Value.Write(ownerBytes);
        if (!signatures.Verify(ownerBytes, attestation.SigningBytes(), attestation.Signature.Span)
            || !signatures.Verify(ownerBytes, attestation.FullSigningBytes(), attestation.FullSignature.Span))
        {
            return FcpStatus.AttestationVerifyFailed;
        }

        return attestation.Draft.HasValidKeys ? FcpStatus.Accepted : FcpStatus.InvalidAttestation;
    }
}
