using System;
using System.Collections.Generic;
using FcpFast.Control.Attestations;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Mls;
using FcpFast.Mls.Tests.Support;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Support;

/// <summary>One node of an MLS zone, with all that it keeps.</summary>
internal sealed class GroupNode : IDisposable
{
    private readonly GroupZone _zone;

    public GroupNode(GroupZone zone, string name, ulong livesSeconds = 30 * 24 * 3600)
    {
        _zone = zone;
        Id = TestZone.NodeOf(name);
        Keys = NodeKeys.Generate(zone.Crypto);
        Membership = new ZoneMembership(zone.Zone, zone.Owner.PublicKey, Attest(livesSeconds), Keys, zone.Crypto, zone.Clock)
        {
            RequirePcs = zone.Terms.RequirePcs,
            MaxEpochSeconds = zone.Terms.MaxEpochSeconds,
        };
        State = new ZoneState { Zone = zone.Zone, Owner = zone.Owner.PublicKey };
        ProfileOutcome outcome = ProfileAcceptance.Judge(
            zone.Profile.Encoded.Span, zone.Zone, zone.Owner.PublicKey, State.Profiles, zone.Crypto.Signatures);
        Assert.Equal(FcpStatus.Accepted, outcome.Status);
        State = State with { Profiles = outcome.History };
        Ring = new ZoneKeyRing(zone.Zone);
    }

    public NodeId Id { get; }

    public NodeKeys Keys { get; }

    public ZoneMembership Membership { get; }

    public MemoryStore Store { get; } = new();

    public ZoneState State { get; private set; }

    public ZoneKeyRing Ring { get; }

    public ZoneGroup Group { get; set; } = null!;

    public MlsKeyPackage? Package { get; private set; }

    /// <summary>The bytes of the zone key that seals now.</summary>
    public byte[] ActiveKey
    {
        get
        {
            Assert.NotNull(Ring.Active);
            Assert.Equal(FcpStatus.Accepted, Ring.Active.TryGet(Ring.SealingEpochOf(Ring.Active.Id), out Protocol.Crypto.SecretKey? key, out _));
            return TestZone.BytesOf(key!);
        }
    }

    /// <summary>An attestation from now on.</summary>
    public NodeKeyAttestation Attest(ulong livesSeconds, NodeId? node = null)
    {
        var draft = new AttestationDraft
        {
            Node = node ?? Id,
            Keys = Keys.Public,
            Tags = [],
            IssuedAtUnixSeconds = _zone.Now,
            ExpiresAtUnixSeconds = _zone.Now + livesSeconds,
            Nonce = new Random(5).Next32(),
        };
        Assert.Equal(FcpStatus.Accepted, NodeKeyAttestation.Issue(draft, _zone.Owner, out NodeKeyAttestation? attestation));
        return attestation!;
    }

    public GroupMessage OfferPackage()
    {
        Package = ZoneGroup.NewKeyPackage(Membership);
        return GroupMessage.Of(_zone.Zone, 0, GroupMessageKind.KeyPackage, Package.Message.Span);
    }

    public void Join(GroupMessage commit, GroupMessage welcome)
    {
        MlsVerdict verdict = ZoneGroup.Join(Membership, Package!, commit, welcome, Store, out ZoneGroup? group);
        Assert.True(verdict.IsAccepted, verdict.ToString());
        Group = group!;
    }

    /// <summary>Judges, and goes on only if the manifest counts.</summary>
    public FcpStatus Take(ZoneKeyManifest manifest)
    {
        using ManifestOutcome outcome = ManifestAcceptance.Judge(
            manifest.Encoded.Span, State, RecipientKeys.Of(Id, Keys), _zone.Now, _zone.Crypto, Group);
        if (outcome.Kind == ManifestOutcomeKind.Activated) Assert.Equal(FcpStatus.Accepted, Group.Enter(manifest));
        State = outcome.State;
        ZoneKeyInstaller.Apply(outcome, Ring, _zone.Crypto, _zone.Now, new List<ZoneKeyId>());
        return outcome.Status;
    }

    /// <summary>The process ends and starts again from its store.</summary>
    public void Restart()
    {
        Group.Dispose();
        Group = ZoneGroup.Restore(Membership, Store.Record, Store)!;
        Assert.NotNull(Group);
    }

    public void Dispose()
    {
        Group?.Dispose();
        Package?.Dispose();
        Ring.Dispose();
        Keys.Dispose();
    }
}
