using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Revocations;
using FcpFast.Control.Store;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Nodes;

/// <content>One record after the other: judge, store, use.</content>
public sealed partial class NodeState
{
    private RecordVerdict TakeAttestation(ReadOnlySpan<byte> bytes, ulong nowUnixSeconds)
    {
        FcpStatus status = Attestations.File(bytes, Owner, nowUnixSeconds, _crypto.Signatures, out AttestationDirectory after);
        if (status == FcpStatus.Accepted && ReferenceEquals(after, Attestations)) return new RecordVerdict(status);
        if (status != FcpStatus.Accepted || NodeKeyAttestation.Parse(bytes, out NodeKeyAttestation? filed) != FcpStatus.Accepted) return new RecordVerdict(status);
        if (Revocations.IsRevoked(filed!.Keys.Signing)) return new RecordVerdict(FcpStatus.AttestationRevoked);
        var change = new StateChange { Attestations = [filed] };
        bool isSelf = filed.Node == Node, promotes = isSelf && Keys.NextEncryption is not null && filed.Keys == Keys.Requested();
        if (promotes)
        {
            Keys.PromoteNextEncryptionKey();
            change = change with { Keys = Keys, EncryptionSinceUnixSeconds = nowUnixSeconds };
        }

        Commit(change);
        Attestations = after;
        if (promotes) EncryptionSinceUnixSeconds = nowUnixSeconds;
        if (isSelf) RenewInGroups(filed);
        return new RecordVerdict(status)
        {
            IsNews = true, ChangesPeers = true, Alarm = isSelf && filed.Keys != Keys.Public ? NodeAlarmKind.OwnKeysReplaced : NodeAlarmKind.None,
        };
    }

    private RecordVerdict TakeRevocations(ReadOnlySpan<byte> bytes, ulong nowUnixSeconds)
    {
        FcpStatus status = Revocations.Take(bytes, Owner, nowUnixSeconds, _crypto.Signatures, out RevocationHistory after);
        NodeAlarmKind alarm = status == FcpStatus.RevocationEquivocation ? NodeAlarmKind.Equivocation : NodeAlarmKind.None;
        if (ReferenceEquals(after, Revocations)) return new RecordVerdict(status) { Alarm = alarm };
        Commit(new StateChange { Revocations = after });
        Revocations = after;
        if (after.IsRevoked(Keys.Public.Signing)) alarm = NodeAlarmKind.OwnKeysReplaced;
        return new RecordVerdict(status) { IsNews = true, ChangesPeers = true, Alarm = alarm };
    }

    private RecordVerdict TakeProfile(ReadOnlySpan<byte> bytes, ulong nowUnixSeconds)
    {
        FcpStatus status = ZoneSecurityProfile.Parse(bytes, out ZoneSecurityProfile? parsed);
        if (status != FcpStatus.Accepted) return new RecordVerdict(status);
        if (!TryFind(parsed!.Zone, out NodeZone? held, out ZoneState before)) return new RecordVerdict(FcpStatus.PeerTableFull);
        ProfileOutcome outcome = ProfileAcceptance.Judge(bytes, parsed.Zone, Owner, before.Profiles, _crypto.Signatures);
        var verdict = new RecordVerdict(outcome.Status)
        {
            Zone = parsed.Zone, Alarm = outcome.Status == FcpStatus.ProfileEquivocation ? NodeAlarmKind.Equivocation : NodeAlarmKind.None,
        };
        if (outcome.History == before.Profiles) return verdict;
        ZoneState after = before with { Profiles = outcome.History };
        Commit(new StateChange { Zones = [new ZoneChange(held?.State, after) { Record = bytes.ToArray() }] });
        _zones[parsed.Zone] = held is null ? new NodeZone(after, new ZoneKeyRing(parsed.Zone)) : held with { State = after };
        FollowProfile(parsed.Zone, nowUnixSeconds);
        return verdict with { IsNews = true };
    }

    private RecordVerdict TakeManifest(ReadOnlySpan<byte> bytes, ulong nowUnixSeconds)
    {
        FcpStatus status = ZoneKeyManifest.Parse(bytes, out ZoneKeyManifest? parsed);
        if (status != FcpStatus.Accepted) return new RecordVerdict(status);
        ZoneId zone = parsed!.Zone;
        if (zone.IsEmpty) return new RecordVerdict(FcpStatus.ZoneIdMismatch);
        if (!TryFind(zone, out NodeZone? held, out ZoneState before)) return new RecordVerdict(FcpStatus.PeerTableFull);
        if (before.IsOfAGroup) return TakeEpoch(parsed, before, nowUnixSeconds);
        using ManifestOutcome outcome = ManifestAcceptance.Judge(bytes, before, RecipientKeys.Of(Node, Keys), nowUnixSeconds, _crypto);
        RecordVerdict verdict = VerdictOf(outcome, zone);
        if (ReferenceEquals(outcome.State, before)) return verdict;
        Use(outcome, held, null, nowUnixSeconds);
        return verdict with { IsNews = true };
    }

    private static RecordVerdict VerdictOf(ManifestOutcome outcome, ZoneId zone) => new(outcome.Status)
    {
        Zone = zone,
        IsBehind = outcome.Status is FcpStatus.ProfileMissing or FcpStatus.ObjectNotFound || outcome.HistoryStatus == FcpStatus.ManifestGap,
        Alarm = outcome.Evidence.IsEmpty ? NodeAlarmKind.None : NodeAlarmKind.Equivocation,
    };

    /// <summary>Stores what became of a manifest, its keys and its group's epoch in one change, and uses it then.</summary>
    private void Use(ManifestOutcome outcome, NodeZone? held, GroupChange? group, ulong nowUnixSeconds)
    {
        ZoneId zone = outcome.State.Zone;
        ZoneKeyRing ring = CopyOf(zone, held?.Ring);
        try
        {
            ZoneKeyInstaller.Apply(outcome, ring, _crypto, nowUnixSeconds, []);
            using ZoneKeyRingImage image = ring.ToImage(_crypto.Vault);
            ReadOnlyMemory<byte>? whole = Keeps(outcome.Manifest!) ? outcome.Manifest!.Encoded : null;
            Commit(new StateChange
            {
                Zones = [new ZoneChange(held?.State, outcome.State) { Ring = image, Record = whole }], Groups = group is null ? [] : [group],
            });
        }
        catch
        {
            ring.Dispose();
            throw;
        }

        _zones[zone] = new NodeZone(outcome.State, ring);
        held?.Ring.Dispose();
    }

    private RecordVerdict TakeStatement(ReadOnlySpan<byte> bytes, ulong nowUnixSeconds)
    {
        FcpStatus status = GenerationStatement.Parse(bytes, out GenerationStatement? statement);
        if (status != FcpStatus.Accepted) return new RecordVerdict(status);
        if (statement!.Node == Node) return TakeOwnStatement(statement, nowUnixSeconds);
        status = Attestations.Find(statement.Node, nowUnixSeconds, out NodeKeyAttestation? attestation);
        if (status != FcpStatus.Accepted) return new RecordVerdict(status);
        if (!statement.Verifies(attestation!.Keys.Signing, _crypto.Signatures)) return new RecordVerdict(FcpStatus.InvalidGeneration);
        bool isHigher = !Statements.TryGetValue(statement.Node, out GenerationStatement? kept) || statement.Generation > kept.Generation;
        if (!isHigher) return new RecordVerdict(FcpStatus.Accepted);
        Commit(new StateChange { Statements = [statement] });
        Statements = Statements.SetItem(statement.Node, statement);
        return new RecordVerdict(FcpStatus.Accepted);
    }

    /// <summary>A statement of this node's own that is not of this start, yet not below it, tells that the disk was put back. [REPLAY §5.5]</summary>
    private RecordVerdict TakeOwnStatement(GenerationStatement statement, ulong nowUnixSeconds)
    {
        if (!statement.Verifies(Keys.Public.Signing, _crypto.Signatures)) return new RecordVerdict(FcpStatus.InvalidGeneration);
        bool isOfAnotherLife = Statement is not null && statement.Generation >= Generation && !statement.Encoded.Span.SequenceEqual(Statement.Encoded.Span);
        if (!isOfAnotherLife) return new RecordVerdict(FcpStatus.Accepted);
        Begin(_lastMark with { NowUnixSeconds = nowUnixSeconds, WitnessGeneration = statement.Generation });
        return new RecordVerdict(FcpStatus.Accepted) { Alarm = NodeAlarmKind.StateRolledBack };
    }

    private bool TryFind(ZoneId zone, out NodeZone? held, out ZoneState state)
    {
        held = _zones.GetValueOrDefault(zone);
        state = held?.State ?? new ZoneState { Zone = zone, Owner = Owner };
        return held is not null || _zones.Count < ZonesMax;
    }

    private ZoneKeyRing CopyOf(ZoneId zone, ZoneKeyRing? from)
    {
        var ring = new ZoneKeyRing(zone);
        if (from is not null) ring.Adopt(from.ToImage(_crypto.Vault), _crypto, []);
        return ring;
    }

    /// <summary>False for a manifest with a box that this node could open again after its epochs were erased. [WIRE §13.3]</summary>
    private bool Keeps(ZoneKeyManifest manifest) =>
        IsArchive || manifest.RekeyPolicy is not { EpochRatchet: true } || !manifest.Recipients().Contains(Node);
}
