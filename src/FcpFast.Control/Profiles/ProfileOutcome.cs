using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Profiles;

/// <summary>What became of an offered profile.</summary>
/// <param name="Status"><c>Accepted</c>, also for the one that is in force already, or the refusal.</param>
/// <param name="History">The history after; the very same value if nothing changed.</param>
/// <param name="Profile">The profile, once its signature has verified; else null.</param>
/// <param name="IsNew">True if it has come into force now.</param>
public sealed record ProfileOutcome(FcpStatus Status, ProfileHistory History, ZoneSecurityProfile? Profile, bool IsNew);
