using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Evidence;

/// <summary>Manifests of one zone, signed by one owner, that contradict each other: a proof that needs nobody's word.</summary>
/// <remarks>
/// <code>{zone_id: text, manifests: [bstr], owner_key: bstr 32}</code>
/// Source: [WIRE §12.2] (slot); README.md of this project.
/// </remarks>
public sealed class EquivocationEvidence
{
    /// <summary>Manifests in one piece of evidence.</summary>
    public const int CountMax = 16;

    private EquivocationEvidence(ZoneId zone, PublicKey owner, ImmutableArray<ManifestRecord> records)
    {
        Zone = zone;
        Owner = owner;
        Records = records;
    }

    /// <summary>The zone.</summary>
    public ZoneId Zone { get; }

    /// <summary>Whose signature they bear.</summary>
    public PublicKey Owner { get; }

    /// <summary>What they say.</summary>
    public ImmutableArray<ManifestRecord> Records { get; }

    /// <summary>Writes evidence down; it is judged by <see cref="Verify"/>.</summary>
    public static byte[] Write(ZoneId zone, PublicKey owner, IReadOnlyCollection<byte[]> manifests)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        var writer = new CborWriter();
        writer.BeginMap(3);
        writer.Key("zone_id"u8);
        writer.Text(zone.ToString());
        writer.Key("manifests"u8);
        writer.BeginArray(manifests.Count);
        foreach (byte[] manifest in manifests) writer.Bytes(manifest);
        writer.Key("owner_key"u8);
        writer.Bytes(owner.Value);
        return writer.ToArray();
    }

    /// <summary>Verifies evidence from its bytes alone.</summary>
    /// <param name="bytes">As it came.</param>
    /// <param name="signatures">Ed25519.</param>
    /// <param name="evidence">What it proves; null if it does not.</param>
    /// <remarks>
    /// Errors: in this order: those of section 3, <c>InvalidEvidence</c> for fewer than two or more than 16, then those of a manifest's parser,
    ///         <c>SchemaMismatch</c>, <c>ZoneIdMismatch</c>, <c>InvalidSignature</c>, and <c>InvalidEvidence</c> unless each manifest shares a
    ///         slot with another one that says something else. Whether the owner is one that matters is for the reader to decide.
    /// Source: [WIRE §3], [WIRE §11.4], [WIRE §12.2].
    /// </remarks>
    public static FcpStatus Verify(ReadOnlySpan<byte> bytes, ISignatures signatures, out EquivocationEvidence? evidence)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        evidence = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.ObjectBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        ZoneId.Parse(map.Text("zone_id"u8), out ZoneId zone);
        CborArrayReader manifests = map.Array("manifests"u8);
        int count = manifests.Count;
        var owner = new PublicKey(map.Bytes32("owner_key"u8));
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (count is < 2 or > CountMax || zone.IsEmpty) return FcpStatus.InvalidEvidence;
        ImmutableArray<ManifestRecord>.Builder records = ImmutableArray.CreateBuilder<ManifestRecord>(count);
        while (manifests.TryRead(out CborItem item))
        {
            if (!item.TryGetBytes(out ReadOnlySpan<byte> manifest)) return FcpStatus.CborDeserialize;
            status = Read(manifest, zone, owner, signatures, out ManifestRecord? record);
            if (status != FcpStatus.Accepted) return status;
            records.Add(record!);
        }

        bool contradicts = records.All(one => records.Any(other => other.Content != one.Content && other.SharesSlotWith(one)));
        if (!contradicts) return FcpStatus.InvalidEvidence;
        evidence = new EquivocationEvidence(zone, owner, records.MoveToImmutable());
        return FcpStatus.Accepted;
    }

    private static FcpStatus Read(ReadOnlySpan<byte> bytes, ZoneId zone, PublicKey owner, ISignatures signatures, out ManifestRecord? record)
    {
        record = null;
        FcpStatus status = ZoneKeyManifest.Parse(bytes, out ZoneKeyManifest? manifest);
        if (status != FcpStatus.Accepted) return status;
        if (manifest!.Header.Schema != Schemas.ZoneKeyManifest) return FcpStatus.SchemaMismatch;
        if (manifest.Zone != zone || manifest.Header.Zone != zone) return FcpStatus.ZoneIdMismatch;
        byte[] signingBytes = manifest.SigningBytes();
        if (!manifest.Signature.Verifies(signatures, owner, signingBytes)) return FcpStatus.InvalidSignature;
        record = ManifestRecord.Of(manifest, ContentDigest.Of(signingBytes));
        return FcpStatus.Accepted;
    }
}
