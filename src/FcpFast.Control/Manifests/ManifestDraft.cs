using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>What a manifest says, before its keys are sealed and it is signed.</summary>
/// <remarks>Source: [WIRE §11.2], [WIRE §12.2] to [WIRE §12.4].</remarks>
public sealed record ManifestDraft
{
    /// <summary>How far ahead a rotation begins, so that no node lags.</summary>
    public const ulong LeadSecondsDefault = 5;

    /// <summary>The zone.</summary>
    public required ZoneId Zone { get; init; }

    /// <summary>When it was made; above that of the manifest before.</summary>
    public required ulong CreatedAtUnixSeconds { get; init; }

    /// <summary>The AEAD of the zone key.</summary>
    public required AeadAlgorithm Algorithm { get; init; }

    /// <summary>From when on its zone key seals.</summary>
    public required ulong ValidFromUnixSeconds { get; init; }

    /// <summary>Until when it may be accepted, if that is bounded.</summary>
    public ulong? ValidUntilUnixSeconds { get; init; }

    /// <summary>The zone key that this one replaces.</summary>
    public ZoneKeyId? PreviousZoneKeyId { get; init; }

    /// <summary>How the zone turns its keys; null for the defaults.</summary>
    public RekeyPolicy? RekeyPolicy { get; init; }

    /// <summary>The security profile that it was made under, if the zone has one.</summary>
    public ManifestDigest? Profile { get; init; }

    /// <summary>In an MLS zone: the commit that begins the epoch, and its Welcome if somebody joins. [WIRE §14]</summary>
    public ImmutableArray<ObjectId> EpochMessages { get; init; } = [];

    /// <summary>What it declares as evidence of two manifests in one slot.</summary>
    public ImmutableArray<Bytes32> Evidence { get; init; } = [];

    /// <summary>Who gets the keys, each once.</summary>
    public ImmutableArray<ManifestRecipient> Recipients { get; init; } = [];

    /// <summary>The first manifest of a zone.</summary>
    public static ManifestDraft First(ZoneId zone, AeadAlgorithm algorithm, RekeyPolicy? policy, ulong nowUnixSeconds) => new()
    {
        Zone = zone,
        CreatedAtUnixSeconds = nowUnixSeconds,
        Algorithm = algorithm,
        ValidFromUnixSeconds = nowUnixSeconds,
        RekeyPolicy = policy,
    };

    /// <summary>A rotation: the draft for a new zone key, a lead ahead. After a contradiction it also heals.</summary>
    /// <param name="state">The zone as the owner's tool knows it.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="leadSeconds">How far ahead the new key begins.</param>
    /// <remarks>
    /// With a contradiction open, its evidence is named twice, by digest and by content, so that a node which holds a copy with other unsigned
    /// fields heals too.
    /// </remarks>
    public static ManifestDraft Rotate(ZoneState state, ulong nowUnixSeconds, ulong leadSeconds = LeadSecondsDefault)
    {
        ArgumentNullException.ThrowIfNull(state);
        ManifestRecord? current = state.Current;
        ManifestOrder last = Later(current?.Order, state.Manifests.Floor);
        ManifestDraft draft = First(
            state.Zone, current?.Algorithm ?? AeadAlgorithm.ChaCha20Poly1305, current?.Policy,
            LaterThan(last.CreatedAtUnixSeconds, nowUnixSeconds));
        return draft with
        {
            ValidFromUnixSeconds = Math.Max(nowUnixSeconds + leadSeconds, last.ValidFromUnixSeconds),
            PreviousZoneKeyId = current?.ZoneKeyId,
            Profile = state.Profiles.InForce?.Digest,
            Evidence = state.Manifests.AwaitsHealing ? NamesOf(state.Manifests.Evidence) : [],
        };
    }

    /// <summary>A re-wrap: the draft for the same keys and another circle of recipients.</summary>
    /// <param name="state">The zone as the owner's tool knows it; it has a current manifest and no open contradiction.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    public static ManifestDraft Rewrap(ZoneState state, ulong nowUnixSeconds)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Current is not { } current || state.Manifests.AwaitsHealing)
        {
            throw new ArgumentException("there is a manifest to wrap again, and nothing contradicts it", nameof(state));
        }

        return First(
            state.Zone, current.Algorithm, current.Policy, LaterThan(current.Order.CreatedAtUnixSeconds, nowUnixSeconds)) with
        {
            ValidFromUnixSeconds = current.Order.ValidFromUnixSeconds,
            PreviousZoneKeyId = current.PreviousZoneKeyId,
            Profile = state.Profiles.InForce?.Digest,
        };
    }

    /// <summary>The draft with these recipients, their boxes bound to valid_from.</summary>
    public ManifestDraft To(IEnumerable<KeyValuePair<NodeId, PublicKey>> recipients)
    {
        ArgumentNullException.ThrowIfNull(recipients);
        ImmutableArray<ManifestRecipient>.Builder added = ImmutableArray.CreateBuilder<ManifestRecipient>();
        foreach ((NodeId node, PublicKey encryptionKey) in recipients)
        {
            added.Add(new ManifestRecipient(node, encryptionKey, ValidFromUnixSeconds));
        }

        return this with { Recipients = added.ToImmutable() };
    }

    private static ManifestOrder Later(ManifestOrder? left, ManifestOrder? right) =>
        left is { } l && right is { } r ? (l > r ? l : r) : left ?? right ?? default;

    private static ImmutableArray<Bytes32> NamesOf(ImmutableArray<ManifestRecord> evidence)
    {
        ImmutableArray<Bytes32>.Builder names = ImmutableArray.CreateBuilder<Bytes32>(2 * evidence.Length);
        foreach (ManifestRecord record in evidence)
        {
            names.Add(record.Digest.Value);
            names.Add(record.Content.Value);
        }

        return names.ToImmutable();
    }

    /// <summary>A time behind another's; whoever signed before may have dated it to the end of time, and is passed once the next one begins later.</summary>
    private static ulong LaterThan(ulong createdAt, ulong nowUnixSeconds) => createdAt == ulong.MaxValue ? nowUnixSeconds : Math.Max(nowUnixSeconds, createdAt + 1);
}
