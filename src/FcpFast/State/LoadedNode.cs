using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;

namespace FcpFast.State;

/// <summary>What a node's state folder says, judged: identity, peers, zones.</summary>
/// <remarks>
/// Shape:   every record is judged as if it came from a stranger. What is refused is told in <see cref="Faults"/> with its file and reason.
/// Threads: one user.
/// </remarks>
public sealed class LoadedNode : IDisposable
{
    private LoadedNode(NodeId id, NodeKeys keys, PublicKey owner)
    {
        Id = id;
        Keys = keys;
        Owner = owner;
    }

    /// <summary>The node.</summary>
    public NodeId Id { get; }

    /// <summary>Its keys.</summary>
    public NodeKeys Keys { get; }

    /// <summary>Its owner.</summary>
    public PublicKey Owner { get; }

    /// <summary>The identities on file, also those that do not count (any more): a handshake tells why.</summary>
    public PeerDirectory Peers { get; } = new();

    /// <summary>The zones with at least one accepted manifest.</summary>
    public IReadOnlyDictionary<ZoneId, LoadedZone> Zones => _zones;

    /// <summary>Records that were refused: file, and reason by name.</summary>
    public IReadOnlyList<string> Faults => _faults;

    private readonly Dictionary<ZoneId, LoadedZone> _zones = [];
    private readonly List<string> _faults = [];

    /// <summary>Reads and judges a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    public static LoadedNode Load(NodeFolder folder, CryptoProvider crypto, ulong nowUnixSeconds)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(crypto);
        var node = new LoadedNode(folder.ReadNodeId(), folder.ReadKeys(crypto), folder.ReadOwner());
        foreach ((string path, byte[] record) in folder.ReadAttestations()) node.TakeAttestation(path, record, crypto.Signatures, nowUnixSeconds);
        var profiles = new Dictionary<ZoneId, ProfileHistory>();
        foreach ((string path, byte[] record) in folder.ReadProfiles()) node.TakeProfile(path, record, profiles, crypto.Signatures);
        foreach ((string path, byte[] record) in folder.ReadManifests()) node.TakeManifest(path, record, profiles, crypto, nowUnixSeconds);
        return node;
    }

    /// <summary>The zones as the data path sees them.</summary>
    public ZoneTable ToZoneTable()
    {
        var table = new ZoneTable();
        foreach (LoadedZone zone in _zones.Values)
        {
            table.Set(new ZoneEntry(zone.Ring, zone.State.Profiles.Terms.MinSuite, zone.State.Members.ToImmutableHashSet()));
        }

        return table;
    }

    /// <summary>Erases the keys.</summary>
    public void Dispose()
    {
        Keys.Dispose();
        foreach (LoadedZone zone in _zones.Values) zone.Ring.Dispose();
    }

    private void TakeAttestation(string path, byte[] record, ISignatures signatures, ulong nowUnixSeconds)
    {
        FcpStatus status = AttestationAcceptance.Judge(record, Owner, nowUnixSeconds, signatures, out _);
        if (status != FcpStatus.Accepted) Refuse(path, status);
        if (NodeKeyAttestation.Parse(record, out NodeKeyAttestation? attestation) != FcpStatus.Accepted) return;
        bool countsLess = status != FcpStatus.Accepted && Peers.Find(attestation!.Node) is { Attestation: FcpStatus.Accepted };
        if (countsLess) return; // a forged record takes nothing from a good one
        Peers.Set(new PeerIdentity(
            attestation!.Node, attestation.Keys.Signing, status, attestation.ExpiresAtUnixSeconds, attestation.Tags.Contains(PeerIdentity.RelayTag)));
    }

    private void TakeProfile(string path, byte[] record, Dictionary<ZoneId, ProfileHistory> profiles, ISignatures signatures)
    {
        FcpStatus status = ZoneSecurityProfile.Parse(record, out ZoneSecurityProfile? parsed);
        if (status != FcpStatus.Accepted)
        {
            Refuse(path, status);
            return;
        }

        ZoneId zone = parsed!.Zone;
        ProfileOutcome outcome = ProfileAcceptance.Judge(record, zone, Owner, profiles.GetValueOrDefault(zone, ProfileHistory.Empty), signatures);
        if (outcome.Status != FcpStatus.Accepted) Refuse(path, outcome.Status);
        profiles[zone] = outcome.History;
    }

    private void TakeManifest(
        string path, byte[] record, Dictionary<ZoneId, ProfileHistory> profiles, CryptoProvider crypto, ulong nowUnixSeconds)
    {
        FcpStatus parsed = ZoneKeyManifest.Parse(record, out ZoneKeyManifest? manifest);
        if (parsed != FcpStatus.Accepted)
        {
            Refuse(path, parsed);
            return;
        }

        ZoneId zone = manifest!.Zone;
        if (!_zones.TryGetValue(zone, out LoadedZone? loaded))
        {
            var empty = new ZoneState { Zone = zone, Owner = Owner, Profiles = profiles.GetValueOrDefault(zone, ProfileHistory.Empty) };
            loaded = new LoadedZone(empty, new ZoneKeyRing(zone));
        }

        using ManifestOutcome outcome = ManifestAcceptance.Judge(record, loaded.State, RecipientKeys.Of(Id, Keys), nowUnixSeconds, crypto);
        if (outcome.Status != FcpStatus.Accepted) Refuse(path, outcome.Status);
        if (outcome.State.Current is null) return;
        _zones[zone] = loaded with { State = outcome.State };
        ZoneKeyInstaller.Apply(outcome, loaded.Ring, crypto, nowUnixSeconds, []);
    }

    private void Refuse(string path, FcpStatus status) =>
        _faults.Add($"{path}: {FcpStatusNames.NameOf(status)}");
}
