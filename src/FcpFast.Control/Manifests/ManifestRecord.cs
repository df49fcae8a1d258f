using System;
using System.Collections.Immutable;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>What a node keeps of a manifest: everything but its boxes, which could be opened again.</summary>
/// <remarks>Source: [WIRE §12.2], [WIRE §13.3].</remarks>
public sealed record ManifestRecord
{
    /// <summary>By which others name it.</summary>
    public required ManifestDigest Digest { get; init; }

    /// <summary>What it says.</summary>
    public required ContentDigest Content { get; init; }

    /// <summary>Its place.</summary>
    public required ManifestOrder Order { get; init; }

    /// <summary>The id of its zone key.</summary>
    public required ZoneKeyId ZoneKeyId { get; init; }

    /// <summary>The zone key that it replaces.</summary>
    public ZoneKeyId? PreviousZoneKeyId { get; init; }

    /// <summary>The id of its object-id key.</summary>
    public ObjectIdKeyId ObjectIdKeyId { get; init; }

    /// <summary>The AEAD of its zone key.</summary>
    public AeadAlgorithm Algorithm { get; init; }

    /// <summary>How the zone turns its keys.</summary>
    public RekeyPolicy Policy { get; init; } = RekeyPolicy.Default;

    /// <summary>The members while it is current.</summary>
    public ImmutableArray<NodeId> Members { get; init; } = [];

    /// <summary>True if its keys were opened here; false for a link.</summary>
    public bool HasKeys { get; init; }

    private bool IsRotation => PreviousZoneKeyId is { } previous && previous != ZoneKeyId;

    /// <summary>The record of a manifest whose signature has verified.</summary>
    public static ManifestRecord Of(ZoneKeyManifest manifest, ContentDigest content)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return new ManifestRecord
        {
            Digest = manifest.Digest,
            Content = content,
            Order = manifest.Order,
            ZoneKeyId = manifest.ZoneKeyId,
            PreviousZoneKeyId = manifest.PreviousZoneKeyId,
            ObjectIdKeyId = manifest.ObjectIdKeyId,
            Algorithm = manifest.Algorithm,
            Policy = manifest.RekeyPolicy ?? RekeyPolicy.Default,
            Members = manifest.Recipients(),
        };
    }

    /// <summary>True if only one of the two may exist: equal places, or two different successors of one key.</summary>
    public bool SharesSlotWith(ManifestRecord other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Order == other.Order
            || (IsRotation && other.IsRotation && PreviousZoneKeyId == other.PreviousZoneKeyId && ZoneKeyId != other.ZoneKeyId);
    }
}
