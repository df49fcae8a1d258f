using System;
using System.Collections.Immutable;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Attestations;

/// <summary>The owner's word that a node's three keys are its own.</summary>
/// <remarks>
/// Shape:  the record that travels carries two signatures: one over the kids, which other implementations verify, and one over the full keys,
///         which binds more than 64 bits of each.
/// Source: [WIRE §15].
/// </remarks>
public sealed class NodeKeyAttestation
{
    private const int FieldCount = 12;

    private NodeKeyAttestation(
        AttestationDraft draft, PublicKey owner, KeyId signerKeyId, byte[] signature, byte[] fullSignature, byte[] encoded)
    {
        Draft = draft;
        Owner = owner;
        SignerKeyId = signerKeyId;
        Signature = signature;
        FullSignature = fullSignature;
        Encoded = encoded;
    }

    /// <summary>The node.</summary>
    public NodeId Node => Draft.Node;

    /// <summary>Its keys.</summary>
    public NodePublicKeys Keys => Draft.Keys;

    /// <summary>Its tags.</summary>
    public ImmutableArray<string> Tags => Draft.Tags;

    /// <summary>From when on it counts.</summary>
    public ulong IssuedAtUnixSeconds => Draft.IssuedAtUnixSeconds;

    /// <summary>From when on it counts no more.</summary>
    public ulong ExpiresAtUnixSeconds => Draft.ExpiresAtUnixSeconds;

    /// <summary>The owner that it names.</summary>
    public PublicKey Owner { get; }

    /// <summary>The kid that it names as the signer's.</summary>
    public KeyId SignerKeyId { get; }

    /// <summary>Over the kids.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Over the full keys.</summary>
    public ReadOnlyMemory<byte> FullSignature { get; }

    /// <summary>The canonical CBOR of the record.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    internal AttestationDraft Draft { get; }

    /// <summary>Reads a record; neither its rules nor its signatures are checked yet.</summary>
    /// <remarks>Errors: those of section 3, then <c>InvalidAttestation</c> for the node id or the tags. Source: [WIRE §3], [WIRE §15].</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, out NodeKeyAttestation? attestation)
    {
        attestation = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.AttestationBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        ImmutableArray<string> tags = AttestationTags.Read(ref map);
        Bytes32 nonce = map.Bytes32("nonce"u8);
        ReadOnlySpan<byte> nodeText = map.Text("node_id"u8);
        ulong issuedAt = map.Unsigned("issued_at"u8);
        byte[] signature = map.Bytes("signature"u8, CryptoSizes.SignatureBytes).ToArray();
        ulong expiresAt = map.Unsigned("expires_at"u8);
        ReadOnlySpan<byte> signerKeyId = map.Bytes("signer_kid"u8, KeyId.Length);
        Bytes32 signing = map.Bytes32("signing_key"u8), issuance = map.Bytes32("issuance_key"u8);
        Bytes32 owner = map.Bytes32("owner_pubkey"u8), encryption = map.Bytes32("encryption_key"u8);
        byte[] fullSignature = map.Bytes("full_signature"u8, CryptoSizes.SignatureBytes).ToArray();
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (NodeId.Parse(nodeText, out NodeId node) != FcpStatus.Accepted || !AttestationTags.AreValid(tags)) return FcpStatus.InvalidAttestation;
        var draft = new AttestationDraft
        {
            Node = node,
            Keys = new NodePublicKeys(new PublicKey(signing), new PublicKey(encryption), new PublicKey(issuance)),
            Tags = tags,
            IssuedAtUnixSeconds = issuedAt,
            ExpiresAtUnixSeconds = expiresAt,
            Nonce = nonce,
        };
        attestation = new NodeKeyAttestation(
            draft, new PublicKey(owner), new KeyId(Bytes8.Read(signerKeyId)), signature, fullSignature, bytes.ToArray());
        return FcpStatus.Accepted;
    }

    /// <summary>Makes and signs an attestation.</summary>
    /// <remarks>Errors: <c>InvalidAttestation</c> for a draft that no node would accept.</remarks>
    public static FcpStatus Issue(AttestationDraft draft, OwnerKey owner, out NodeKeyAttestation? attestation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(owner);
        attestation = null;
        if (draft.Node.IsEmpty || !AttestationTags.AreValid(draft.Tags) || !draft.HasValidLife || !draft.HasValidKeys)
        {
            return FcpStatus.InvalidAttestation;
        }

        byte[] signature = new byte[CryptoSizes.SignatureBytes], fullSignature = new byte[CryptoSizes.SignatureBytes];
        owner.Sign(SigningId.Attestation, EncodeKids(draft), signature);
        var writer = new CborWriter();
        Write(writer, draft, owner.PublicKey, owner.KeyId, null, null);
        owner.Sign(SigningId.FullAttestation, writer.Written, fullSignature);
        Write(writer.Reset(), draft, owner.PublicKey, owner.KeyId, signature, fullSignature);
        attestation = new NodeKeyAttestation(draft, owner.PublicKey, owner.KeyId, signature, fullSignature, writer.ToArray());
        return FcpStatus.Accepted;
    }

    /// <summary>The bytes under <see cref="Signature"/>; allocates.</summary>
    public byte[] SigningBytes() => SigningId.Attestation.SigningBytes(EncodeKids(Draft));

    /// <summary>The bytes under <see cref="FullSignature"/>; allocates.</summary>
    public byte[] FullSigningBytes() =>
        SigningId.FullAttestation.SigningBytes(CborMapCut.Without(Encoded.Span, "signature"u8, "full_signature"u8));

    /// <summary>The object that the snapshot signs: kids in place of keys, no owner, no nonce.</summary>
    private static byte[] EncodeKids(AttestationDraft draft)
    {
        var writer = new CborWriter();
        writer.BeginMap(8);
        AttestationTags.Write(writer, draft.Tags);
        writer.Key("schema"u8);
        writer.Text(SigningId.Attestation.Text);
        writer.Key("node_id"u8);
        writer.Text(draft.Node.ToString());
        writer.Key("issued_at"u8);
        writer.Unsigned(draft.IssuedAtUnixSeconds);
        writer.Key("expires_at"u8);
        writer.Unsigned(draft.ExpiresAtUnixSeconds);
        writer.Key("signing_kid"u8);
        writer.Text(draft.Keys.SigningKeyId.ToString());
        writer.Key("issuance_kid"u8);
        writer.Text(draft.Keys.IssuanceKeyId.ToString());
        writer.Key("encryption_kid"u8);
        writer.Text(draft.Keys.EncryptionKeyId.ToString());
        return writer.ToArray();
    }

    private static void Write(
        CborWriter writer, AttestationDraft draft, PublicKey owner, KeyId signerKeyId, byte[]? signature, byte[]? fullSignature)
    {
        writer.BeginMap(FieldCount - (signature is null ? 1 : 0) - (fullSignature is null ? 1 : 0));
        AttestationTags.Write(writer, draft.Tags);
        writer.Key("nonce"u8);
        writer.Bytes(draft.Nonce);
        writer.Key("node_id"u8);
        writer.Text(draft.Node.ToString());
        writer.Key("issued_at"u8);
        writer.Unsigned(draft.IssuedAtUnixSeconds);
        if (signature is not null)
        {
            writer.Key("signature"u8);
            writer.Bytes(signature);
        }

        writer.Key("expires_at"u8);
        writer.Unsigned(draft.ExpiresAtUnixSeconds);
        writer.Key("signer_kid"u8);
        writer.Bytes(signerKeyId.Value);
        writer.Key("signing_key"u8);
        writer.Bytes(draft.Keys.Signing.Value);
        writer.Key("issuance_key"u8);
        writer.Bytes(draft.Keys.Issuance.Value);
        writer.Key("owner_pubkey"u8);
        writer.Bytes(owner.Value);
        writer.Key("encryption_key"u8);
        writer.Bytes(draft.Keys.Encryption.Value);
        if (fullSignature is null) return;
        writer.Key("full_signature"u8);
        writer.Bytes(fullSignature);
    }
}
