using System;

namespace FcpFast.Mls;

/// <summary>What the application decides about leaves.</summary>
/// <param name="Credentials">The authentication service.</param>
/// <param name="Time">The clock that lifetimes are held against.</param>
/// <remarks>Source: [RFC 9420 §7.2], [RFC 9420 §7.3].</remarks>
public sealed record MlsPolicy(IMlsCredentials Credentials, TimeProvider Time)
{
    /// <summary>The longest lifetime of a leaf, in seconds.</summary>
    public ulong LifetimeSecondsMax { get; init; } = 90 * 24 * 3600;

    /// <summary>How far clocks may differ at both ends of a lifetime, in seconds.</summary>
    public ulong SkewSeconds { get; init; } = 120;

    /// <summary>Messages that a member may be ahead of the last one seen, in one epoch.</summary>
    public uint GenerationsAheadMax { get; init; } = 1024;

    /// <summary>The largest leaf, and key package, in bytes of what has no fixed size: a member that made its own larger would keep others from being added.</summary>
    public int LeafBytesMax { get; init; } = 64 * 1024;

    /// <summary>True refuses every proposal of others but updates of their own keys: what else changes, a commit brings itself.</summary>
    public bool TakesOnlyUpdates { get; init; }

    /// <summary>The application's rules for commits; none beyond the protocol's if null.</summary>
    public IMlsCommitJudge? Commits { get; init; }

    internal ulong NowSeconds => (ulong)Math.Max(0, Time.GetUtcNow().ToUnixTimeSeconds());
}
