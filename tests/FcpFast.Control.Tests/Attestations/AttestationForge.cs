using System;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Attestations;

/// <summary>Writes and signs an attestation by itself, so that it can also say what the product would not.</summary>
internal sealed record AttestationForge
{
    public required string Node { get; init; }

    public required NodePublicKeys Keys { get; init; }

    public string[] Tags { get; init; } = ["tag:fcp-work"];

    public required ulong IssuedAt { get; init; }

    public required ulong ExpiresAt { get; init; }

    public PublicKey? OwnerNamed { get; init; }

    public KeyId? SignerNamed { get; init; }

    public bool BreakSignature { get; init; }

    public bool BreakFullSignature { get; init; }

    public byte[] Sign(OwnerKey owner)
    {
        byte[] signature = new byte[64], fullSignature = new byte[64];
        owner.Sign(SigningId.Attestation, Kids(), signature);
        owner.Sign(SigningId.FullAttestation, Record(owner, null, null), fullSignature);
        if (BreakSignature) signature[0] ^= 1;
        if (BreakFullSignature) fullSignature[0] ^= 1;
        return Record(owner, signature, fullSignature);
    }

    private byte[] Kids()
    {
        var writer = new CborWriter();
        writer.BeginMap(8);
        WriteTags(writer);
        Text(writer, "schema", "fcp.attestation.v1");
        Text(writer, "node_id", Node);
        Number(writer, "issued_at", IssuedAt);
        Number(writer, "expires_at", ExpiresAt);
        Text(writer, "signing_kid", Keys.Signing.ComputeKeyId().ToString());
        Text(writer, "issuance_kid", Keys.Issuance.ComputeKeyId().ToString());
        Text(writer, "encryption_kid", Keys.Encryption.ComputeKeyId().ToString());
        return writer.ToArray();
    }

    private byte[] Record(OwnerKey owner, byte[]? signature, byte[]? fullSignature)
    {
        var writer = new CborWriter();
        writer.BeginMap(10 + (signature is null ? 0 : 1) + (fullSignature is null ? 0 : 1));
        WriteTags(writer);
        Bytes(writer, "nonce", Enumerable.Repeat((byte)7, 32).ToArray());
        Text(writer, "node_id", Node);
        Number(writer, "issued_at", IssuedAt);
        if (signature is not null) Bytes(writer, "signature", signature);
        Number(writer, "expires_at", ExpiresAt);
        Bytes(writer, "signer_kid", Convert.FromHexString((SignerNamed ?? owner.KeyId).ToString()));
        Bytes(writer, "signing_key", Convert.FromHexString(Keys.Signing.ToString()));
        Bytes(writer, "issuance_key", Convert.FromHexString(Keys.Issuance.ToString()));
        Bytes(writer, "owner_pubkey", Convert.FromHexString((OwnerNamed ?? owner.PublicKey).ToString()));
        Bytes(writer, "encryption_key", Convert.FromHexString(Keys.Encryption.ToString()));
        if (fullSignature is not null) Bytes(writer, "full_signature", fullSignature);
        return writer.ToArray();
    }

    private void WriteTags(CborWriter writer)
    {
        writer.Text("tags");
        writer.BeginArray(Tags.Length);
        foreach (string tag in Tags) writer.Text(tag);
    }

    private static void Text(CborWriter writer, string key, string value)
    {
        writer.Text(key);
        writer.Text(value);
    }

    private static void Number(CborWriter writer, string key, ulong value)
    {
        writer.Text(key);
        writer.Unsigned(value);
    }

    private static void Bytes(CborWriter writer, string key, byte[] value)
    {
        writer.Text(key);
        writer.Bytes(value);
    }
}
