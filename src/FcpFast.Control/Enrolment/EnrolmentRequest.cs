using System;
using System.Collections.Immutable;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Enrolment;

/// <summary>A node's request to its owner to attest its keys, with a proof that it holds each of them.</summary>
/// <remarks>
/// <code>
/// {tags: [text], nonce: bstr 32, node_id: text, owner_key: bstr 32, created_at: uint, signing_key, issuance_key: bstr 32,
///  signing_proof: bstr 64, encryption_key: bstr 32, issuance_proof: bstr 64, encryption_proof: bstr 32}
/// </code>
/// Shape:  proofs are over the canonical CBOR of the map without the three of them.
/// Source: README.md of this project; [WIRE §15] for the grammar of its parts.
/// </remarks>
public sealed class EnrolmentRequest
{
    /// <summary>How old a request may be.</summary>
    public const ulong AgeSecondsMax = 30 * 86_400;

    private const ulong SkewSeconds = 120;

    private EnrolmentRequest(NodeId node, NodePublicKeys keys, ImmutableArray<string> tags, ulong createdAt, Bytes32 nonce)
    {
        Node = node;
        Keys = keys;
        Tags = tags;
        CreatedAtUnixSeconds = createdAt;
        Nonce = nonce;
    }

    /// <summary>The node.</summary>
    public NodeId Node { get; }

    /// <summary>The keys that it wants attested.</summary>
    public NodePublicKeys Keys { get; }

    /// <summary>The tags that it wishes for; what it gets is the owner's decision.</summary>
    public ImmutableArray<string> Tags { get; }

    /// <summary>When it was made.</summary>
    public ulong CreatedAtUnixSeconds { get; }

    private Bytes32 Nonce { get; }

    /// <summary>Makes a request.</summary>
    /// <param name="node">The node.</param>
    /// <param name="keys">Its keys; the next encryption key is asked for, if there is one.</param>
    /// <param name="tags">The tags that it wishes for.</param>
    /// <param name="owner">Whom it asks.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="request">The canonical CBOR.</param>
    /// <remarks>Errors: <c>InvalidEnrolment</c> for tags out of grammar, <c>ProofOfPossessionFailed</c> if the owner's key is none.</remarks>
    public static FcpStatus Make(
        NodeId node, NodeKeys keys, ImmutableArray<string> tags, OwnerCard owner, ulong nowUnixSeconds, CryptoProvider crypto, out byte[] request)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(crypto);
        request = [];
        if (node.IsEmpty || !AttestationTags.AreValid(tags)) return FcpStatus.InvalidEnrolment;
        Span<byte> nonce = stackalloc byte[Bytes32.Length];
        crypto.Random.Fill(nonce);
        var made = new EnrolmentRequest(node, keys.Requested(), tags, nowUnixSeconds, Bytes32.Read(nonce));
        var writer = new CborWriter();
        made.Write(writer, owner.SigningKey, default, default, default);
        byte[] core = writer.ToArray(), signing = Sign(ControlSigningIds.Enrolment, keys.Signing, core, crypto);
        byte[] issuance = Sign(ControlSigningIds.EnrolmentIssuance, keys.Issuance, core, crypto), encryption = new byte[CryptoSizes.HashBytes];
        FcpStatus status = EnrolmentProof.Make(
            keys.NextEncryption ?? keys.Encryption, made.Keys.Encryption, owner.AgreementKey, made.Nonce, core, crypto, encryption);
        if (status != FcpStatus.Accepted) return status;
        made.Write(writer.Reset(), owner.SigningKey, signing, issuance, encryption);
        request = writer.ToArray();
        return FcpStatus.Accepted;
    }

    /// <summary>The owner judges a request.</summary>
    /// <param name="bytes">As it came.</param>
    /// <param name="owner">The owner's key.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="request">The request if it may be attested, else null.</param>
    /// <remarks>
    /// Errors: in this order: those of section 3 (limit 8,192), <c>InvalidEnrolment</c> (node id, tags, another owner, keys that are none or
    ///         alike, a date ahead), <c>EnrolmentExpired</c>, <c>ProofOfPossessionFailed</c>.
    /// Source: [WIRE §3].
    /// </remarks>
    public static FcpStatus Judge(
        ReadOnlySpan<byte> bytes, OwnerKey owner, ulong nowUnixSeconds, CryptoProvider crypto, out EnrolmentRequest? request)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(crypto);
        request = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.AttestationBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        ImmutableArray<string> tags = AttestationTags.Read(ref map);
        Bytes32 nonce = map.Bytes32("nonce"u8);
        ReadOnlySpan<byte> nodeText = map.Text("node_id"u8);
        Bytes32 ownerKey = map.Bytes32("owner_key"u8);
        ulong createdAt = map.Unsigned("created_at"u8);
        Bytes32 signing = map.Bytes32("signing_key"u8), issuance = map.Bytes32("issuance_key"u8);
        ReadOnlySpan<byte> signingProof = map.Bytes("signing_proof"u8, CryptoSizes.SignatureBytes);
        Bytes32 encryption = map.Bytes32("encryption_key"u8);
        ReadOnlySpan<byte> issuanceProof = map.Bytes("issuance_proof"u8, CryptoSizes.SignatureBytes);
        ReadOnlySpan<byte> encryptionProof = map.Bytes("encryption_proof"u8, CryptoSizes.HashBytes);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        bool isValid = NodeId.Parse(nodeText, out NodeId node) == FcpStatus.Accepted && AttestationTags.AreValid(tags) && ownerKey == owner.PublicKey.Value;
        var keys = new NodePublicKeys(new PublicKey(signing), new PublicKey(encryption), new PublicKey(issuance));
        bool isAhead = createdAt > nowUnixSeconds && createdAt - nowUnixSeconds > SkewSeconds;
        if (!isValid || !keys.AreValid || isAhead) return FcpStatus.InvalidEnrolment;
        if (createdAt < nowUnixSeconds && nowUnixSeconds - createdAt > AgeSecondsMax) return FcpStatus.EnrolmentExpired;
        var judged = new EnrolmentRequest(node, keys, tags, createdAt, nonce);
        byte[] core = judged.Core(owner.PublicKey);
        bool isProven = Verifies(ControlSigningIds.Enrolment, keys.Signing, core, signingProof, crypto.Signatures)
            && Verifies(ControlSigningIds.EnrolmentIssuance, keys.Issuance, core, issuanceProof, crypto.Signatures)
            && EnrolmentProof.Verifies(owner, keys.Encryption, nonce, core, encryptionProof, crypto);
        if (!isProven) return FcpStatus.ProofOfPossessionFailed;
        request = judged;
        return FcpStatus.Accepted;
    }

    private static byte[] Sign(SigningId id, SecretKey seed, byte[] core, CryptoProvider crypto)
    {
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        using KeyLease lease = seed.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the node's keys were disposed");
        crypto.Signatures.Sign(lease.Bytes, id.SigningBytes(core), signature);
        return signature;
    }

    private static bool Verifies(SigningId id, PublicKey key, byte[] core, ReadOnlySpan<byte> proof, ISignatures signatures)
    {
        Span<byte> keyBytes = stackalloc byte[PublicKey.Length];
        key.Value.Write(keyBytes);
        return signatures.Verify(keyBytes, id.SigningBytes(core), proof);
    }

    /// <summary>What the proofs are over; canonical CBOR has one form, so it can be written again.</summary>
    private byte[] Core(PublicKey owner)
    {
        var writer = new CborWriter();
        Write(writer, owner, default, default, default);
        return writer.ToArray();
    }

    private void Write(
        CborWriter writer, PublicKey owner, ReadOnlySpan<byte> signingProof, ReadOnlySpan<byte> issuanceProof, ReadOnlySpan<byte> encryptionProof)
    {
        bool isCore = signingProof.IsEmpty;
        writer.BeginMap(isCore ? 8 : 11);
        AttestationTags.Write(writer, Tags);
        writer.Key("nonce"u8);
        writer.Bytes(Nonce);
        writer.Key("node_id"u8);
        writer.Text(Node.ToString());
        writer.Key("owner_key"u8);
        writer.Bytes(owner.Value);
        writer.Key("created_at"u8);
        writer.Unsigned(CreatedAtUnixSeconds);
        writer.Key("signing_key"u8);
        writer.Bytes(Keys.Signing.Value);
        writer.Key("issuance_key"u8);
        writer.Bytes(Keys.Issuance.Value);
        if (!isCore)
        {
            writer.Key("signing_proof"u8);
            writer.Bytes(signingProof);
        }

        writer.Key("encryption_key"u8);
        writer.Bytes(Keys.Encryption.Value);
        if (isCore) return;
        writer.Key("issuance_proof"u8);
        writer.Bytes(issuanceProof);
        writer.Key("encryption_proof"u8);
        writer.Bytes(encryptionProof);
    }
}
