using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Nodes;
using FcpFast.Control.Owners;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Support;

/// <summary>An owner and nodes with real stores, and records carried between them.</summary>
internal sealed class OwnedFleet : IDisposable
{
    private const string MemoryFolder = "/dev/shm";

    // Nothing here cuts the power, so the stores may lie in memory where the system has a place there: flushing them was nine tenths of the time.
    private readonly string _root = Directory.CreateDirectory(
        Path.Combine(Directory.Exists(MemoryFolder) ? MemoryFolder : Path.GetTempPath(), $"fcpfast-fleet-{Guid.NewGuid():N}")).FullName;

    private readonly Dictionary<string, NodeState> _nodes = [];

    public OwnedFleet(params string[] names)
        : this(5, names)
    {
    }

    public OwnedFleet(int seed, string[] names)
    {
        Crypto = LibsodiumGate.Open() with { Random = new SeededRandom(seed), Vault = Vault };
        OwnerKey key = OwnerKey.Generate(Crypto);
        var identity = new StoreIdentity(StoreRole.Owner, TestZone.NodeOf("owner-1"), new OwnerCard(key.PublicKey, key.AgreementKey));
        Owner = OwnerState.Open(StateStore.Create(Path.Combine(_root, "owner"), identity, null, new StoreKeySource.Owner(key), Now, Crypto), key, Crypto);
        foreach (string name in names) MakeNode(name);
        Carry(Owner.Export());
    }

    public static ulong Now => TestZone.Now;

    public static ZoneId Zone { get; } = TestZone.ZoneOf("z:work");

    public RecordingVault Vault { get; } = new();

    public CryptoProvider Crypto { get; }

    public OwnerState Owner { get; private set; }

    public NodeState this[string name] => _nodes[name];

    public string FolderOf(string name) => Path.Combine(_root, name);

    public void MakeNode(string name)
    {
        using NodeKeys keys = NodeKeys.Generate(Crypto);
        var identity = new StoreIdentity(StoreRole.Node, TestZone.NodeOf(name), Owner.Identity.Owner);
        _nodes[name] = NodeState.Open(StateStore.Create(FolderOf(name), identity, keys, new StoreKeySource.KeyFile(), Now, Crypto), Crypto);
        Attest(name, false, Now);
    }

    public NodeKeyAttestation Attest(string name, bool renews, ulong now)
    {
        Assert.Equal(FcpStatus.Accepted, _nodes[name].Request([], renews, now, out ControlRecord request));
        Assert.Equal(FcpStatus.Accepted, Owner.Attest(request.Cbor.Span, null, AttestationDraft.LifeSecondsMax, now, out NodeKeyAttestation? attestation));
        return attestation!;
    }

    public void CreateZone(ZoneTerms? terms = null, params string[] members)
    {
        Assert.Equal(FcpStatus.Accepted, Owner.CreateZone(Zone, [.. members.Select(TestZone.NodeOf)], terms ?? ZoneTerms.Default, Now, out IReadOnlyList<ControlRecord> records));
        Carry(records);
    }

    public void Carry(IEnumerable<ControlRecord> records, ulong now = TestZone.Now)
    {
        foreach (ControlRecord record in records)
        {
            foreach (NodeState node in _nodes.Values) node.Take(record, now);
        }
    }

    /// <summary>The node's process ends and another one begins.</summary>
    public void Restart(string name) => Restart(name, static store => store);

    /// <summary>The same, with something between the node and its store.</summary>
    public void Restart(string name, Func<StateStore, IStateStore> between)
    {
        _nodes[name].Dispose();
        _nodes[name] = NodeState.Open(between(StateStore.Open(FolderOf(name), new StoreKeySource.KeyFile(), Crypto)), Crypto);
    }

    public void RestartOwner()
    {
        OwnerKey key = new(Crypto, Owner.Key.Seed.CopyTo(Crypto.Vault));
        Owner.Dispose();
        Owner = OwnerState.Open(StateStore.Open(FolderOf("owner"), new StoreKeySource.Owner(key), Crypto), key, Crypto);
    }

    /// <summary>Everything that a node has stored, in words.</summary>
    public string Stored(string name)
    {
        using StateStore store = StateStore.OpenPublic(FolderOf(name), Crypto);
        using StoredState state = store.Load();
        return FcpFast.Control.Tests.Store.StoreFolder.Describe(state);
    }

    public void Dispose()
    {
        foreach (NodeState node in _nodes.Values) node.Dispose();
        Owner.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
