using System.Collections.Immutable;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>Makes manifests that are wrong in just the ways asked for, and signed all the same.</summary>
internal sealed record ManifestForge(TestZone World)
{
    public required ZoneSecrets Secrets { get; init; }

    public SchemaId Schema { get; init; } = Schemas.ZoneKeyManifest;

    public ZoneId? HeaderZone { get; init; }

    public ZoneId? Zone { get; init; }

    public Bytes32[] Refs { get; init; } = [];

    public Bytes32[] ForeignRefs { get; init; } = [];

    public ulong CreatedAt { get; init; } = TestZone.Now;

    public ulong ValidFrom { get; init; } = TestZone.Now;

    public ulong? ValidUntil { get; init; }

    public ZoneKeyId? Previous { get; init; }

    public AeadAlgorithm Algorithm { get; init; } = AeadAlgorithm.ChaCha20Poly1305;

    public RekeyPolicy? Policy { get; init; }

    /// <summary>Who gets the zone key, in this order; the first node of the world and the other one.</summary>
    public NodeId[]? ZoneKeyRecipients { get; init; }

    public NodeId[]? ObjectIdKeyRecipients { get; init; }

    /// <summary>What the first node's boxes hold in place of the keys.</summary>
    public byte[]? ZoneKeyPlaintext { get; init; }

    public byte[]? ObjectIdKeyPlaintext { get; init; }

    /// <summary>Replaces the box of the other node's zone key.</summary>
    public byte[]? OtherBox { get; init; }

    /// <summary>Seals the first node's boxes to another key.</summary>
    public bool SealToAStranger { get; init; }

    public OwnerKey? Owner { get; init; }

    public ZoneKeyManifest Make()
    {
        NodeId[] both = [World.Node, World.OtherNode];
        return new ZoneKeyManifest
        {
            Header = new ObjectHeader
            {
                Schema = Schema,
                Zone = HeaderZone ?? World.Zone,
                CreatedAtUnixSeconds = CreatedAt,
                Refs = Refs,
                ForeignRefs = ForeignRefs,
            },
            Zone = Zone ?? World.Zone,
            ZoneKeyId = Secrets.ZoneKeyId,
            ObjectIdKeyId = Secrets.ObjectIdKeyId,
            Algorithm = Algorithm,
            ValidFromUnixSeconds = ValidFrom,
            ValidUntilUnixSeconds = ValidUntil,
            PreviousZoneKeyId = Previous,
            WrappedKeys = Wrap(
                ZoneKeyRecipients ?? both, BoxPurpose.ZoneKey, ZoneKeyPlaintext ?? TestZone.BytesOf(Secrets.ZoneKey), OtherBox),
            WrappedObjectIdKeys = Wrap(
                ObjectIdKeyRecipients ?? both, BoxPurpose.ObjectIdKey, ObjectIdKeyPlaintext ?? TestZone.BytesOf(Secrets.ObjectIdKey), null),
            RekeyPolicy = Policy,
            Signature = new OwnerSignature(World.Signer, default, CreatedAt),
        }.Sign((Owner ?? World.Owner).Sign);
    }

    private ImmutableArray<WrappedKey> Wrap(NodeId[] nodes, BoxPurpose purpose, byte[] plaintext, byte[]? otherBox) =>
    [
        .. nodes.Select(node => new WrappedKey(
            node, ValidFrom, node == World.OtherNode && otherBox is not null ? otherBox : Seal(node, purpose, plaintext))),
    ];

    private byte[] Seal(NodeId node, BoxPurpose purpose, byte[] plaintext)
    {
        byte[] box = new byte[plaintext.Length + SealedBox.OverheadBytes], publicKey = new byte[32];
        bool isFirst = node == World.Node && !SealToAStranger;
        (isFirst ? World.Keys : World.OtherKeys).Public.Encryption.Value.Write(publicKey);
        byte[] context = new BoxContext(World.Zone, node, purpose, ValidFrom).ToAssociatedData();
        Assert.Equal(FcpStatus.Accepted, SealedBox.Seal(World.Crypto, publicKey, context, plaintext, box));
        return box;
    }
}
