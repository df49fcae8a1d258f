using System.Collections.Immutable;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Attestations;

/// <summary>What an attestation says, before the owner signs it.</summary>
/// <remarks>Source: [WIRE §15].</remarks>
public sealed record AttestationDraft
{
    /// <summary>The longest life of an attestation: 30 days.</summary>
    public const ulong LifeSecondsMax = 30 * 86_400;

    /// <summary>The node.</summary>
    public required NodeId Node { get; init; }

    /// <summary>Its keys.</summary>
    public required NodePublicKeys Keys { get; init; }

    /// <summary>Its tags, sorted bytewise.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>From when on it counts.</summary>
    public required ulong IssuedAtUnixSeconds { get; init; }

    /// <summary>From when on it counts no more.</summary>
    public required ulong ExpiresAtUnixSeconds { get; init; }

    /// <summary>Drawn at random by the issuer.</summary>
    public required Bytes32 Nonce { get; init; }

    /// <summary>True if it ends after it begins, and soon enough.</summary>
    public bool HasValidLife =>
        ExpiresAtUnixSeconds > IssuedAtUnixSeconds && ExpiresAtUnixSeconds - IssuedAtUnixSeconds <= LifeSecondsMax;

    /// <summary>True if every key is one, and signing and issuance are apart.</summary>
    public bool HasValidKeys => Keys.AreValid;
}
