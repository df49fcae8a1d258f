using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Control.Owners;

/// <summary>How an owner sets a zone up.</summary>
/// <param name="Algorithm">The AEAD of its keys.</param>
/// <param name="Policy">How it turns its keys.</param>
/// <param name="Security">What it demands; null for a zone without a profile.</param>
public sealed record ZoneTerms(AeadAlgorithm Algorithm, RekeyPolicy Policy, SecurityTerms? Security = null)
{
    /// <summary>What FcpFast's tool sets up: removed members lose the next keys, object ids included.</summary>
    public static ZoneTerms Default { get; } = new(
        AeadAlgorithm.ChaCha20Poly1305, new RekeyPolicy { RewrapOnMembershipChange = true, RotateObjectIdKeyOnMembershipChange = true });
}
