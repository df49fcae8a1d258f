using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Revocations;

/// <summary>The owner's word on which signing keys count no more: always the whole list, under a serial that only grows.</summary>
/// <remarks>
/// <code>
/// {serial: uint, revoked: [{reason: text, node_id: text, revoked_at: uint, signing_key: bstr 32}], issued_at: uint,
///  signature: {node_id, signature, signed_at}, when_stale: "alarm" or "refuse", max_age_secs: uint}
/// </code>
/// Shape:  entries ascend by signing key, none twice. An entry may be left out again once every attestation that it could concern has expired,
///         so a list stays short.
/// Source: README.md of this project; [WIRE §2.7] and [WIRE §11.4] for the signature.
/// </remarks>
public sealed class RevocationList
{
    /// <summary>Keys on one list.</summary>
    public const int CountMax = 16_384;

    private RevocationList(
        ulong serial, ulong issuedAt, FreshnessPolicy freshness, ImmutableArray<RevokedKey> revoked, OwnerSignature signature, byte[] encoded)
    {
        Serial = serial;
        IssuedAtUnixSeconds = issuedAt;
        Freshness = freshness;
        Revoked = revoked;
        Signature = signature;
        Encoded = encoded;
    }

    /// <summary>Its number, from 1.</summary>
    public ulong Serial { get; }

    /// <summary>When the owner made it.</summary>
    public ulong IssuedAtUnixSeconds { get; }

    /// <summary>How long it may be relied on.</summary>
    public FreshnessPolicy Freshness { get; }

    /// <summary>The keys.</summary>
    public ImmutableArray<RevokedKey> Revoked { get; }

    /// <summary>The signature map.</summary>
    public OwnerSignature Signature { get; }

    /// <summary>The canonical CBOR.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Reads a list; its signature is not verified yet.</summary>
    /// <remarks>Errors: those of section 3, then <c>InvalidRevocation</c> for its bounds and order, <c>InvalidNodeId</c>. Source: [WIRE §3].</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, out RevocationList? list)
    {
        list = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.ControlPayloadBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        ulong serial = map.Unsigned("serial"u8);
        CborArrayReader entries = map.Array("revoked"u8);
        if (entries.Count > CountMax) return FcpStatus.InvalidRevocation;
        ImmutableArray<RevokedKey>.Builder revoked = ImmutableArray.CreateBuilder<RevokedKey>(entries.Count);
        while (entries.TryRead(out CborItem item)) revoked.Add(RevokedKey.Read(item, ref map));
        ulong issuedAt = map.Unsigned("issued_at"u8);
        OwnerSignature signature = OwnerSignature.Read(ref map);
        ReadOnlySpan<byte> whenStale = map.Text("when_stale"u8);
        bool refuses = whenStale.SequenceEqual("refuse"u8);
        if (!refuses && !whenStale.SequenceEqual("alarm"u8)) map.Fail(FcpStatus.CborDeserialize);
        var freshness = new FreshnessPolicy(map.Unsigned("max_age_secs"u8), refuses);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (!IsValid(serial, freshness, revoked)) return FcpStatus.InvalidRevocation;
        if (signature.Signer.IsEmpty || revoked.Any(static key => key.Node.IsEmpty)) return FcpStatus.InvalidNodeId;
        list = new RevocationList(serial, issuedAt, freshness, revoked.DrainToImmutable(), signature, bytes.ToArray());
        return FcpStatus.Accepted;
    }

    /// <summary>Makes and signs a list.</summary>
    /// <param name="serial">Above the one before.</param>
    /// <param name="revoked">The keys, in any order, each once.</param>
    /// <param name="freshness">How long it may be relied on.</param>
    /// <param name="owner">The owner's key.</param>
    /// <param name="signer">Who signs, for display.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="list">The list.</param>
    /// <remarks>Errors: <c>InvalidRevocation</c>, <c>InvalidNodeId</c>.</remarks>
    public static FcpStatus Sign(
        ulong serial, IEnumerable<RevokedKey> revoked, FreshnessPolicy freshness, OwnerKey owner, NodeId signer, ulong nowUnixSeconds,
        out RevocationList? list)
    {
        ArgumentNullException.ThrowIfNull(owner);
        list = null;
        ImmutableArray<RevokedKey> ordered = [.. revoked.OrderBy(static key => key.SigningKey.ToString(), StringComparer.Ordinal)];
        if (ordered.Length > CountMax || !IsValid(serial, freshness, ordered)) return FcpStatus.InvalidRevocation;
        if (signer.IsEmpty || ordered.Any(static key => key.Node.IsEmpty)) return FcpStatus.InvalidNodeId;
        var unsigned = new RevocationList(serial, nowUnixSeconds, freshness, ordered, new OwnerSignature(signer, default, nowUnixSeconds), []);
        var writer = new CborWriter();
        unsigned.Write(writer, null);
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        owner.Sign(ControlSigningIds.RevocationList, writer.Written, signature);
        OwnerSignature signatureMap = unsigned.Signature with { Bytes = signature };
        unsigned.Write(writer.Reset(), signatureMap);
        list = new RevocationList(serial, nowUnixSeconds, freshness, ordered, signatureMap, writer.ToArray());
        return FcpStatus.Accepted;
    }

    /// <summary>The bytes that the signature is over; allocates.</summary>
    public byte[] SigningBytes() => ControlSigningIds.RevocationList.SigningBytes(CborMapCut.Without(Encoded.Span, OwnerSignature.Field));

    private static bool IsValid(ulong serial, FreshnessPolicy freshness, IReadOnlyList<RevokedKey> revoked)
    {
        if (serial == 0 || !freshness.IsValid) return false;
        Span<byte> previous = stackalloc byte[PublicKey.Length], current = stackalloc byte[PublicKey.Length];
        for (int i = 0; i < revoked.Count; i++)
        {
            revoked[i].SigningKey.Value.Write(current);
            if (i > 0 && previous.SequenceCompareTo(current) >= 0) return false;
            current.CopyTo(previous);
        }

        return true;
    }

    private void Write(CborWriter writer, OwnerSignature? signature)
    {
        writer.BeginMap(signature is null ? 5 : 6);
        writer.Key("serial"u8);
        writer.Unsigned(Serial);
        writer.Key("revoked"u8);
        writer.BeginArray(Revoked.Length);
        foreach (RevokedKey key in Revoked) key.Write(writer);
        writer.Key("issued_at"u8);
        writer.Unsigned(IssuedAtUnixSeconds);
        signature?.Write(writer);
        writer.Key("when_stale"u8);
        writer.Text(Freshness.RefusesWhenStale ? "refuse"u8 : "alarm"u8);
        writer.Key("max_age_secs"u8);
        writer.Unsigned(Freshness.AgeSecondsMax);
    }
}
