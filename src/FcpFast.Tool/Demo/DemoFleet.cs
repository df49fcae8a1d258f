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

namespace FcpFast.Tool.Demo;

/// <summary>Makes an owner, nodes and a zone: everything that nodes need to trust each other, in one state folder a node.</summary>
/// <remarks>The owner's key is used once and erased; it never touches the disk.</remarks>
internal static class DemoFleet
{
    /// <summary>The zone.</summary>
    public const string Zone = "z:demo";

    private const ulong AttestedSeconds = 30 * 86_400;

    /// <summary>Makes one state folder for each name, below a folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="members">The nodes that are members of the zone.</param>
    /// <param name="relays">The nodes that are attested as relays and have no keys of it.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    public static void Create(string folder, IReadOnlyList<string> members, IReadOnlyList<string> relays, ulong nowUnixSeconds)
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        using OwnerKey owner = OwnerKey.Generate(crypto);
        using ZoneSecrets secrets = ZoneSecrets.Generate(crypto);
        var nodes = new List<NodeState>();
        var card = new OwnerCard(owner.PublicKey, owner.AgreementKey);
        var attestations = new List<NodeKeyAttestation>();
        foreach (string name in members.Concat(relays))
        {
            using NodeKeys keys = NodeKeys.Generate(crypto);
            NodeId node = Parse(name);
            var identity = new StoreIdentity(StoreRole.Node, node, card);
            nodes.Add(NodeState.Open(StateStore.Create(Path.Combine(folder, name), identity, keys, new StoreKeySource.KeyFile(), nowUnixSeconds, crypto), crypto));
            attestations.Add(Attest(owner, node, keys, relays.Contains(name), nowUnixSeconds, crypto));
        }

        byte[] manifest = Manifest(owner, secrets, attestations[..members.Count], nowUnixSeconds, crypto);
        ControlRecord[] records = [.. attestations.Select(static one => ControlRecord.Of(RecordKind.Attestation, one.Encoded.Span)), ControlRecord.Of(RecordKind.Manifest, manifest)];
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
    }

    private static NodeId Parse(string name)
    {
        FcpStatus status = NodeId.Parse(name, out NodeId node);
        Invariant.Require(status == FcpStatus.Accepted, "the demo's names are node ids");
        return node;
    }

    private static NodeKeyAttestation Attest(
        OwnerKey owner, NodeId node, NodeKeys keys, bool isRelay, ulong nowUnixSeconds, CryptoProvider crypto)
    {
        Span<byte> nonce = stackalloc byte[Bytes32.Length];
        crypto.Random.Fill(nonce);
        var draft = new AttestationDraft
        {
            Node = node,
            Keys = keys.Public,
            Tags = [isRelay ? PeerIdentity.RelayTag : "tag:fcp-demo"],
            IssuedAtUnixSeconds = nowUnixSeconds,
            ExpiresAtUnixSeconds = nowUnixSeconds + AttestedSeconds,
            Nonce = Bytes32.Read(nonce),
        };
        FcpStatus status = NodeKeyAttestation.Issue(draft, owner, out NodeKeyAttestation? attestation);
        return status == FcpStatus.Accepted ? attestation! : throw new ToolException($"cannot attest {node}: {status}", "this is a defect; please report it");
    }

    private static byte[] Manifest(
        OwnerKey owner, ZoneSecrets secrets, List<NodeKeyAttestation> members, ulong nowUnixSeconds, CryptoProvider crypto)
    {
        FcpStatus status = ZoneId.Parse(Zone, out ZoneId zone);
        Invariant.Require(status == FcpStatus.Accepted, "the demo's zone is a zone");
        ManifestDraft draft = ManifestDraft.First(zone, AeadAlgorithm.ChaCha20Poly1305, null, nowUnixSeconds)
            .To(members.ConvertAll(static member => new KeyValuePair<NodeId, PublicKey>(member.Node, member.Keys.Encryption)));
        status = ManifestAuthor.Author(draft, secrets, owner, members[0].Node, nowUnixSeconds, crypto, out ZoneKeyManifest? manifest);
        return status == FcpStatus.Accepted ? manifest!.Encoded.ToArray() : throw new ToolException($"cannot make the zone's manifest: {status}", "this is a defect; please report it");
    }
}
