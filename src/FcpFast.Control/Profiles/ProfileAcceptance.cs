using System;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Profiles;

/// <summary>Decides whether a profile comes into force.</summary>
/// <remarks>
/// Errors:  those of <see cref="ZoneSecurityProfile.Parse"/>, then <c>SchemaMismatch</c>, <c>ZoneIdMismatch</c>, <c>InvalidSignature</c>,
///          <c>ProfileRollback</c>, <c>ProfileEquivocation</c>, <c>Downgrade</c>.
/// Threads: a pure function.
/// Source:  [WIRE §14].
/// </remarks>
public static class ProfileAcceptance
{
    /// <summary>Judges a profile against the ones held.</summary>
    /// <param name="bytes">As it came.</param>
    /// <param name="zone">The zone expected.</param>
    /// <param name="owner">The zone's owner.</param>
    /// <param name="history">The profiles held.</param>
    /// <param name="signatures">Ed25519.</param>
    public static ProfileOutcome Judge(ReadOnlySpan<byte> bytes, ZoneId zone, PublicKey owner, ProfileHistory history, ISignatures signatures)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(signatures);
        FcpStatus status = ZoneSecurityProfile.Parse(bytes, out ZoneSecurityProfile? profile);
        if (status != FcpStatus.Accepted) return new ProfileOutcome(status, history, null, false);
        if (profile!.Header.Schema != Schemas.ZoneSecurityProfile) return new ProfileOutcome(FcpStatus.SchemaMismatch, history, null, false);
        if (profile.Zone != profile.Header.Zone || profile.Zone != zone) return new ProfileOutcome(FcpStatus.ZoneIdMismatch, history, null, false);
        byte[] signingBytes = profile.SigningBytes();
        if (!profile.Signature.Verifies(signatures, owner, signingBytes))
        {
            return new ProfileOutcome(FcpStatus.InvalidSignature, history, null, false);
        }

        ContentDigest content = ContentDigest.Of(signingBytes);
        if (history.InForce is { } held)
        {
            if (content == held.Content)
            {
                return new ProfileOutcome(FcpStatus.Accepted, history.WithName(profile.Digest, content), profile, false);
            }

            if (profile.Revision < held.Revision) return new ProfileOutcome(FcpStatus.ProfileRollback, history, profile, false);
            if (profile.Revision == held.Revision) return new ProfileOutcome(FcpStatus.ProfileEquivocation, history, profile, false);
            bool isNamed = profile.DowngradeOf is { } weakened && history.NamesInForce(weakened);
            if (profile.Terms.AreWeakerThan(held.Terms) && !isNamed) return new ProfileOutcome(FcpStatus.Downgrade, history, profile, false);
        }

        var accepted = new HeldProfile(profile.Digest, content, profile.Revision, profile.Terms, profile.Coordinator);
        return new ProfileOutcome(FcpStatus.Accepted, history.With(accepted), profile, true);
    }
}
