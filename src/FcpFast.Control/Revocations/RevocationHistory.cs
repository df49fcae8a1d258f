using System;
using System.Collections.Immutable;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Revocations;

/// <summary>What a node holds of its owner's revocations: the newest list, or the two that contradict each other under the newest serial.</summary>
/// <remarks>
/// Shape:   an immutable value.
/// Errors:  those of <see cref="RevocationList.Parse"/>, then <c>InvalidSignature</c>, <c>InvalidRevocation</c> for a date ahead,
///          <c>RevocationRollback</c>, <c>RevocationEquivocation</c>.
/// Threads: pure functions.
/// Source:  README.md of this project.
/// </remarks>
public sealed record RevocationHistory
{
    private const ulong SkewSeconds = 120;

    private ImmutableHashSet<PublicKey> Keys { get; init; } = [];

    /// <summary>Nothing is revoked.</summary>
    public static RevocationHistory Empty { get; } = new();

    /// <summary>The list of the highest serial; null before the first.</summary>
    public RevocationList? InForce { get; private init; }

    /// <summary>Another list of the same serial. What either revokes counts, until a list of a higher serial comes.</summary>
    public RevocationList? Rival { get; private init; }

    /// <summary>The highest serial; 0 before the first list.</summary>
    public ulong Serial => InForce?.Serial ?? 0;

    /// <summary>True if a signing key counts no more.</summary>
    public bool IsRevoked(PublicKey signingKey) => Keys.Contains(signingKey);

    /// <summary>Judges the age of what is held: <c>RevocationStale</c> if it is too old, whatever the owner wants done then.</summary>
    public FcpStatus JudgeFreshness(ulong nowUnixSeconds) =>
        InForce is { } list && list.Freshness.IsStale(list.IssuedAtUnixSeconds, nowUnixSeconds) ? FcpStatus.RevocationStale : FcpStatus.Accepted;

    /// <summary>True if nobody is to be taken in now, because what is held is too old.</summary>
    public bool RefusesAll(ulong nowUnixSeconds) =>
        InForce is { Freshness.RefusesWhenStale: true } && JudgeFreshness(nowUnixSeconds) != FcpStatus.Accepted;

    /// <summary>Judges a list as it came.</summary>
    /// <param name="bytes">The list.</param>
    /// <param name="owner">The configured owner.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="signatures">Ed25519.</param>
    /// <param name="after">The history after, which may hold a rival even though the list is refused; the very same value if nothing changed.</param>
    public FcpStatus Take(ReadOnlySpan<byte> bytes, PublicKey owner, ulong nowUnixSeconds, ISignatures signatures, out RevocationHistory after)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        after = this;
        FcpStatus status = RevocationList.Parse(bytes, out RevocationList? list);
        if (status != FcpStatus.Accepted) return status;
        byte[] signingBytes = list!.SigningBytes();
        if (!list.Signature.Verifies(signatures, owner, signingBytes)) return FcpStatus.InvalidSignature;
        if (list.IssuedAtUnixSeconds > nowUnixSeconds && list.IssuedAtUnixSeconds - nowUnixSeconds > SkewSeconds) return FcpStatus.InvalidRevocation;
        if (list.Serial < Serial) return FcpStatus.RevocationRollback;
        if (list.Serial > Serial)
        {
            after = Of(list, null);
            return FcpStatus.Accepted;
        }

        ContentDigest content = ContentDigest.Of(signingBytes);
        if (IsSame(InForce, content)) return FcpStatus.Accepted;
        if (Rival is null) after = Of(InForce!, list);
        return FcpStatus.RevocationEquivocation;
    }

    /// <summary>The history of lists that were accepted before.</summary>
    internal static RevocationHistory Of(RevocationList inForce, RevocationList? rival)
    {
        ImmutableHashSet<PublicKey>.Builder keys = ImmutableHashSet.CreateBuilder<PublicKey>();
        foreach (RevokedKey key in inForce.Revoked) keys.Add(key.SigningKey);
        foreach (RevokedKey key in rival?.Revoked ?? []) keys.Add(key.SigningKey);
        return new RevocationHistory { InForce = inForce, Rival = rival, Keys = keys.ToImmutable() };
    }

    private static bool IsSame(RevocationList? held, ContentDigest content) => held is not null && ContentDigest.Of(held.SigningBytes()) == content;
}
