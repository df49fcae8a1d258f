using System;
using System.Collections.Immutable;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Control.Manifests;

/// <content>Reading, writing and signing.</content>
public sealed partial class ZoneKeyManifest
{
    private const int RequiredFields = 8;

    /// <summary>Reads a manifest; its signature is not verified yet.</summary>
    /// <remarks>
    /// Errors: those of section 3, then <c>InvalidRekeyPolicy</c>, <c>InvalidNodeId</c>, <c>HpkeFailed</c> for what is no box.
    /// Cost:   allocates in proportion to the input.
    /// Source: [WIRE §11.5] M1.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, out ZoneKeyManifest? manifest)
    {
        manifest = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.ManifestBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        map.Fail(ObjectHeader.Read(map.Map("header"u8), out ObjectHeader? header));
        ZoneId.Parse(map.Text("zone_id"u8), out ZoneId zone);
        map.Fail(ManifestAlgorithm.Parse(map.Text("algorithm"u8), out AeadAlgorithm algorithm));
        OwnerSignature signature = OwnerSignature.Read(ref map);
        ulong validFrom = map.Unsigned("valid_from"u8);
        ulong? validUntil = map.TryUnsigned("valid_until"u8);
        Bytes8 zoneKeyId = Read8(map.Bytes("zone_key_id"u8, ZoneKeyId.Length));
        RekeyPolicy? policy = ReadPolicy(ref map);
        ImmutableArray<WrappedKey> wrappedKeys = ReadWrapped(ref map, "wrapped_keys"u8);
        Bytes8 objectIdKeyId = Read8(map.Bytes("object_id_key_id"u8, ObjectIdKeyId.Length));
        ReadOnlySpan<byte> previous = map.TryBytes("prev_zone_key_id"u8, ZoneKeyId.Length);
        ImmutableArray<WrappedKey> wrappedObjectIdKeys = ReadWrapped(ref map, "wrapped_object_id_keys"u8);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (policy is { IsValid: false }) return FcpStatus.InvalidRekeyPolicy;
        if (signature.Signer.IsEmpty || !HaveRecipients(wrappedKeys) || !HaveRecipients(wrappedObjectIdKeys)) return FcpStatus.InvalidNodeId;
        if (!HaveBoxes(wrappedKeys) || !HaveBoxes(wrappedObjectIdKeys)) return FcpStatus.HpkeFailed;
        manifest = new ZoneKeyManifest
        {
            Header = header!,
            Zone = zone,
            ZoneKeyId = new ZoneKeyId(zoneKeyId),
            ObjectIdKeyId = new ObjectIdKeyId(objectIdKeyId),
            Algorithm = algorithm,
            ValidFromUnixSeconds = validFrom,
            ValidUntilUnixSeconds = validUntil,
            PreviousZoneKeyId = previous.IsEmpty ? null : new ZoneKeyId(Bytes8.Read(previous)),
            WrappedKeys = wrappedKeys,
            WrappedObjectIdKeys = wrappedObjectIdKeys,
            RekeyPolicy = policy,
            Signature = signature,
            Encoded = bytes.ToArray(),
        };
        return FcpStatus.Accepted;
    }

    /// <summary>The same manifest, signed; its own signature map is replaced and its bytes are written.</summary>
    internal ZoneKeyManifest Sign(ObjectSigner sign)
    {
        var writer = new CborWriter();
        Write(writer, null);
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        sign(SigningId.ZoneKeyManifest, writer.Written, signature);
        OwnerSignature signatureMap = Signature with { Bytes = signature };
        Write(writer.Reset(), signatureMap);
        return new ZoneKeyManifest
        {
            Header = Header,
            Zone = Zone,
            ZoneKeyId = ZoneKeyId,
            ObjectIdKeyId = ObjectIdKeyId,
            Algorithm = Algorithm,
            ValidFromUnixSeconds = ValidFromUnixSeconds,
            ValidUntilUnixSeconds = ValidUntilUnixSeconds,
            PreviousZoneKeyId = PreviousZoneKeyId,
            WrappedKeys = WrappedKeys,
            WrappedObjectIdKeys = WrappedObjectIdKeys,
            RekeyPolicy = RekeyPolicy,
            Signature = signatureMap,
            Encoded = writer.ToArray(),
        };
    }

    private void Write(CborWriter writer, OwnerSignature? signature)
    {
        int optional = (signature is null ? 0 : 1) + (ValidUntilUnixSeconds is null ? 0 : 1) + (RekeyPolicy is null ? 0 : 1)
            + (PreviousZoneKeyId is null ? 0 : 1);
        writer.BeginMap(RequiredFields + optional);
        writer.Key("header"u8);
        Header.Write(writer);
        writer.Key("zone_id"u8);
        writer.Text(Zone.ToString());
        writer.Key("algorithm"u8);
        writer.Text(ManifestAlgorithm.Text(Algorithm));
        signature?.Write(writer);
        writer.Key("valid_from"u8);
        writer.Unsigned(ValidFromUnixSeconds);
        if (ValidUntilUnixSeconds is { } validUntil)
        {
            writer.Key("valid_until"u8);
            writer.Unsigned(validUntil);
        }

        writer.Key("zone_key_id"u8);
        writer.Bytes(ZoneKeyId.Value);
        if (RekeyPolicy is not null)
        {
            writer.Key("rekey_policy"u8);
            RekeyPolicy.Write(writer);
        }

        WriteWrapped(writer, "wrapped_keys"u8, WrappedKeys);
        writer.Key("object_id_key_id"u8);
        writer.Bytes(ObjectIdKeyId.Value);
        if (PreviousZoneKeyId is { } previous)
        {
            writer.Key("prev_zone_key_id"u8);
            writer.Bytes(previous.Value);
        }

        WriteWrapped(writer, "wrapped_object_id_keys"u8, WrappedObjectIdKeys);
    }

    private static void WriteWrapped(CborWriter writer, ReadOnlySpan<byte> key, ImmutableArray<WrappedKey> entries)
    {
        writer.Key(key);
        writer.BeginArray(entries.Length);
        foreach (WrappedKey entry in entries) entry.Write(writer);
    }

    private static RekeyPolicy? ReadPolicy(ref CborMapReader map)
    {
        if (!map.TryField("rekey_policy"u8, out CborItem item)) return null;
        if (!item.TryGetMap(out CborMapReader fields))
        {
            map.Fail(FcpStatus.CborDeserialize);
            return null;
        }

        map.Fail(RekeyPolicy.Read(fields, out RekeyPolicy policy));
        return policy;
    }

    private static ImmutableArray<WrappedKey> ReadWrapped(ref CborMapReader map, ReadOnlySpan<byte> key)
    {
        CborArrayReader entries = map.Array(key);
        ImmutableArray<WrappedKey>.Builder wrapped = ImmutableArray.CreateBuilder<WrappedKey>();
        while (map.Status == FcpStatus.Accepted && entries.TryRead(out CborItem item)) wrapped.Add(WrappedKey.Read(item, ref map));
        return wrapped.ToImmutable();
    }

    private static bool HaveRecipients(ImmutableArray<WrappedKey> entries)
    {
        foreach (WrappedKey entry in entries)
        {
            if (entry.Recipient.IsEmpty) return false;
        }

        return true;
    }

    private static bool HaveBoxes(ImmutableArray<WrappedKey> entries)
    {
        foreach (WrappedKey entry in entries)
        {
            if (entry.Box.IsEmpty) return false;
        }

        return true;
    }

    private static Bytes8 Read8(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? default : Bytes8.Read(bytes);
}
