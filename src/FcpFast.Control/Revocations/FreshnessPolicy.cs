namespace FcpFast.Control.Revocations;

/// <summary>How old the newest list that a node has may be, and what follows if it is older.</summary>
/// <param name="AgeSecondsMax">The oldest; 0 for any age.</param>
/// <param name="RefusesWhenStale">True: nobody is taken in until a newer list comes; false: an alarm, so that a sleeping owner stops nothing.</param>
public readonly record struct FreshnessPolicy(ulong AgeSecondsMax, bool RefusesWhenStale)
{
    /// <summary>The shortest bound: an owner must be able to keep it.</summary>
    public const ulong LeastSeconds = 3_600;

    /// <summary>The longest bound.</summary>
    public const ulong MostSeconds = 31_536_000;

    /// <summary>Any age will do.</summary>
    public static FreshnessPolicy None => default;

    /// <summary>True if the bound is kept, and nothing is refused without one.</summary>
    public bool IsValid => AgeSecondsMax == 0 ? !RefusesWhenStale : AgeSecondsMax is >= LeastSeconds and <= MostSeconds;

    /// <summary>True if a list of that date is too old.</summary>
    public bool IsStale(ulong issuedAtUnixSeconds, ulong nowUnixSeconds) =>
        AgeSecondsMax != 0 && nowUnixSeconds > issuedAtUnixSeconds && nowUnixSeconds - issuedAtUnixSeconds > AgeSecondsMax;
}
