using System;
using FcpFast.Control.Attestations;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Store;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Owners;

/// <content>What an owner that was restored from a backup has forgotten, learnt again from its nodes.</content>
public sealed partial class OwnerState
{
    /// <summary>Takes back a record that this owner signed, so that it does not sign another one in its place.</summary>
    /// <param name="record">As a node keeps it.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <returns>As for a node; a manifest is <c>MissingWrappedZoneKey</c> and counts: its key is not known here, so the next change of members rotates.</returns>
    public FcpStatus TakeBack(ControlRecord record, ulong nowUnixSeconds)
    {
        ReadOnlySpan<byte> cbor = record.Cbor.Span;
        return record.Kind switch
        {
            RecordKind.Attestation => TakeAttestationBack(cbor, nowUnixSeconds),
            RecordKind.Revocations => TakeRevocationsBack(cbor, nowUnixSeconds),
            RecordKind.Profile => TakeProfileBack(cbor),
            RecordKind.MembershipGrant => TakeGrantBack(cbor, nowUnixSeconds),
            RecordKind.Manifest => TakeManifestBack(cbor, nowUnixSeconds),
            _ => FcpStatus.UnknownSchema,
        };
    }

    private FcpStatus TakeAttestationBack(ReadOnlySpan<byte> cbor, ulong nowUnixSeconds)
    {
        FcpStatus status = Attestations.File(cbor, Key.PublicKey, nowUnixSeconds, _crypto.Signatures, out AttestationDirectory after);
        if (status != FcpStatus.Accepted || ReferenceEquals(after, Attestations)) return status;
        NodeKeyAttestation.Parse(cbor, out NodeKeyAttestation? attestation);
        if (Revocations.IsRevoked(attestation!.Keys.Signing)) return FcpStatus.AttestationRevoked;
        _store.Commit(new StateChange { Attestations = [attestation] });
        Attestations = after;
        return status;
    }

    private FcpStatus TakeRevocationsBack(ReadOnlySpan<byte> cbor, ulong nowUnixSeconds)
    {
        FcpStatus status = Revocations.Take(cbor, Key.PublicKey, nowUnixSeconds, _crypto.Signatures, out RevocationHistory after);
        if (ReferenceEquals(after, Revocations)) return status;
        _store.Commit(new StateChange { Revocations = after });
        Revocations = after;
        return status;
    }

    private FcpStatus TakeProfileBack(ReadOnlySpan<byte> cbor)
    {
        FcpStatus status = ZoneSecurityProfile.Parse(cbor, out ZoneSecurityProfile? parsed);
        if (status != FcpStatus.Accepted) return status;
        ZoneState before = Find(parsed!.Zone) ?? new ZoneState { Zone = parsed.Zone, Owner = Key.PublicKey };
        ProfileOutcome outcome = ProfileAcceptance.Judge(cbor, parsed.Zone, Key.PublicKey, before.Profiles, _crypto.Signatures);
        if (outcome.History != before.Profiles) Keep(before, before with { Profiles = outcome.History }, cbor, forgetsKeys: false);
        return outcome.Status;
    }

    private FcpStatus TakeManifestBack(ReadOnlySpan<byte> cbor, ulong nowUnixSeconds)
    {
        FcpStatus status = ZoneKeyManifest.Parse(cbor, out ZoneKeyManifest? parsed);
        if (status != FcpStatus.Accepted) return status;
        if (parsed!.Zone.IsEmpty) return FcpStatus.ZoneIdMismatch;
        ZoneState before = Find(parsed.Zone) ?? new ZoneState { Zone = parsed.Zone, Owner = Key.PublicKey };
        using ManifestOutcome outcome = ManifestAcceptance.Judge(cbor, before, default, nowUnixSeconds, _crypto);
        if (!ReferenceEquals(outcome.State, before)) Keep(before, outcome.State, cbor, forgetsKeys: outcome.State.Current?.ZoneKeyId != before.Current?.ZoneKeyId);
        return outcome.Status;
    }

    private void Keep(ZoneState before, ZoneState after, ReadOnlySpan<byte> record, bool forgetsKeys)
    {
        ZoneId zone = after.Zone;
        bool isNew = !_zones.TryGetValue(zone, out OwnedZone? owned);
        using var none = new Protocol.Keys.ZoneKeyRingImage { Zone = zone };
        _store.Commit(new StateChange { Zones = [new ZoneChange(isNew ? null : before, after) { Record = record.ToArray(), Ring = forgetsKeys ? none : null }] });
        if (forgetsKeys) owned?.Secrets?.Dispose();
        _zones[zone] = new OwnedZone(after, forgetsKeys ? null : owned?.Secrets);
    }
}
