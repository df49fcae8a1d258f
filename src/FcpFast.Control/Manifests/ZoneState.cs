using System.Collections.Immutable;
using FcpFast.Control.Profiles;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>All that a node knows of a zone beside the keys themselves: profiles, manifest history, and facts about keys.</summary>
/// <remarks>
/// Shape:   an immutable value without secrets, fit to be stored; every list has a bound.
/// Threads: a value.
/// Source:  [WIRE §11.5], [WIRE §12.2], [WIRE §14].
/// </remarks>
public sealed record ZoneState
{
    /// <summary>Keys whose facts are kept, of each kind; beyond, the oldest is forgotten.</summary>
    public const int KeyFactsMax = 8192;

    /// <summary>The zone.</summary>
    public required ZoneId Zone { get; init; }

    /// <summary>Its owner.</summary>
    public required PublicKey Owner { get; init; }

    /// <summary>Its security profiles.</summary>
    public ProfileHistory Profiles { get; init; } = ProfileHistory.Empty;

    /// <summary>Its manifests.</summary>
    public ManifestHistory Manifests { get; init; } = ManifestHistory.Empty;

    /// <summary>What is remembered of its zone keys, oldest first.</summary>
    public ImmutableArray<ZoneKeyFacts> ZoneKeys { get; init; } = [];

    /// <summary>What is remembered of its object-id keys, oldest first.</summary>
    public ImmutableArray<ObjectIdKeyFacts> ObjectIdKeys { get; init; } = [];

    /// <summary>True if its keys are those of an MLS group: the profile in force says so.</summary>
    public bool IsOfAGroup => Profiles.Terms.KeyMode == KeyMode.MlsTreeKem;

    /// <summary>The manifest in force; null before the first.</summary>
    public ManifestRecord? Current => Manifests.Current;

    /// <summary>The members: the recipients of the manifest in force. [WIRE §8]</summary>
    public ImmutableArray<NodeId> Members => Current?.Members ?? [];

    /// <summary>The zone key that may seal (from its time on); null while the manifest in force brought none.</summary>
    public ZoneKeyId? SealingKeyId => Current is { HasKeys: true } current ? current.ZoneKeyId : null;

    /// <summary>True if the node is a member now.</summary>
    public bool IsMember(NodeId node) => Members.Contains(node);

    /// <summary>What is remembered of a zone key.</summary>
    public ZoneKeyFacts? FindZoneKey(ZoneKeyId id)
    {
        foreach (ZoneKeyFacts facts in ZoneKeys)
        {
            if (facts.Id == id) return facts;
        }

        return null;
    }

    /// <summary>What is remembered of an object-id key.</summary>
    public ObjectIdKeyFacts? FindObjectIdKey(ObjectIdKeyId id)
    {
        foreach (ObjectIdKeyFacts facts in ObjectIdKeys)
        {
            if (facts.Id == id) return facts;
        }

        return null;
    }

    /// <summary>True if a zone key was in force and another one has replaced it.</summary>
    internal bool IsRetired(ZoneKeyId id)
    {
        if (Current?.ZoneKeyId == id) return false;
        foreach (ManifestRecord record in Manifests.Accepted)
        {
            if (record.ZoneKeyId == id) return true;
        }

        return false;
    }

    /// <summary>Remembers a zone key, or what was not known of it yet.</summary>
    internal ZoneState Remember(ZoneKeyFacts facts)
    {
        if (FindZoneKey(facts.Id) is not { } known) return this with { ZoneKeys = Bounded(ZoneKeys).Add(facts) };
        return known.KeyCheck is null && facts.KeyCheck is not null
            ? this with { ZoneKeys = ZoneKeys.Replace(known, known with { KeyCheck = facts.KeyCheck }) }
            : this;
    }

    /// <summary>Remembers an object-id key.</summary>
    internal ZoneState Remember(ObjectIdKeyFacts facts) =>
        FindObjectIdKey(facts.Id) is null ? this with { ObjectIdKeys = Bounded(ObjectIdKeys).Add(facts) } : this;

    private static ImmutableArray<T> Bounded<T>(ImmutableArray<T> facts) => facts.Length < KeyFactsMax ? facts : facts.RemoveAt(0);
}
