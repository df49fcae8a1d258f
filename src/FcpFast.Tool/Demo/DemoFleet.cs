using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Nodes;
using FcpFast.Control.Owners;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Demo;

/// <summary>An owner, nodes and a zone: everything that nodes need to trust each other, in one state folder a node.</summary>
/// <remarks>The owner's key is in the memory of this process only; it never touches the disk.</remarks>
internal sealed class DemoFleet : IDisposable
{
    /// <summary>The zone.</summary>
    public const string Zone = "z:demo";

    private const string OwnerName = "owner";

    /// <summary>Epochs begin a little after their manifest, so a group is made as if some time ago: the processes seal with the newest key from the start.</summary>
    private const ulong GroupAgeSeconds = 30;

    private readonly OwnerState _owner;
    private readonly ZoneId _zone;
    private readonly string _ownerFolder;

    private DemoFleet(OwnerState owner, string ownerFolder)
    {
        _owner = owner;
        _ownerFolder = ownerFolder;
        Require(ZoneId.Parse(Zone, out _zone));
    }

    /// <summary>Makes one state folder for each name, and one for the owner, below a folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="members">The nodes that are members of the zone.</param>
    /// <param name="relays">The nodes that are attested as relays and have no keys of it.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    public static DemoFleet Create(string folder, IReadOnlyList<string> members, IReadOnlyList<string> relays, ulong nowUnixSeconds)
    {
        DemoFleet fleet = MakeOwner(folder, nowUnixSeconds, out OwnerCard card, out CryptoProvider crypto);
        NodeState[] nodes = [.. members.Concat(relays).Select(name => fleet.MakeNode(folder, name, card, relays.Contains(name), nowUnixSeconds, crypto))];
        Require(fleet._owner.CreateZone(fleet._zone, [.. members.Select(Parse)], ZoneTerms.Default, nowUnixSeconds, out _));
        IReadOnlyList<ControlRecord> records = fleet._owner.Export();
        foreach (NodeState node in nodes)
        {
            bool isMember = members.Contains(node.Node.ToString());
            foreach (ControlRecord record in records)
            {
                FcpStatus status = node.Take(record, nowUnixSeconds).Status;
                Invariant.Require(status == FcpStatus.Accepted || !isMember, "a node of the demo takes what its owner signed");
            }

            node.Dispose();
        }

        return fleet;
    }

    /// <summary>The same with an MLS zone, in whose group the first two nodes are; the first is its coordinator.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="coordinator">The node that turns the zone's epochs.</param>
    /// <param name="member">The other member.</param>
    /// <param name="guests">Nodes that are attested and in no group.</param>
    /// <param name="relays">The nodes that are attested as relays.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    public static DemoFleet CreateGroup(string folder, string coordinator, string member, IReadOnlyList<string> guests, IReadOnlyList<string> relays, ulong nowUnixSeconds)
    {
        ulong madeUnixSeconds = nowUnixSeconds - GroupAgeSeconds;
        DemoFleet fleet = MakeOwner(folder, madeUnixSeconds, out OwnerCard card, out CryptoProvider crypto);
        string[] names = [coordinator, member, .. guests, .. relays];
        NodeState[] nodes = [.. names.Select(name => fleet.MakeNode(folder, name, card, relays.Contains(name), madeUnixSeconds, crypto))];
        SecurityTerms terms = SecurityTerms.Default with { KeyMode = KeyMode.MlsTreeKem, RequirePcs = true };
        Require(fleet._owner.CreateGroupZone(fleet._zone, Parse(coordinator), [Parse(member)], terms, madeUnixSeconds, out _));
        foreach (NodeState node in nodes) Bring(fleet._owner.Export(), node, madeUnixSeconds);
        Bring(nodes[1].Export(madeUnixSeconds), nodes[0], madeUnixSeconds); // the key package
        foreach (NodeState node in nodes[1..]) Bring(nodes[0].Export(madeUnixSeconds), node, madeUnixSeconds); // commits, Welcome, manifests
        bool isMade = nodes[1].EpochOf(fleet._zone) is { } epoch && epoch == nodes[0].EpochOf(fleet._zone);
        Invariant.Require(isMade, "the group of the demo has two members");
        foreach (NodeState node in nodes) node.Dispose();
        return fleet;
    }

    /// <summary>Lets a node be added to the zone's group.</summary>
    public ControlRecord Add(string node)
    {
        Require(_owner.Add(_zone, Parse(node), readsPast: false, (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), out ControlRecord grant));
        return grant;
    }

    /// <summary>Has a node removed from the zone's group.</summary>
    public ControlRecord Remove(string node)
    {
        Require(_owner.Remove(_zone, Parse(node), (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), out ControlRecord grant));
        return grant;
    }

    /// <summary>An order to a member to give itself fresh keys.</summary>
    public ControlRecord Heal() => HealOrder.Of(_zone);

    /// <summary>Gives the zone a new key.</summary>
    public ControlRecord Rotate(ulong leadSeconds, ulong nowUnixSeconds)
    {
        Require(_owner.Rotate(_zone, leadSeconds, nowUnixSeconds, out ControlRecord manifest));
        return manifest;
    }

    /// <summary>Forgets the owner: what its folder holds is sealed under a key that nobody has after this.</summary>
    public void Dispose()
    {
        _owner.Dispose();
        Directory.Delete(_ownerFolder, recursive: true);
    }

    private static DemoFleet MakeOwner(string folder, ulong nowUnixSeconds, out OwnerCard card, out CryptoProvider crypto)
    {
        crypto = LibsodiumGate.Open();
        OwnerKey key = OwnerKey.Generate(crypto);
        card = new OwnerCard(key.PublicKey, key.AgreementKey);
        var identity = new StoreIdentity(StoreRole.Owner, Parse(OwnerName), card);
        string ownerFolder = Path.Combine(folder, OwnerName);
        StateStore store = StateStore.Create(ownerFolder, identity, null, new StoreKeySource.Owner(key), nowUnixSeconds, crypto);
        return new DemoFleet(OwnerState.Open(store, key, crypto), ownerFolder);
    }

    /// <summary>Records of the whole zone: what does not concern a node it refuses.</summary>
    private static void Bring(IEnumerable<ControlRecord> records, NodeState node, ulong nowUnixSeconds)
    {
        foreach (ControlRecord record in records) node.Take(record, nowUnixSeconds);
    }

    private static void Require(FcpStatus status) => Invariant.Require(status == FcpStatus.Accepted, "the demo's owner does what it may do");

    private static NodeId Parse(string name)
    {
        Require(NodeId.Parse(name, out NodeId node));
        return node;
    }

    private NodeState MakeNode(string folder, string name, OwnerCard owner, bool isRelay, ulong nowUnixSeconds, CryptoProvider crypto)
    {
        using NodeKeys keys = NodeKeys.Generate(crypto);
        var identity = new StoreIdentity(StoreRole.Node, Parse(name), owner);
        NodeState node = NodeState.Open(StateStore.Create(Path.Combine(folder, name), identity, keys, new StoreKeySource.KeyFile(), nowUnixSeconds, crypto), crypto);
        ImmutableArray<string> tags = [isRelay ? PeerIdentity.RelayTag : "tag:fcp-demo"];
        Require(node.Request(tags, renews: false, nowUnixSeconds, out ControlRecord request));
        Require(_owner.Attest(request.Cbor.Span, null, AttestationDraft.LifeSecondsMax, nowUnixSeconds, out _));
        return node;
    }
}
