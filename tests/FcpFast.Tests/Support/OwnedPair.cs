using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Nodes;
using FcpFast.Control.Owners;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tests.Support;

/// <summary>An owner that goes on signing, and the state directories of its nodes.</summary>
internal sealed class OwnedPair : IDisposable
{
    private static readonly CryptoProvider Crypto = LibsodiumGate.Open();

    public OwnedPair(params string[] members)
        : this(ZoneTerms.Default, members)
    {
    }

    public OwnedPair(ZoneTerms terms, string[] members)
    {
        Directory.CreateDirectory(Received);
        OwnerKey key = OwnerKey.Generate(Crypto);
        var identity = new StoreIdentity(StoreRole.Owner, Id("owner"), new OwnerCard(key.PublicKey, key.AgreementKey));
        Owner = OwnerState.Open(StateStore.Create(FolderOf("owner"), identity, null, new StoreKeySource.Owner(key), Now, Crypto), key, Crypto);
        foreach (string member in members) MakeNode(member);
        Assert.Equal(FcpStatus.Accepted, Owner.CreateZone(Zone, [.. members.Select(Id)], terms, Now, out _));
        foreach (string member in members) Bring(member);
    }

    public static ZoneId Zone { get; } = TestFleet.ZoneOf("z:follow");

    public OwnerState Owner { get; }

    public string Root { get; } = Directory.CreateTempSubdirectory("fcpfast-tests-").FullName;

    public string Received => Path.Combine(Root, "received");

    private static ulong Now => (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public static NodeId Id(string name) => TestFleet.Id(name);

    public string FolderOf(string name) => Path.Combine(Root, name);

    /// <summary>Makes a node that its owner attests, and that knows what the owner has signed so far.</summary>
    public void MakeNode(string name)
    {
        using NodeKeys keys = NodeKeys.Generate(Crypto);
        var identity = new StoreIdentity(StoreRole.Node, Id(name), Owner.Identity.Owner);
        using (NodeState node = NodeState.Open(StateStore.Create(FolderOf(name), identity, keys, new StoreKeySource.KeyFile(), Now, Crypto), Crypto))
        {
            Assert.Equal(FcpStatus.Accepted, node.Request([], false, Now, out ControlRecord request));
            Assert.Equal(FcpStatus.Accepted, Owner.Attest(request.Cbor.Span, null, 3600, Now, out _));
        }

        Bring(name);
    }

    /// <summary>Two manifests for one slot, as an owner signs them who was put back to an older state.</summary>
    public IReadOnlyList<ControlRecord> Equivocate(ulong now)
    {
        ZoneState state = Owner.Find(Zone)!;
        var members = Owner.Attestations.Nodes.Values.Select(static one => KeyValuePair.Create(one.Node, one.Keys.Encryption)).ToList();
        var made = new List<ControlRecord>();
        for (ulong created = now + 1; made.Count < 2; created++)
        {
            using ZoneSecrets keys = ZoneSecrets.Generate(Crypto);
            ManifestDraft draft = (ManifestDraft.Rotate(state, now, 0) with { CreatedAtUnixSeconds = created }).To(members);
            Assert.Equal(FcpStatus.Accepted, ManifestAuthor.Author(draft, keys, Owner.Key, Owner.Identity.Name, now, Crypto, out ZoneKeyManifest? manifest));
            made.Add(ControlRecord.Of(RecordKind.Manifest, manifest!.Encoded.Span));
        }

        return made;
    }

    public string WriteFile(string name, int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(7).NextBytes(content);
        string path = Path.Combine(Root, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose()
    {
        Owner.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private void Bring(string name)
    {
        using NodeState node = NodeState.Open(StateStore.Open(FolderOf(name), new StoreKeySource.KeyFile(), Crypto), Crypto);
        foreach (ControlRecord record in Owner.Export()) node.Take(record, Now);
    }
}
