using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Tests.Support;

/// <summary>An owner, a zone, and the state folders of its nodes, in a folder of its own; and what its owner may do to them later.</summary>
internal sealed class TestFleet : IDisposable
{
    /// <summary>A node of such a name is attested as a relay.</summary>
    public const string RelayPrefix = "relay";

    private const ulong AttestedSeconds = 3600;
    private static readonly CryptoProvider Crypto = LibsodiumGate.Open();

    private readonly OwnerKey _owner = OwnerKey.Generate(Crypto);
    private readonly ZoneSecrets _secrets = ZoneSecrets.Generate(Crypto);
    private readonly Dictionary<string, NodeKeyAttestation> _attestations = [];
    private readonly List<ControlRecord> _records = [];
    private readonly ulong _madeAt;

    public TestFleet(params string[] names)
        : this(0, names)
    {
    }

    /// <summary>Makes everything so many seconds ago.</summary>
    public TestFleet(ulong secondsAgo, string[] names)
    {
        _madeAt = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds() - secondsAgo;
        Directory.CreateDirectory(Received);
        foreach (string name in names) MakeNode(name);
        byte[] manifest = Author(ManifestDraft.First(Zone, AeadAlgorithm.ChaCha20Poly1305, null, _madeAt), _secrets);
        foreach (NodeKeyAttestation attestation in _attestations.Values) _records.Add(ControlRecord.Of(RecordKind.Attestation, attestation.Encoded.Span));
        _records.Add(ControlRecord.Of(RecordKind.Manifest, manifest));
        foreach (string name in names) Take(name, _records);
    }

    public static ZoneId Zone { get; } = ZoneOf("z:test");

    public string Root { get; } = Directory.CreateTempSubdirectory("fcpfast-tests-").FullName;

    public string Received => Path.Combine(Root, "received");

    public static NodeId Id(string name)
    {
        Assert.Equal(FcpStatus.Accepted, NodeId.Parse(name, out NodeId node));
        return node;
    }

    public static ZoneId ZoneOf(string text)
    {
        Assert.Equal(FcpStatus.Accepted, ZoneId.Parse(text, out ZoneId zone));
        return zone;
    }

    public string FolderOf(string name) => Path.Combine(Root, name);

    /// <summary>Gives a node new keys, or a new signing key only, and an attestation of them; nobody else hears of it.</summary>
    public void MakeAnew(string name, bool keepsEncryptionKey)
    {
        string folder = FolderOf(name), before = folder + ".before";
        Directory.Move(folder, before);
        using (NodeState old = Open(before)) MakeNode(name, keepsEncryptionKey ? old.Keys.Encryption : null);
        Take(name, _records.Where(record => !record.Cbor.Span.SequenceEqual(_attestations[name].Encoded.Span)));
        Take(name, [ControlRecord.Of(RecordKind.Attestation, _attestations[name].Encoded.Span)]);
    }

    /// <summary>A manifest with a new zone key that is active at once.</summary>
    public byte[] Rotate(string knownTo)
    {
        using NodeState node = Open(FolderOf(knownTo));
        using ZoneSecrets next = _secrets.Rotate(Crypto, rotateObjectIdKey: false);
        return Author(ManifestDraft.Rotate(node.Zones[Zone].State, _madeAt, leadSeconds: 0), next);
    }

    /// <summary>The first manifest of another zone of this owner, for all nodes.</summary>
    public byte[] ManifestOf(ZoneId zone)
    {
        using ZoneSecrets secrets = ZoneSecrets.Generate(Crypto);
        return Author(ManifestDraft.First(zone, AeadAlgorithm.ChaCha20Poly1305, null, _madeAt), secrets);
    }

    public void AddManifest(string name, byte[] manifest) => Take(name, [ControlRecord.Of(RecordKind.Manifest, manifest)]);

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
        _owner.Dispose();
        _secrets.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private static NodeState Open(string folder) => NodeState.Open(StateStore.Open(folder, new StoreKeySource.KeyFile(), Crypto), Crypto);

    private void Take(string name, IEnumerable<ControlRecord> records)
    {
        using NodeState node = Open(FolderOf(name));
        foreach (ControlRecord record in records) node.Take(record, _madeAt);
    }

    private void MakeNode(string name, SecretKey? encryption = null)
    {
        using NodeKeys keys = encryption is null ? NodeKeys.Generate(Crypto) : new NodeKeys(Crypto, Draw(), Copy(encryption), Draw());
        var identity = new StoreIdentity(StoreRole.Node, Id(name), new OwnerCard(_owner.PublicKey, _owner.AgreementKey));
        StateStore.Create(FolderOf(name), identity, keys, new StoreKeySource.KeyFile(), _madeAt, Crypto).Dispose();
        var draft = new AttestationDraft
        {
            Node = Id(name),
            Keys = keys.Public,
            Tags = name.StartsWith(RelayPrefix, StringComparison.Ordinal) ? [PeerIdentity.RelayTag] : [],
            IssuedAtUnixSeconds = _madeAt,
            ExpiresAtUnixSeconds = _madeAt + AttestedSeconds,
            Nonce = default,
        };
        Assert.Equal(FcpStatus.Accepted, NodeKeyAttestation.Issue(draft, _owner, out NodeKeyAttestation? attestation));
        _attestations[name] = attestation!;
    }

    private static SecretKey Draw()
    {
        Span<byte> bytes = stackalloc byte[CryptoSizes.KeyBytes];
        Crypto.Random.Fill(bytes);
        return Crypto.Vault.Import(bytes);
    }

    private static SecretKey Copy(SecretKey key)
    {
        using KeyLease lease = key.Lease();
        return Crypto.Vault.Import(lease.Bytes);
    }

    private byte[] Author(ManifestDraft draft, ZoneSecrets secrets)
    {
        draft = draft.To(_attestations.Values.Select(static member => KeyValuePair.Create(member.Node, member.Keys.Encryption)));
        FcpStatus status = ManifestAuthor.Author(draft, secrets, _owner, _attestations.Values.First().Node, _madeAt, Crypto, out ZoneKeyManifest? signed);
        Assert.Equal(FcpStatus.Accepted, status);
        return signed!.Encoded.ToArray();
    }
}
