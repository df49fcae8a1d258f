using System;
using System.Collections.Immutable;
using System.Security.Cryptography;
using FcpFast.Control.Manifests;
using FcpFast.Mls;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <content>Which commit of an epoch counts: what the manifest says, and what whoever orders may sign.</content>
/// <remarks>Source: [WIRE §14].</remarks>
public sealed partial class ZoneGroup
{
    /// <summary>Where a manifest of the zone names its commit and its Welcome, behind the profile.</summary>
    private const int CommitRef = 1;

    /// <summary>What the manifest of the present epoch says; null where its commit is not known, as in the group's first epoch.</summary>
    public EpochAnnouncement? Announcement => _record.Commit.IsEmpty ? null : Announce(IdOf(_group.Export));

    /// <inheritdoc/>
    public FcpStatus Preview(ZoneKeyManifest manifest, out SecretKey? zoneKey, out EpochId epoch)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        zoneKey = null;
        epoch = new EpochId(_group.Epoch);
        if (!IsOpen) return FcpStatus.NotMember;
        FcpStatus status = Find(manifest, out GroupMessage? next);
        if (status != FcpStatus.Accepted) return status;
        if (next is null) return TryExport(_group.Export, manifest.ZoneKeyId, out zoneKey);
        LastVerdict = _group.Preview(next.Message.Span, out MlsPreview? preview);
        if (preview is null) return FcpStatus.ZoneKeyIdMismatch;
        using (preview)
        {
            epoch = new EpochId(preview.Epoch);
            return TryExport(preview.Export, manifest.ZoneKeyId, out zoneKey);
        }
    }

    /// <summary>Goes on to the epoch of a manifest that was judged: merges the own commit, or follows another's, and erases the epoch before.</summary>
    /// <remarks>
    /// Errors:  as <see cref="Preview"/>; <c>StorageFailed</c> if the record could not be written; <c>NotMember</c> if the commit removes this node,
    ///          whose group is closed then. Nothing has changed after the other refusals.
    /// </remarks>
    public FcpStatus Enter(ZoneKeyManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (!IsOpen) return FcpStatus.NotMember;
        FcpStatus status = Find(manifest, out GroupMessage? next);
        if (status != FcpStatus.Accepted || next is null) return status;
        GroupMessage? welcome = PendingCommit?.Id == next.Id ? PendingWelcome : null;
        MlsVerdict verdict = Move(next, welcome?.Encoded ?? default);
        return verdict.Status switch
        {
            MlsStatus.Accepted => FcpStatus.Accepted,
            MlsStatus.Removed => FcpStatus.NotMember,
            MlsStatus.StorageFailed => FcpStatus.StorageFailed,
            _ => FcpStatus.ZoneKeyIdMismatch,
        };
    }

    /// <summary>Orders a commit as the coordinator or the owner's own node: follows it at once, durably, so that no second one of the epoch can be.</summary>
    /// <param name="commit">The commit, the own one that waits or another member's.</param>
    /// <param name="welcome">Its Welcome, if somebody joins by it.</param>
    /// <param name="announcement">What the epoch's manifest must say, if accepted; after a crash <see cref="Announcement"/> says it again.</param>
    public MlsVerdict Order(GroupMessage commit, GroupMessage? welcome, out EpochAnnouncement? announcement)
    {
        ArgumentNullException.ThrowIfNull(commit);
        announcement = null;
        if (commit.Zone != _membership.Zone) return LastVerdict = MlsVerdict.Of(MlsStatus.WrongGroup);
        MlsVerdict verdict = Move(commit, welcome?.Encoded ?? default);
        if (verdict.IsAccepted) announcement = Announcement;
        return verdict;
    }

    /// <summary>The commit that leads to a manifest's epoch; null with success if the group is there already.</summary>
    private FcpStatus Find(ZoneKeyManifest manifest, out GroupMessage? next)
    {
        next = null;
        if (IdOf(_group.Export) == manifest.ZoneKeyId) return FcpStatus.Accepted;
        if (manifest.Header.Refs.Length <= CommitRef) return FcpStatus.ZoneKeyIdMismatch;
        next = FindCommit(new ObjectId(manifest.Header.Refs[CommitRef]));
        return next is null ? FcpStatus.ObjectNotFound : FcpStatus.Accepted;
    }

    /// <summary>The record says already what the next epoch will be when the group writes it; after a refusal it says again what is.</summary>
    private MlsVerdict Move(GroupMessage commit, ReadOnlyMemory<byte> welcome)
    {
        (ulong began, ulong floor, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> beforeWelcome) =
            (_record.BeganUnixSeconds, _record.SerialFloor, _record.Commit, _record.Welcome);
        _record.BeganUnixSeconds = _membership.NowSeconds;
        _record.SerialFloor = Math.Max(floor, GrantOf(commit)?.Serial ?? 0); // judged with the commit: a grant that does not count refuses it
        (ulong healed, bool wanted) = (_record.HealedUnixSeconds, _record.WantsHealing);
        if (PendingCommit?.Id == commit.Id) (_record.HealedUnixSeconds, _record.WantsHealing) = (_membership.NowSeconds, false);
        _record.Commit = commit.Encoded;
        _record.Welcome = welcome;
        LastVerdict = _group.Process(commit.Message.Span);
        if (LastVerdict.IsAccepted)
        {
            _rules.SerialFloor = _record.SerialFloor;
            _commits.Clear();
        }
        else
        {
            (_record.BeganUnixSeconds, _record.SerialFloor, _record.Commit, _record.Welcome) = (began, floor, before, beforeWelcome);
            (_record.HealedUnixSeconds, _record.WantsHealing) = (healed, wanted);
        }

        return LastVerdict;
    }

    /// <summary>The zone key of an epoch, if its id is the one asked for.</summary>
    private FcpStatus TryExport(EpochExports.Exporter export, ZoneKeyId wanted, out SecretKey? zoneKey)
    {
        zoneKey = null;
        if (IdOf(export) != wanted) return FcpStatus.ZoneKeyIdMismatch;
        Span<byte> key = stackalloc byte[CryptoSizes.KeyBytes];
        EpochExports.KeyOf(_membership.Zone, export, key);
        zoneKey = _membership.Crypto.Vault.Import(key);
        CryptographicOperations.ZeroMemory(key);
        return FcpStatus.Accepted;
    }

    private ZoneKeyId IdOf(EpochExports.Exporter export) => EpochExports.IdOf(_membership.Zone, export);

    private EpochAnnouncement Announce(ZoneKeyId id)
    {
        ImmutableArray<ObjectId> messages = _record.Welcome.IsEmpty
            ? [ObjectId.Unscoped(_record.Commit.Span)]
            : [ObjectId.Unscoped(_record.Commit.Span), ObjectId.Unscoped(_record.Welcome.Span)];
        return new EpochAnnouncement(id, messages, Epoch);
    }
}
