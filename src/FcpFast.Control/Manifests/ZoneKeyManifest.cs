using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Control.Manifests;

/// <summary>The owner's distribution of a zone's keys: a box for every member.</summary>
/// <remarks>
/// Shape:  keeps the bytes it came in; digest and signature are of those bytes.
/// Source: [WIRE §11.2].
/// </remarks>
public sealed partial class ZoneKeyManifest
{
    /// <summary>The object header.</summary>
    public required ObjectHeader Header { get; init; }

    /// <summary>The zone; empty if the text was no zone id.</summary>
    public required ZoneId Zone { get; init; }

    /// <summary>The id of the zone key.</summary>
    public required ZoneKeyId ZoneKeyId { get; init; }

    /// <summary>The id of the object-id key.</summary>
    public required ObjectIdKeyId ObjectIdKeyId { get; init; }

    /// <summary>The AEAD of the zone key.</summary>
    public required AeadAlgorithm Algorithm { get; init; }

    /// <summary>From when on its zone key seals.</summary>
    public required ulong ValidFromUnixSeconds { get; init; }

    /// <summary>Until when it may be accepted, if that is bounded.</summary>
    public ulong? ValidUntilUnixSeconds { get; init; }

    /// <summary>The zone key that this one replaces; the first has none.</summary>
    public ZoneKeyId? PreviousZoneKeyId { get; init; }

    /// <summary>The zone key, sealed to each member.</summary>
    public required ImmutableArray<WrappedKey> WrappedKeys { get; init; }

    /// <summary>The object-id key, sealed to each member.</summary>
    public required ImmutableArray<WrappedKey> WrappedObjectIdKeys { get; init; }

    /// <summary>How the zone turns its keys; null for the defaults.</summary>
    public RekeyPolicy? RekeyPolicy { get; init; }

    /// <summary>The signature map.</summary>
    public required OwnerSignature Signature { get; init; }

    /// <summary>The canonical CBOR.</summary>
    public ReadOnlyMemory<byte> Encoded { get; private init; }

    /// <summary>Its place in the zone's history.</summary>
    public ManifestOrder Order => new(ValidFromUnixSeconds, Header.CreatedAtUnixSeconds);

    /// <summary>The digest by which others name it.</summary>
    public ManifestDigest Digest => ManifestDigest.Of(Encoded.Span);

    /// <summary>The bytes that the signature is over; allocates.</summary>
    public byte[] SigningBytes() => SigningId.ZoneKeyManifest.SigningBytes(CborMapCut.Without(Encoded.Span, OwnerSignature.Field));

    /// <summary>Every node that is named as a recipient, in the order of the lists: the members of the zone while this manifest is current.</summary>
    /// <remarks>Source: [WIRE §8] (member).</remarks>
    public ImmutableArray<NodeId> Recipients()
    {
        var seen = new HashSet<NodeId>();
        ImmutableArray<NodeId>.Builder members = ImmutableArray.CreateBuilder<NodeId>(WrappedKeys.Length);
        foreach (WrappedKey entry in WrappedKeys)
        {
            if (seen.Add(entry.Recipient)) members.Add(entry.Recipient);
        }

        foreach (WrappedKey entry in WrappedObjectIdKeys)
        {
            if (seen.Add(entry.Recipient)) members.Add(entry.Recipient);
        }

        return members.ToImmutable();
    }
}
