using System;
using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Bench.Micro.Control;

/// <summary>A manifest for a thousand nodes: making it, and what one of them does with it: all of judging it, and the parts of that by themselves.</summary>
/// <remarks>Source: [WIRE §11.5].</remarks>
public class ManifestBench
{
    private const int Nodes = 1000;
    private const ulong Now = 1_750_000_000;

    private readonly CryptoProvider _crypto = LibsodiumGate.Open();
    private readonly List<KeyValuePair<NodeId, PublicKey>> _members = [];
    private OwnerKey? _owner;
    private NodeKeys? _node;
    private ZoneSecrets? _secrets;
    private ManifestDraft? _draft;
    private NodeId _last;
    private byte[] _manifest = [];
    private ZoneKeyManifest? _parsed;

    [GlobalSetup]
    public void Prepare()
    {
        _owner = OwnerKey.Generate(_crypto);
        _node = NodeKeys.Generate(_crypto);
        _secrets = ZoneSecrets.Generate(_crypto);
        foreach (int i in Enumerable.Range(0, Nodes))
        {
            NodeId.Parse($"node-{i:D4}", out _last);
            using NodeKeys keys = NodeKeys.Generate(_crypto);
            _members.Add(new KeyValuePair<NodeId, PublicKey>(_last, (i == Nodes - 1 ? _node : keys).Public.Encryption));
        }

        ZoneId.Parse("z:bench", out ZoneId zone);
        _draft = ManifestDraft.First(zone, AeadAlgorithm.ChaCha20Poly1305, null, Now).To(_members);
        _manifest = Author();
        _parsed = Parse();
        if (!FindAndOpen()) throw new InvalidOperationException("the last of a thousand nodes opens its boxes");
        if (Accept() != FcpStatus.Accepted) throw new InvalidOperationException("the last of a thousand nodes takes the manifest");
    }

    [GlobalCleanup]
    public void Release()
    {
        _owner!.Dispose();
        _node!.Dispose();
        _secrets!.Dispose();
    }

    /// <summary>Seals both keys to every node and signs.</summary>
    [Benchmark]
    public byte[] Author()
    {
        FcpStatus status = ManifestAuthor.Author(_draft!, _secrets!, _owner!, _last, Now, _crypto, out ZoneKeyManifest? manifest);
        return status == FcpStatus.Accepted ? manifest!.Encoded.ToArray() : throw new InvalidOperationException(FcpStatusNames.NameOf(status));
    }

    /// <summary>The last of them judges it and opens its boxes.</summary>
    [Benchmark]
    public FcpStatus Accept()
    {
        var state = new ZoneState { Zone = _draft!.Zone, Owner = _owner!.PublicKey };
        using ManifestOutcome outcome = ManifestAcceptance.Judge(_manifest, state, RecipientKeys.Of(_last, _node!), Now, _crypto);
        return outcome.Status;
    }

    /// <summary>Reads it, its two thousand entries included.</summary>
    [Benchmark]
    public ZoneKeyManifest Parse() =>
        ZoneKeyManifest.Parse(_manifest, out ZoneKeyManifest? manifest) == FcpStatus.Accepted ? manifest! : throw new InvalidOperationException("it parses");

    /// <summary>Verifies the owner's signature over what was read.</summary>
    [Benchmark]
    public bool Verify() => _parsed!.Signature.Verifies(_crypto.Signatures, _owner!.PublicKey, _parsed.SigningBytes());

    /// <summary>The last of them finds its own entries among a thousand each, and opens both.</summary>
    [Benchmark]
    public bool FindAndOpen()
    {
        WrappedKey zoneKey = ManifestBoxes.Find(_parsed!.WrappedKeys, _last)!, objectIdKey = ManifestBoxes.Find(_parsed.WrappedObjectIdKeys, _last)!;
        bool isOpen = ManifestBoxes.Open(_parsed, zoneKey, objectIdKey, RecipientKeys.Of(_last, _node!), _crypto, out ZoneSecrets? keys) == FcpStatus.Accepted;
        keys?.Dispose();
        return isOpen;
    }
}
