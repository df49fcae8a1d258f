using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Manifests;

/// <summary>Makes a zone's key ring follow its history.</summary>
/// <remarks>
/// Threads: the ring's one user.
/// Source:  [WIRE §11.5] (links), [WIRE §12.2] (going back), [WIRE §12.3], [WIRE §13.3].
/// </remarks>
public static class ZoneKeyInstaller
{
    /// <summary>Applies an outcome of any kind to the ring and ticks it; the state is to be stored before.</summary>
    /// <param name="outcome">As <see cref="ManifestAcceptance.Judge"/> gave it; its keys are taken.</param>
    /// <param name="ring">The ring of the same zone.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="nowUnixSeconds">The wall clock: the time of acceptance.</param>
    /// <param name="erased">Ids of zone keys erased now are added here, so that windows and subkeys can follow.</param>
    public static void Apply(
        ManifestOutcome outcome, ZoneKeyRing ring, CryptoProvider crypto, ulong nowUnixSeconds, ICollection<ZoneKeyId> erased)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(erased);
        ZoneState state = outcome.State;
        Invariant.Require(ring.Zone == state.Zone, "a ring follows the history of its own zone");
        DropEvidence(state.Manifests, ring, erased);
        if (outcome.TakeKeys() is { } keys) Install(state.Current!, keys, ring, crypto, nowUnixSeconds, erased);
        else Follow(state.Current, ring, nowUnixSeconds);
        ring.Tick(nowUnixSeconds, erased);
    }

    private static void Install(
        ManifestRecord current, ZoneSecrets keys, ZoneKeyRing ring, CryptoProvider crypto, ulong nowUnixSeconds, ICollection<ZoneKeyId> erased)
    {
        ulong sealsFrom = Math.Max(nowUnixSeconds, current.Order.ValidFromUnixSeconds);
        bool startsChain = current.Policy.EpochRatchet && ring.Find(keys.ZoneKeyId) is null;
        ZoneKey zoneKey = keys.Epoch is { } only ? new ZoneKey(keys.ZoneKeyId, current.Algorithm, keys.ZoneKey, sealsFrom, only) : startsChain
            ? new ZoneKey(keys.ZoneKeyId, current.Algorithm, StartChain(current, keys, ring, crypto, nowUnixSeconds), sealsFrom)
            : new ZoneKey(keys.ZoneKeyId, current.Algorithm, keys.ZoneKey, sealsFrom); // one that the ring has is disposed again by it
        ZoneKeyId? evicted = ring.Install(
            zoneKey, new ObjectIdKey(keys.ObjectIdKeyId, keys.ObjectIdKey), current.Policy.OverlapSeconds, current.Policy.EpochsRetained,
            nowUnixSeconds);
        if (evicted is { } id) erased.Add(id);
    }

    /// <summary>Turns the zone key into its chain at the present epoch and erases it.</summary>
    private static EpochKeyChain StartChain(
        ManifestRecord current, ZoneSecrets keys, ZoneKeyRing ring, CryptoProvider crypto, ulong nowUnixSeconds)
    {
        EpochId present = EpochSchedule.NumberAt(nowUnixSeconds);
        EpochId high = present.Value > ring.HighEpoch.Value ? present : ring.HighEpoch;
        EpochKeyChain chain;
        using (KeyLease lease = keys.ZoneKey.Lease())
        {
            Invariant.Require(lease.IsLive, "keys just opened are live");
            chain = new EpochKeyChain(
                crypto, keys.ZoneKeyId, lease.Bytes, ring.ZoneHash, current.Order.ValidFromUnixSeconds, current.Policy.EpochsRetained, high);
        }

        keys.ZoneKey.Dispose();
        return chain;
    }

    /// <summary>Without new keys: goes on with, or back to, the current manifest's keys if they are here, else seals nothing.</summary>
    private static void Follow(ManifestRecord? current, ZoneKeyRing ring, ulong nowUnixSeconds)
    {
        bool seals = current is { HasKeys: true }
            && ring.SealWith(current.ZoneKeyId, current.ObjectIdKeyId, current.Policy.EpochsRetained, nowUnixSeconds);
        if (seals) return;
        ulong overlap = current?.Policy.OverlapSeconds ?? RekeyPolicy.OverlapSecondsDefault;
        ulong from = current is null ? nowUnixSeconds : Math.Max(nowUnixSeconds, current.Order.ValidFromUnixSeconds);
        ring.StopSealing(current?.ZoneKeyId, from + overlap);
    }

    private static void DropEvidence(ManifestHistory history, ZoneKeyRing ring, ICollection<ZoneKeyId> erased)
    {
        foreach (ManifestRecord evidence in history.Evidence)
        {
            if (!Names(history.Accepted, evidence.ZoneKeyId) && ring.Drop(evidence.ZoneKeyId)) erased.Add(evidence.ZoneKeyId);
            if (!Names(history.Accepted, evidence.ObjectIdKeyId)) ring.Drop(evidence.ObjectIdKeyId);
        }
    }

    private static bool Names(ImmutableArray<ManifestRecord> records, ZoneKeyId id)
    {
        foreach (ManifestRecord record in records)
        {
            if (record.ZoneKeyId == id) return true;
        }

        return false;
    }

    private static bool Names(ImmutableArray<ManifestRecord> records, ObjectIdKeyId id)
    {
        foreach (ManifestRecord record in records)
        {
            if (record.ObjectIdKeyId == id) return true;
        }

        return false;
    }
}
