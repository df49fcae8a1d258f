using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Groups;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Mls;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Nodes;

/// <content>The groups of MLS zones: messages and grants that come, epochs that are entered. [WIRE §14]</content>
public sealed partial class NodeState
{
    /// <summary>How long a key package is offered before a fresh one takes its place.</summary>
    public const ulong OfferSecondsMax = 14 * 86_400;

    private readonly Dictionary<ZoneId, NodeGroup> _groups = [];
    private readonly TurnClock _time = new();
    private readonly List<(ZoneId Zone, ControlRecord Record)> _made = [];

    /// <summary>The epoch of this node's group of a zone; null if it is in none.</summary>
    public EpochId? EpochOf(ZoneId zone) => _groups.GetValueOrDefault(zone)?.Open?.Epoch;

    /// <summary>The records that this node made of its own accord since it was last asked: key packages, commits, manifests of its zones' epochs.</summary>
    /// <remarks>All of them are durable; who connects later gets them by asking.</remarks>
    public IReadOnlyList<(ZoneId Zone, ControlRecord Record)> TakeMade()
    {
        if (_made.Count == 0) return [];
        (ZoneId Zone, ControlRecord Record)[] made = [.. _made];
        _made.Clear();
        return made;
    }

    /// <summary>Asks for fresh keys of this node in a zone's group; they come with the epoch of its commit.</summary>
    /// <remarks>Errors: <c>NotMember</c> for a zone in whose group this node is not.</remarks>
    public FcpStatus Heal(ZoneId zone, ulong nowUnixSeconds)
    {
        _time.NowUnixSeconds = nowUnixSeconds;
        Refresh();
        if (_groups.GetValueOrDefault(zone) is not { Open: { } open } group) return FcpStatus.NotMember;
        if (open.PendingCommit is null && !Commits(group, open.Heal())) return FcpStatus.InvalidGroupMessage;
        Advance(group, nowUnixSeconds);
        return FcpStatus.Accepted;
    }

    /// <summary>True if a node is to hear of an MLS zone: its coordinator, and whom the owner wants added.</summary>
    internal bool GroupConcerns(ZoneId zone, NodeId node) =>
        _zones.GetValueOrDefault(zone)?.State.Profiles.InForce?.Coordinator == node
        || (_groups.TryGetValue(zone, out NodeGroup? group) && group.Grants.Any(held => held.Grant.Node == node));

    private RecordVerdict TakeHealOrder(ReadOnlySpan<byte> bytes, ulong nowUnixSeconds)
    {
        FcpStatus status = HealOrder.Parse(bytes, out ZoneId zone);
        return new RecordVerdict(status == FcpStatus.Accepted ? Heal(zone, nowUnixSeconds) : status);
    }

    private RecordVerdict TakeGrant(ReadOnlySpan<byte> bytes, ulong nowUnixSeconds)
    {
        FcpStatus status = MembershipGrant.Parse(bytes, out MembershipGrant? grant);
        if (status != FcpStatus.Accepted) return new RecordVerdict(status);
        if (!grant!.IsOf(Owner, _crypto.Signatures)) return new RecordVerdict(FcpStatus.InvalidSignature);
        if (!IsOfAGroup(grant.Zone)) return new RecordVerdict(FcpStatus.ProfileMissing) { Zone = grant.Zone, IsBehind = true };
        NodeGroup group = GroupOf(grant.Zone);
        if (group.Open is { } open && grant.Serial <= open.SerialFloor) return new RecordVerdict(FcpStatus.Accepted);
        if (group.Grants.FirstOrDefault(held => held.Grant.Serial == grant.Serial) is { } known)
        {
            bool isSame = (known.Grant.Action, known.Grant.Node) == (grant.Action, grant.Node);
            return isSame ? new RecordVerdict(FcpStatus.Accepted) : new RecordVerdict(FcpStatus.GrantReused) { Zone = grant.Zone, Alarm = NodeAlarmKind.Equivocation };
        }

        var fresh = new HeldGrant(grant, nowUnixSeconds);
        bool isForUs = grant is { Action: MembershipAction.Add } && grant.Node == Node;
        if (isForUs && group.Open is { } old)
        {
            old.Dispose(); // the owner adds this node anew: what it knew of the group is over
            group.Slot.Write(default);
        }

        Commit(group, new GroupChange(grant.Zone) { Grants = [fresh] });
        group.Grants = [.. group.Grants.Append(fresh).OrderBy(static held => held.Grant.Serial)];
        if (isForUs) Offer(group, nowUnixSeconds);
        Advance(group, nowUnixSeconds);
        return new RecordVerdict(FcpStatus.Accepted) { IsNews = true, Zone = grant.Zone };
    }

    private RecordVerdict TakeGroupMessage(ReadOnlySpan<byte> bytes, NodeId from, ulong nowUnixSeconds)
    {
        FcpStatus status = GroupMessage.Parse(bytes, out GroupMessage? message);
        if (status != FcpStatus.Accepted) return new RecordVerdict(status);
        ZoneId zone = message!.Zone;
        if (!IsOfAGroup(zone)) return new RecordVerdict(FcpStatus.ProfileMissing) { Zone = zone, IsBehind = true };
        if (_store.ReadMessage(zone, message.Id) is not null) return new RecordVerdict(FcpStatus.Accepted);
        NodeGroup group = GroupOf(zone);
        NodeId offerer = default, maker = default;
        status = message.Kind == GroupMessageKind.KeyPackage ? JudgeOffer(message, out offerer) : Judge(group, message, out maker);
        if (status != FcpStatus.Accepted) return new RecordVerdict(status);
        if (message.Kind != GroupMessageKind.KeyPackage && message.Epoch < group.Open?.Epoch.Value) return new RecordVerdict(FcpStatus.Accepted); // too late, and of no use
        Commit(group, new GroupChange(zone) { Messages = [message], Offerer = offerer, Source = maker.IsEmpty ? from : maker });
        Advance(group, nowUnixSeconds);
        return new RecordVerdict(FcpStatus.Accepted) { IsNews = true, Zone = zone, IsUnproven = offerer.IsEmpty && maker.IsEmpty };
    }

    /// <summary>A commit or proposal of the present epoch is judged before it is kept or passed on; others as far as a stranger can, which is not at all.</summary>
    private static FcpStatus Judge(NodeGroup group, GroupMessage message, out NodeId maker)
    {
        maker = default;
        if (group.Open is not { } open || message.Epoch != open.Epoch.Value || message.Kind == GroupMessageKind.Welcome) return FcpStatus.Accepted;
        MlsVerdict verdict = open.Judge(message, out maker);
        if (verdict.IsAccepted && message.Kind == GroupMessageKind.Commit && !group.TryCount(maker, message.Epoch)) return FcpStatus.RecordBudgetExceeded;
        return verdict.Status is MlsStatus.Accepted or MlsStatus.Removed or MlsStatus.UnknownProposal ? FcpStatus.Accepted : FcpStatus.InvalidGroupMessage;
    }

    /// <summary>A key package counts if the owner's attestation vouches for it, and if it is not older than the one kept.</summary>
    private FcpStatus JudgeOffer(GroupMessage offer, out NodeId offerer)
    {
        offerer = default;
        if (MembershipOf(offer.Zone) is not { } membership) return FcpStatus.AttestationNodeMismatch;
        MlsVerdict verdict = ZoneGroup.OffererOf(membership, offer, out offerer, out ulong notBefore);
        if (!verdict.IsAccepted) return FcpStatus.InvalidGroupMessage;
        bool isOlder = GroupMessage.Parse(_store.ReadKeyPackage(offer.Zone, offerer), out GroupMessage? kept) == FcpStatus.Accepted
            && ZoneGroup.OffererOf(membership, kept!, out _, out ulong since).IsAccepted && since > notBefore;
        return isOlder ? FcpStatus.InvalidGroupMessage : FcpStatus.Accepted;
    }

    /// <summary>A manifest of an MLS zone: the group enters its epoch in the same change in which its key comes into the ring.</summary>
    private RecordVerdict TakeEpoch(ZoneKeyManifest manifest, ZoneState before, ulong nowUnixSeconds)
    {
        ZoneId zone = before.Zone;
        NodeGroup group = GroupOf(zone);
        var epochs = new ZoneEpochs(group, MembershipOf(zone), this, _store);
        using ManifestOutcome outcome = ManifestAcceptance.Judge(manifest.Encoded.Span, before, RecipientKeys.Of(Node, Keys), nowUnixSeconds, _crypto, epochs);
        RecordVerdict verdict = VerdictOf(outcome, zone);
        if (outcome.Status == FcpStatus.ObjectNotFound && group.BehindSinceUnixSeconds == 0) group.BehindSinceUnixSeconds = nowUnixSeconds;
        bool isUsed = outcome.Kind is ManifestOutcomeKind.Activated or ManifestOutcomeKind.Linked;
        if (!isUsed && epochs.Joined is { } useless) Forget(group, useless);
        if (ReferenceEquals(outcome.State, before)) return verdict;
        GroupChange change = new(zone)
        {
            Added = isUsed ? epochs.AddedBy(outcome.Manifest!) : default, Ordered = isUsed ? ZoneEpochs.MessagesOf(outcome.Manifest!) : [],
        };
        if (isUsed && epochs.Joined is null && group.Open is { } open)
        {
            epochs.Feed(open, outcome.Manifest!);
            FcpStatus entered = open.Enter(outcome.Manifest!);
            if (entered is not (FcpStatus.Accepted or FcpStatus.NotMember))
            {
                return new RecordVerdict(entered) { Zone = zone, IsBehind = entered == FcpStatus.ObjectNotFound };
            }
        }
        else if (isUsed && epochs.Joined is { } joined)
        {
            group.Group?.Dispose();
            group.Group = joined;
            change = change with { ForgetsOffered = true };
        }

        Use(outcome, _zones.GetValueOrDefault(zone), Finish(group, change), nowUnixSeconds);
        Settle(group, change);
        if (epochs.Joined is not null) group.Offered = null; // joining has erased its secrets
        group.BehindSinceUnixSeconds = 0;
        Continue(group, nowUnixSeconds);
        return verdict with { IsNews = true };
    }

    /// <summary>Joined, and not by a manifest that counts: the key package's secrets are read anew, to join when one comes.</summary>
    private void Forget(NodeGroup group, ZoneGroup useless)
    {
        useless.Dispose();
        group.Slot.Clear();
        _isStale = true;
    }

    /// <summary>Behind a new epoch: proposals of it that came early, and what this node still wants.</summary>
    private void Continue(NodeGroup group, ulong nowUnixSeconds)
    {
        if (group.Open is not { } open)
        {
            if (IsAwaited(group)) Offer(group, nowUnixSeconds);
            return;
        }

        ReceiveKept(open, group.Zone);
        if (open is { WantsHealing: true, PendingCommit: null }) Commits(group, open.Heal());
        Advance(group, nowUnixSeconds);
    }

    /// <summary>Sees to it that a key package of this node is offered, if the owner wants it added.</summary>
    private void Offer(NodeGroup group, ulong nowUnixSeconds)
    {
        bool isFresh = group.Offered is not null && nowUnixSeconds < group.OfferedAtUnixSeconds + OfferSecondsMax;
        if (group.Open is not null || isFresh || MembershipOf(group.Zone) is not { } membership) return;
        MlsKeyPackage package = ZoneGroup.NewKeyPackage(membership);
        GroupMessage message = GroupMessage.Of(group.Zone, 0, GroupMessageKind.KeyPackage, package.Message.Span);
        try
        {
            Commit(group, new GroupChange(group.Zone) { Offered = package, OfferedAtUnixSeconds = nowUnixSeconds, Messages = [message], Offerer = Node });
        }
        catch
        {
            package.Dispose();
            throw;
        }

        group.Offered?.Dispose();
        (group.Offered, group.OfferedAtUnixSeconds) = (package, nowUnixSeconds);
        Made(group.Zone, message);
    }

    /// <summary>A new profile: a group adopts its demands, or ends with the mode.</summary>
    private void FollowProfile(ZoneId zone, ulong nowUnixSeconds)
    {
        if (!IsOfAGroup(zone))
        {
            if (!_groups.TryGetValue(zone, out NodeGroup? over) || over.Group is null) return;
            over.Group.Dispose();
            over.Slot.Write(default);
            Commit(over, new GroupChange(zone) { ForgetsOffered = true });
            return;
        }

        NodeGroup group = GroupOf(zone);
        group.Open?.Adopt(_zones[zone].State.Profiles.Terms);
        Advance(group, nowUnixSeconds);
    }

    private void RenewInGroups(NodeKeyAttestation own)
    {
        foreach (NodeGroup group in _groups.Values)
        {
            group.Open?.Renew(own);
            _isStale |= group.AwaitsAttestation;
        }
    }

    private bool IsOfAGroup(ZoneId zone) => _zones.GetValueOrDefault(zone) is { State.IsOfAGroup: true };

    private SecurityTerms TermsOf(ZoneId zone) => _zones.GetValueOrDefault(zone)?.State.Profiles.Terms ?? SecurityTerms.Default;

    /// <summary>The owner wants this node added.</summary>
    private bool IsAwaited(NodeGroup group) => group.Grants.Any(held => held.Grant is { Action: MembershipAction.Add } add && add.Node == Node);

    private void Made(ZoneId zone, GroupMessage message) => _made.Add((zone, ControlRecord.Of(RecordKind.GroupMessage, message.Encoded.Span)));

    /// <summary>Gives a group the proposals of its present epoch that are kept.</summary>
    private void ReceiveKept(ZoneGroup open, ZoneId zone)
    {
        foreach (byte[] proposal in _store.ReadMessages(zone, GroupMessageKind.Proposal, open.Epoch.Value))
        {
            if (GroupMessage.Parse(proposal, out GroupMessage? message) == FcpStatus.Accepted) open.Receive(message!);
        }
    }

    private NodeGroup GroupOf(ZoneId zone)
    {
        if (!_groups.TryGetValue(zone, out NodeGroup? group)) _groups[zone] = group = new NodeGroup(zone) { JitterSeconds = DrawJitter(zone) };
        return group;
    }

    /// <summary>What this node brings to a zone's group; null while it has no attestation that counts for its keys.</summary>
    private ZoneMembership? MembershipOf(ZoneId zone)
    {
        bool isAttested = Attestations.Nodes.TryGetValue(Node, out NodeKeyAttestation? own) && own.Keys.Signing == Keys.Public.Signing;
        SecurityTerms terms = TermsOf(zone);
        return isAttested
            ? new ZoneMembership(zone, Owner, own!, Keys, _crypto, _time) { RequirePcs = terms.RequirePcs, MaxEpochSeconds = terms.MaxEpochSeconds }
            : null;
    }

    private void TakeUp(StoredGroup stored)
    {
        using (stored)
        {
            ZoneMembership? membership = MembershipOf(stored.Zone);
            var group = new NodeGroup(stored.Zone)
            {
                Grants = stored.Grants, OfferedAtUnixSeconds = stored.OfferedAtUnixSeconds, JitterSeconds = DrawJitter(stored.Zone),
                AwaitsAttestation = membership is null && stored.Record.Length > 0,
            };
            _groups.Add(stored.Zone, group);
            if (membership is null) return;
            if (stored.Record.Length > 0) group.Group = ZoneGroup.Restore(membership, stored.Record, group.Slot);
            if (group.Open is { } open)
            {
                ReceiveKept(open, stored.Zone);
                group.Slot.Clear(); // a proposal that is received again changes nothing that must be kept
            }

            if (stored is { OfferedInit: { } init, OfferedEncryption: { } leaf }) group.Offered = ZoneGroup.TakeUp(membership, stored.Offered.Span, init.CopyTo(_crypto.Vault), leaf.CopyTo(_crypto.Vault));
        }
    }

    /// <summary>What a change says of a group, with what the group itself wants stored.</summary>
    private static GroupChange Finish(NodeGroup group, GroupChange change) => group.Slot.Pending is { } record ? change with { Record = record } : change;

    /// <summary>After the change: what is used up goes.</summary>
    private static void Settle(NodeGroup group, GroupChange change)
    {
        group.Slot.Clear();
        if (change.GrantsDoneTo > 0) group.Grants = [.. group.Grants.Where(held => held.Grant.Serial > change.GrantsDoneTo)];
    }

    private void Commit(NodeGroup group, GroupChange change)
    {
        if (group.Open is { } open) change = change with { GrantsDoneTo = open.SerialFloor };
        Commit(new StateChange { Groups = [Finish(group, change)] });
        Settle(group, change);
    }

    private ulong DrawJitter(ZoneId zone)
    {
        ulong longest = TermsOf(zone).MaxEpochSeconds / JitterPart;
        Span<byte> drawn = stackalloc byte[sizeof(ulong)];
        _crypto.Random.Fill(drawn);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(drawn) % (longest + 1);
    }
}
