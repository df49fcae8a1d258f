using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Mls;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Nodes;

/// <content>Turning the epochs of MLS zones: what the coordinator orders, and when members ask for fresh keys. [WIRE §14]</content>
public sealed partial class NodeState
{
    /// <summary>An add waits so long for its node's key package before later ones go first; then it has lapsed, and the owner is to grant it anew.</summary>
    public const ulong GrantPatienceSeconds = 300;

    /// <summary>Zone keys in the ring from which on no wish for fresh keys is ordered: a key must not be pushed out before its overlap is over.</summary>
    public const int KeysForHealingMax = ZoneKeyRing.ZoneKeysMax - 4;

    /// <summary>Epochs that may be ahead of the one that seals now; removals do not wait.</summary>
    private const ulong KeysAheadMax = 8;

    /// <summary>How long a manifest waits for messages before an operator hears of it.</summary>
    public const ulong BehindSecondsMax = 300;

    /// <summary>Members spread their wishes for fresh keys over this part of the longest epoch.</summary>
    private const ulong JitterPart = 8;

    /// <summary>Commits that are compared before one is ordered: each is worth a decryption.</summary>
    private const int HealingsComparedMax = 32;

    private const int HealersKnownMax = 4096;

    private const int TurnsAtOnceMax = 64;

    private static readonly RekeyPolicy GroupPolicy = new() { RewrapOnMembershipChange = true, RotateObjectIdKeyOnMembershipChange = true };

    private readonly Dictionary<(ZoneId Zone, NodeId Node), ulong> _lapsed = [];

    /// <summary>What time demands of groups: fresh keys that are due, key packages that grow old.</summary>
    private void TickGroups(ulong nowUnixSeconds)
    {
        _time.NowUnixSeconds = nowUnixSeconds;
        foreach (ZoneId zone in _zones.Keys.Where(zone => IsCoordinator(zone) && !_groups.ContainsKey(zone)).ToArray()) GroupOf(zone); // one to begin
        foreach (NodeGroup group in _groups.Values.ToArray())
        {
            if (!IsOfAGroup(group.Zone)) continue;
            if (group.Open is not { } open)
            {
                if (IsAwaited(group)) Offer(group, nowUnixSeconds);
            }
            else if (!IsCoordinator(group.Zone) && open.PendingCommit is null && IsStale(group, open, nowUnixSeconds))
            {
                Commits(group, open.Heal());
            }

            Advance(group, nowUnixSeconds);
        }
    }

    /// <summary>True if this node's keys have served as long as an epoch may last, or show an attestation that was renewed.</summary>
    private bool IsStale(NodeGroup group, ZoneGroup open, ulong nowUnixSeconds)
    {
        ulong longest = _zones[group.Zone].State.Profiles.Terms.MaxEpochSeconds;
        return nowUnixSeconds >= open.HealedUnixSeconds + longest + group.JitterSeconds || open.ShowsOldAttestation;
    }

    private bool IsCoordinator(ZoneId zone) => _zones.GetValueOrDefault(zone)?.State.Profiles.InForce?.Coordinator == Node;

    /// <summary>Stores a commit of this node's own that waits, and lets the others hear of it.</summary>
    private bool Commits(NodeGroup group, MlsVerdict verdict)
    {
        if (!verdict.IsAccepted)
        {
            group.Slot.Clear();
            return false;
        }

        GroupMessage commit = group.Open!.PendingCommit!;
        Commit(group, new GroupChange(group.Zone) { Messages = [commit] });
        if (!IsCoordinator(group.Zone)) Made(group.Zone, commit);
        return true;
    }

    /// <summary>As the zone's coordinator: orders whatever is to be ordered.</summary>
    private void Advance(NodeGroup group, ulong nowUnixSeconds)
    {
        if (!IsCoordinator(group.Zone) || _isStale || !TryBegin(group)) return;
        for (int turns = 0; turns < TurnsAtOnceMax && !_isStale && TryTurn(group, nowUnixSeconds); turns++)
        {
        }
    }

    /// <summary>The coordinator begins the group of a new zone.</summary>
    private bool TryBegin(NodeGroup group)
    {
        if (group.Open is not null) return true;
        bool isNew = group is { Group: null, AwaitsAttestation: false } && _zones[group.Zone].State.Manifests.Accepted.IsEmpty && _zones[group.Zone].State.Manifests.Evidence.IsEmpty;
        if (!isNew || MembershipOf(group.Zone) is not { } membership) return false;
        group.Group = ZoneGroup.Create(membership, group.Slot);
        return group.Open is { } open && open.Heal().IsAccepted; // its first epoch has no commit that a manifest could name
    }

    private bool TryTurn(NodeGroup group, ulong nowUnixSeconds)
    {
        ZoneGroup open = group.Open!;
        NodeZone held = _zones[group.Zone];
        if (held.State.Manifests.AwaitsHealing) return false;
        bool isAhead = open.Epoch.Value > (held.Ring.Active?.OnlyEpoch?.Value ?? 0) + KeysAheadMax; // the others have to hear of every key before its time
        (GroupMessage Commit, GroupMessage? Welcome, bool Removes)? next = NextGranted(group, open, isAhead, nowUnixSeconds) ?? (isAhead ? null : NextHealing(group, open, held.Ring));
        if (next is not { } chosen)
        {
            if (group.Slot.Pending is not null) Commit(group, new GroupChange(group.Zone));
            return false;
        }

        return TryOrder(group, open, held, chosen.Commit, chosen.Welcome, chosen.Removes, nowUnixSeconds);
    }

    /// <summary>The next change of members: removals at once, adds in the order of their serials as soon as the node offers itself.</summary>
    private (GroupMessage Commit, GroupMessage? Welcome, bool Removes)? NextGranted(NodeGroup group, ZoneGroup open, bool removesOnly, ulong nowUnixSeconds)
    {
        HeldGrant[] usable = [.. group.Grants.Where(held => held.Grant.Serial > open.SerialFloor)];
        if (usable.Length == 0) return null;
        HashSet<NodeId> members = [.. open.Members()];
        foreach (HeldGrant removal in usable.Where(held => held.Grant.Action == MembershipAction.Remove && members.Contains(held.Grant.Node) && held.Grant.Node != Node))
        {
            if (Plan(open, () => open.Remove(removal.Grant)) is { } planned) return (planned.Commit, null, true);
        }

        if (removesOnly) return null;
        foreach (HeldGrant add in usable.Where(held => held.Grant.Action == MembershipAction.Add && !members.Contains(held.Grant.Node)))
        {
            bool isOffered = GroupMessage.Parse(_store.ReadKeyPackage(group.Zone, add.Grant.Node), out GroupMessage? package) == FcpStatus.Accepted;
            if (isOffered && Plan(open, () => open.Add(add.Grant, package!)) is { } planned) return (planned.Commit, planned.Welcome, false);
            if (nowUnixSeconds < add.TakenAtUnixSeconds + GrantPatienceSeconds) return null; // later ones wait for it
        }

        return null;
    }

    /// <summary>The next healing: the own commit that waits, the first of another member's, or an own one when the epoch has lasted long enough.</summary>
    private (GroupMessage Commit, GroupMessage? Welcome, bool Removes)? NextHealing(NodeGroup group, ZoneGroup open, ZoneKeyRing ring)
    {
        bool isDue = open.IsDue || open.ShowsOldAttestation || open.Announcement is null;
        if (ring.ZoneKeys.Count >= KeysForHealingMax && !isDue) return null;
        if (open.PendingCommit is { } own) return (own, null, false);
        if (FirstHealing(group, open) is { } others) return (others, null, false);
        if (!isDue && !open.WantsHealing) return null;
        return open.Heal().IsAccepted ? (open.PendingCommit!, null, false) : null;
    }

    /// <summary>Of the commits that wait the one whose maker has waited longest since its last one; between equals the first that came.</summary>
    private GroupMessage? FirstHealing(NodeGroup group, ZoneGroup open)
    {
        (GroupMessage Commit, NodeId Maker, ulong OrderedIn)? best = null;
        int good = 0;
        foreach (byte[] record in _store.ReadMessages(group.Zone, GroupMessageKind.Commit, open.Epoch.Value))
        {
            if (GroupMessage.Parse(record, out GroupMessage? commit) != FcpStatus.Accepted || ZoneGroup.AddedBy(commit!) is not null) continue;
            if (!open.Judge(commit!, out NodeId maker).IsAccepted) continue;
            ulong orderedIn = group.OrderedIn.GetValueOrDefault(maker);
            if (best is null || orderedIn < best.Value.OrderedIn) best = (commit!, maker, orderedIn);
            if (orderedIn == 0 || ++good == HealingsComparedMax) break;
        }

        if (best is not { } chosen) return null;
        if (group.OrderedIn.Count == HealersKnownMax) group.OrderedIn.Clear();
        group.OrderedIn[chosen.Maker] = open.Epoch.Value;
        return chosen.Commit;
    }

    /// <summary>Makes a commit in place of one that waits, which is made again in the next epoch.</summary>
    private static (GroupMessage Commit, GroupMessage? Welcome)? Plan(ZoneGroup open, Func<MlsVerdict> make)
    {
        if (open.PendingCommit is not null) open.Drop();
        return make().IsAccepted ? (open.PendingCommit!, open.PendingWelcome) : null;
    }

    /// <summary>Orders a commit and signs the manifest of its epoch: one change with the group's record and the new key.</summary>
    private bool TryOrder(NodeGroup group, ZoneGroup open, NodeZone held, GroupMessage commit, GroupMessage? welcome, bool removes, ulong nowUnixSeconds)
    {
        if (!open.Order(commit, welcome, out EpochAnnouncement? announcement).IsAccepted)
        {
            _isStale = true;
            return false;
        }

        FcpStatus status = AuthorEpoch(open, held, announcement!, removes, nowUnixSeconds, out ZoneKeyManifest? manifest);
        ZoneState before = held.State;
        if (status == FcpStatus.Accepted)
        {
            var epochs = new ZoneEpochs(group, null, this, _store);
            using ManifestOutcome outcome = ManifestAcceptance.Judge(manifest!.Encoded.Span, before, RecipientKeys.Of(Node, Keys), nowUnixSeconds, _crypto, epochs);
            if (outcome.Kind == ManifestOutcomeKind.Activated)
            {
                var change = new GroupChange(group.Zone) { Messages = welcome is null ? [commit] : [commit, welcome], Ordered = announcement!.Messages, Added = ZoneGroup.AddedBy(commit) ?? default, GrantsDoneTo = open.SerialFloor };
                NoteLapsed(group, open);
                Use(outcome, held, Finish(group, change), nowUnixSeconds);
                Settle(group, change);
                Made(group.Zone, commit);
                if (welcome is not null) Made(group.Zone, welcome);
                _made.Add((group.Zone, ControlRecord.Of(RecordKind.Manifest, manifest.Encoded.Span)));
                return true;
            }
        }

        _isStale = true; // nothing was stored: the group is read anew, in the epoch before (a clock far behind the history, for one)
        return false;
    }

    private FcpStatus AuthorEpoch(
        ZoneGroup open, NodeZone held, EpochAnnouncement announcement, bool removes, ulong nowUnixSeconds, out ZoneKeyManifest? manifest)
    {
        ZoneState state = held.State;
        RekeyPolicy policy = state.Current?.Policy ?? GroupPolicy;
        var recipients = new List<KeyValuePair<NodeId, PublicKey>>();
        foreach (NodeId member in open.Members())
        {
            NodeKeyAttestation? filed = Attestations.Nodes.GetValueOrDefault(member) ?? open.AttestationOf(member);
            if (filed is not null) recipients.Add(KeyValuePair.Create(member, filed.Keys.Encryption));
        }

        ulong lead = removes || state.Current is null ? 0 : ManifestDraft.LeadSecondsDefault;
        ManifestDraft draft = (ManifestDraft.Rotate(state, nowUnixSeconds, lead) with { EpochMessages = announcement.Messages, RekeyPolicy = policy }).To(recipients);
        ObjectIdKey? present = held.Ring.ActiveObjectIdKey;
        bool isFresh = present is null || (removes && policy.RotateObjectIdKeyOnMembershipChange);
        using SecretKey objectIdKey = isFresh ? NodeKeys.Draw(_crypto) : present!.Key.CopyTo(_crypto.Vault);
        return ManifestAuthor.AuthorEpoch(
            draft, announcement.ZoneKeyId, isFresh ? DrawId() : present!.Id, objectIdKey, Keys.Sign, Node, nowUnixSeconds, _crypto, out manifest);
    }

    private ObjectIdKeyId DrawId()
    {
        Span<byte> id = stackalloc byte[ObjectIdKeyId.Length];
        _crypto.Random.Fill(id);
        return new ObjectIdKeyId(Bytes8.Read(id));
    }

    private void NoteLapsed(NodeGroup group, ZoneGroup open)
    {
        HashSet<NodeId> members = [.. open.Members()];
        foreach (HeldGrant held in group.Grants.Where(held => held.Grant.Serial <= open.SerialFloor && held.Grant.Action == MembershipAction.Add))
        {
            if (!members.Contains(held.Grant.Node)) _lapsed[(group.Zone, held.Grant.Node)] = held.Grant.Serial;
        }

        foreach (NodeId member in members) _lapsed.Remove((group.Zone, member));
    }

    private void AddGroupAlarms(ulong nowUnixSeconds, List<NodeAlarm> alarms)
    {
        foreach (NodeGroup group in _groups.Values)
        {
            bool isBehind = group.BehindSinceUnixSeconds > 0 && nowUnixSeconds > group.BehindSinceUnixSeconds + BehindSecondsMax;
            if (isBehind)
            {
                alarms.Add(new NodeAlarm(
                    NodeAlarmKind.GroupBehind, group.Zone,
                    $"messages of {group.Zone}'s group are missing and nobody has them: the owner is to remove this node ('fcpfast zone remove') and to add it anew"));
            }

            if (!IsCoordinator(group.Zone) || group.Open is not { } open) continue;
            foreach (HeldGrant held in group.Grants.Where(held => held.Grant.Action == MembershipAction.Add && held.Grant.Serial > open.SerialFloor))
            {
                bool isLate = nowUnixSeconds > held.TakenAtUnixSeconds + GrantPatienceSeconds;
                if (isLate) alarms.Add(new NodeAlarm(NodeAlarmKind.GrantWaits, group.Zone, $"{held.Grant.Node} is to be added to {group.Zone} and has not offered itself: start it, or bring its records here"));
            }
        }

        foreach ((ZoneId zone, NodeId node) in _lapsed.Keys)
        {
            alarms.Add(new NodeAlarm(NodeAlarmKind.GrantWaits, zone, $"the leave to add {node} to {zone} has lapsed, since later changes went first: the owner is to add it again"));
        }
    }
}
