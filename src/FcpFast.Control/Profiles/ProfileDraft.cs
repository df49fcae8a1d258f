using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Profiles;

/// <summary>What a profile says, before it is signed.</summary>
/// <remarks>Source: [WIRE §14].</remarks>
public sealed record ProfileDraft
{
    /// <summary>The zone.</summary>
    public required ZoneId Zone { get; init; }

    /// <summary>When it was made.</summary>
    public required ulong CreatedAtUnixSeconds { get; init; }

    /// <summary>What the zone demands.</summary>
    public required SecurityTerms Terms { get; init; }

    /// <summary>Its number, from 1, above the one in force.</summary>
    public required ulong Revision { get; init; }

    /// <summary>The member that may turn MLS epochs; only with MLS.</summary>
    public NodeId? Coordinator { get; init; }

    /// <summary>The profile in force, if this one is weaker in anything.</summary>
    public ManifestDigest? DowngradeOf { get; init; }

    /// <summary>True if every bound is kept.</summary>
    public bool IsValid => Terms.AreValid && Revision > 0 && (Coordinator is null || Terms.KeyMode == KeyMode.MlsTreeKem);
}
