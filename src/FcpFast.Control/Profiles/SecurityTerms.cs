using FcpFast.Protocol.Crypto;

namespace FcpFast.Control.Profiles;

/// <summary>What a zone demands.</summary>
/// <param name="KeyMode">How keys are distributed.</param>
/// <param name="RequirePcs">Whether keys must heal after a compromise.</param>
/// <param name="MaxEpochSeconds">How long a key may serve; advisory in manifest mode.</param>
/// <param name="MinSuite">The weakest session MAC that its frames may come under.</param>
/// <param name="RequireRatchet">Whether its keys must ratchet by epoch.</param>
/// <remarks>Source: [WIRE §14].</remarks>
public readonly record struct SecurityTerms(KeyMode KeyMode, bool RequirePcs, ulong MaxEpochSeconds, MacSuite MinSuite, bool RequireRatchet)
{
    /// <summary>The shortest life of a key.</summary>
    public const ulong EpochSecondsMin = 300;

    /// <summary>The longest life of a key.</summary>
    public const ulong EpochSecondsMax = 31_536_000;

    /// <summary>The terms of a zone without a profile.</summary>
    public static SecurityTerms Default => new(KeyMode.ManifestDistributed, false, 86_400, MacSuite.HmacSha256, false);

    /// <summary>True if every bound is kept and the mode can give what is required of it.</summary>
    public bool AreValid =>
        MaxEpochSeconds is >= EpochSecondsMin and <= EpochSecondsMax
        && MinSuite is MacSuite.HmacSha256 or MacSuite.Blake3
        && KeyMode is KeyMode.ManifestDistributed or KeyMode.MlsTreeKem
        && !(RequirePcs && KeyMode == KeyMode.ManifestDistributed);

    /// <summary>True if these are weaker than others in anything.</summary>
    public bool AreWeakerThan(SecurityTerms other) =>
        KeyMode < other.KeyMode
        || (other.RequirePcs && !RequirePcs)
        || MinSuite < other.MinSuite
        || (other.RequireRatchet && !RequireRatchet)
        || MaxEpochSeconds > other.MaxEpochSeconds;
}
