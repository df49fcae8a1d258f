using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Nodes;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Groups;
using FcpFast.Mls.Tests.Support;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Support;

/// <summary>An MLS zone of running nodes with real stores: the first is the coordinator, and all are connected to it.</summary>
internal sealed class GroupFleet : IDisposable
{
    public const ulong EpochSeconds = 3600;

    private readonly string[] _names;

    public GroupFleet(int seed, params string[] names)
    {
        _names = names;
        Fleet = new OwnedFleet(seed, names);
        Mesh = new Mesh(Fleet);
        foreach (string name in names[1..]) Mesh.Connect(names[0], name, Now);
    }

    public static ZoneId Zone => OwnedFleet.Zone;

    public static SecurityTerms Terms { get; } = new(KeyMode.MlsTreeKem, true, EpochSeconds, MacSuite.Blake3, false);

    public OwnedFleet Fleet { get; }

    public Mesh Mesh { get; }

    public ulong Now { get; set; } = TestZone.Now;

    /// <summary>The owner makes the zone; what it signed is brought to the coordinator only.</summary>
    public void Create(params string[] members)
    {
        Assert.Equal(FcpStatus.Accepted, Fleet.Owner.CreateGroupZone(
            Zone, TestZone.NodeOf(_names[0]), [.. members.Select(TestZone.NodeOf)], Terms, Now, out IReadOnlyList<ControlRecord> records));
        Bring(records);
    }

    public void Add(string name)
    {
        Assert.Equal(FcpStatus.Accepted, Fleet.Owner.Add(Zone, TestZone.NodeOf(name), readsPast: false, Now, out ControlRecord grant));
        Bring([grant]);
    }

    public void Remove(string name)
    {
        Assert.Equal(FcpStatus.Accepted, Fleet.Owner.Remove(Zone, TestZone.NodeOf(name), Now, out ControlRecord grant));
        Bring([grant]);
    }

    public void Bring(IEnumerable<ControlRecord> records, string? to = null)
    {
        foreach (ControlRecord record in records) Mesh[to ?? _names[0]].Take(record, Now);
        Settle();
    }

    /// <summary>Messages travel and seconds pass until keys are in force.</summary>
    public void Settle(int seconds = 8)
    {
        for (int i = 0; i < seconds; i++)
        {
            Mesh.Deliver(Now);
            Now++;
            Mesh.Tick(Now);
        }

        Mesh.Deliver(Now);
    }

    /// <summary>The bytes of the key that seals at a node now.</summary>
    public byte[] ActiveKey(string name)
    {
        NodeZone zone = Fleet[name].Zones[Zone];
        ZoneKey active = zone.Ring.Active!;
        Assert.True(active is not null, $"{name} seals with no key: epoch {Fleet[name].EpochOf(Zone)}, {zone.State.Manifests.Accepted.Length} manifests, alarms {string.Join("; ", Mesh.AlarmsOf(name))}");
        Assert.Equal(FcpStatus.Accepted, active.TryGet(active.OnlyEpoch!.Value, out SecretKey? key, out _));
        return TestZone.BytesOf(key!);
    }

    public void AssertAgree(params string[] names)
    {
        Assert.Single(names.Select(name => Convert.ToHexString(ActiveKey(name))).Distinct());
        foreach (string name in names)
        {
            ZoneKeyRing ring = Fleet[name].Zones[Zone].Ring;
            Assert.Equal(Fleet[name].EpochOf(Zone), ring.Active!.OnlyEpoch);
        }
    }

    /// <summary>All members agree, and these are all of them.</summary>
    public void AssertMembers(params string[] names)
    {
        AssertAgree(names);
        Assert.All(names, name => Assert.Equal(names.Order(), Fleet[name].Zones[Zone].State.Members.Select(static member => member.ToString()).Order()));
    }

    public void Restart(string name) => Restart(name, static store => store);

    /// <summary>A node's part in the group, gone over to somebody who keeps to no rule; the node itself goes on.</summary>
    public Rogue RogueOf(string name)
    {
        byte[] record = [];
        Restart(name, store =>
        {
            using StoredState stored = store.Load();
            record = [.. stored.Groups.Single().Record];
            return store;
        });
        return new Rogue(MembershipOf(name), record);
    }

    /// <summary>What a node brings to the group.</summary>
    public ZoneMembership MembershipOf(string name)
    {
        NodeState node = Fleet[name];
        return new ZoneMembership(Zone, Fleet.Owner.Key.PublicKey, node.Attestations.Nodes[node.Node], node.Keys, Fleet.Crypto, new TestClock { UnixSeconds = Now })
        {
            RequirePcs = Terms.RequirePcs, MaxEpochSeconds = Terms.MaxEpochSeconds,
        };
    }

    /// <summary>The manifest of an epoch, signed by a node whether it may or not.</summary>
    public ControlRecord Announce(EpochAnnouncement announcement, string signer) => Announce(announcement, signer, Fleet[signer].Keys.Sign);

    /// <summary>The same, as a node sees its zone and with another's signature.</summary>
    public ControlRecord Announce(EpochAnnouncement announcement, string seenBy, ObjectSigner sign, Func<ManifestDraft, ManifestDraft>? change = null)
    {
        NodeState node = Fleet[seenBy];
        ZoneState state = node.Zones[Zone].State;
        ManifestDraft draft = (ManifestDraft.Rotate(state, Now, 0) with { EpochMessages = announcement.Messages, RekeyPolicy = state.Current!.Policy }).To(
            state.Members.Select(member => KeyValuePair.Create(member, node.Attestations.Nodes[member].Keys.Encryption)));
        draft = change?.Invoke(draft) ?? draft;
        using SecretKey objectIdKey = NodeKeys.Draw(Fleet.Crypto);
        Assert.Equal(FcpStatus.Accepted, ManifestAuthor.AuthorEpoch(
            draft, announcement.ZoneKeyId, new ObjectIdKeyId(new Random((int)Now).Next8()), objectIdKey, sign, node.Node, Now, Fleet.Crypto, out ZoneKeyManifest? manifest));
        return ControlRecord.Of(RecordKind.Manifest, manifest!.Encoded.Span);
    }

    /// <summary>A record comes over a session.</summary>
    public FcpStatus Receive(string from, string to, ControlRecord record) => Mesh[to].Receive(TestZone.NodeOf(from), record.Payload, Now);

    public void Restart(string name, Func<StateStore, IStateStore> between)
    {
        Fleet.Restart(name, between);
        Mesh.Restart(name, Now);
    }

    public void Dispose() => Fleet.Dispose();
}
