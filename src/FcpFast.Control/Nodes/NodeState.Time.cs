using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Store;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Nodes;

/// <content>What time does to keys, and what an operator must hear of.</content>
public sealed partial class NodeState
{
    /// <summary>How long the encryption key before the present one still opens what was sealed to it.</summary>
    public const ulong PreviousEncryptionSeconds = 86_400;

    /// <summary>How old an encryption key may become. [WIRE §13.3]</summary>
    public const ulong EncryptionSecondsMax = 30 * 86_400;

    /// <summary>How long before its end an attestation is to be renewed: the last sixth of a long one's life, and of a shorter one's as well.</summary>
    public const ulong RenewalSeconds = AttestationDraft.LifeSecondsMax / RenewalPart;

    private const ulong RenewalPart = 6;

    /// <summary>Moves keys and epochs on, and makes what was erased disappear from the disk too; to be called about once a second.</summary>
    /// <remarks>Source: [WIRE §12.3], [WIRE §13.3].</remarks>
    public void Tick(Instant now)
    {
        Refresh();
        TickGroups(now.UnixSeconds);
        ulong settled = _clock.Read(now);
        var changes = new List<ZoneChange>();
        bool erases = false;
        foreach (NodeZone zone in _zones.Values)
        {
            var before = (zone.Ring.Active?.Id, zone.Ring.HighEpoch, zone.Ring.ZoneKeys.Count, zone.Ring.ObjectIdKeyCount);
            zone.Ring.Tick(now.UnixSeconds, settled, []);
            var after = (zone.Ring.Active?.Id, zone.Ring.HighEpoch, zone.Ring.ZoneKeys.Count, zone.Ring.ObjectIdKeyCount);
            if (before == after) continue;
            erases |= before.Item3 != after.Item3 || before.Item4 != after.Item4 || zone.Ring.ZoneKeys.Any(static key => key.IsRatcheting);
            changes.Add(new ZoneChange(zone.State, zone.State) { Ring = zone.Ring.ToImage(_crypto.Vault) });
        }

        bool dropsKey = Keys.PreviousEncryption is not null && settled > EncryptionSinceUnixSeconds && settled - EncryptionSinceUnixSeconds > PreviousEncryptionSeconds;
        if (dropsKey) Keys.ErasePreviousEncryptionKey();
        if (changes.Count == 0 && !dropsKey) return;
        try
        {
            Commit(new StateChange
            {
                Zones = [.. changes], Keys = dropsKey ? Keys : null, EncryptionSinceUnixSeconds = EncryptionSinceUnixSeconds,
            });
        }
        finally
        {
            foreach (ZoneChange change in changes) change.Ring!.Dispose();
        }

        if (erases || dropsKey) _store.Scrub();
    }

    /// <summary>All that an operator must hear of now; the same again as long as it lasts.</summary>
    public IReadOnlyList<NodeAlarm> Alarms(ulong nowUnixSeconds)
    {
        var alarms = new List<NodeAlarm>();
        if (Attestations.Nodes.TryGetValue(Node, out NodeKeyAttestation? own)
            && own.ExpiresAtUnixSeconds < nowUnixSeconds + ((own.ExpiresAtUnixSeconds - own.IssuedAtUnixSeconds) / RenewalPart))
        {
            alarms.Add(new NodeAlarm(NodeAlarmKind.AttestationEnds, default, "this node's attestation ends soon, or has ended: 'fcpfast node request --renew', and have it attested"));
        }

        if (nowUnixSeconds > EncryptionSinceUnixSeconds && nowUnixSeconds - EncryptionSinceUnixSeconds > EncryptionSecondsMax)
        {
            alarms.Add(new NodeAlarm(NodeAlarmKind.EncryptionKeyTooOld, default, "the encryption key is older than 30 days: 'fcpfast node request --renew'"));
        }

        if (Revocations.JudgeFreshness(nowUnixSeconds) != FcpStatus.Accepted)
        {
            alarms.Add(new NodeAlarm(NodeAlarmKind.RevocationsStale, default, "the owner's list of revocations is older than the owner allows"));
        }

        if (_clock.IsSettling) alarms.Add(new NodeAlarm(NodeAlarmKind.ClockStepped, default, "the wall clock stepped ahead; nothing is erased by it until it has lasted a minute"));
        foreach (NodeZone zone in _zones.Values) AddAlarms(zone, nowUnixSeconds, alarms);
        AddGroupAlarms(nowUnixSeconds, alarms);
        return alarms;
    }

    private void AddAlarms(NodeZone zone, ulong nowUnixSeconds, List<NodeAlarm> alarms)
    {
        ZoneId id = zone.State.Zone;
        ulong oldest = zone.State.Profiles.Terms.MaxEpochSeconds;
        if (zone.Ring.Active is { } active && nowUnixSeconds > active.SealsFromUnixSeconds && nowUnixSeconds - active.SealsFromUnixSeconds > oldest)
        {
            alarms.Add(new NodeAlarm(NodeAlarmKind.KeyTooOld, id, $"the key of {id} is older than the {oldest} s that its profile allows: the owner is to rotate it"));
        }

        if (zone.State.Current is { HasKeys: false } && zone.State.IsMember(Node))
        {
            alarms.Add(new NodeAlarm(NodeAlarmKind.ZoneWithoutKey, id, $"the manifest in force brought no key of {id}: the owner is to rotate or wrap it again"));
        }

        if (zone.State.Manifests.AwaitsHealing)
        {
            alarms.Add(new NodeAlarm(
                NodeAlarmKind.Equivocation, id,
                $"two manifests of {id} contradict each other; neither is used. 'fcpfast zone evidence' shows them to anybody; the owner's next rotation heals it"));
        }
    }

}
