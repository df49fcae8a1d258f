using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>The signature map of a manifest or profile.</summary>
/// <param name="Signer">Who says to have signed: outside the signature, for display only. Empty if the text was no node id.</param>
/// <param name="Bytes">64 bytes.</param>
/// <param name="SignedAtUnixSeconds">When: outside the signature, for display only.</param>
/// <remarks>Source: [WIRE §11.2], [WIRE §11.4].</remarks>
public sealed record OwnerSignature(NodeId Signer, ReadOnlyMemory<byte> Bytes, ulong SignedAtUnixSeconds)
{
    /// <summary>The field that the signature stands in, which it does not cover.</summary>
    internal static ReadOnlySpan<byte> Field => "signature"u8;

    /// <summary>Reads the field; faults of its shape go to the map's status.</summary>
    internal static OwnerSignature Read(ref CborMapReader map)
    {
        CborMapReader fields = map.Map(Field);
        NodeId.Parse(fields.Text("node_id"u8), out NodeId signer);
        byte[] signature = fields.Bytes("signature"u8, CryptoSizes.SignatureBytes).ToArray();
        ulong signedAt = fields.Unsigned("signed_at"u8);
        map.Fail(fields.End());
        return new OwnerSignature(signer, signature, signedAt);
    }

    /// <summary>Writes the field.</summary>
    internal void Write(CborWriter writer)
    {
        writer.Key(Field);
        writer.BeginMap(3);
        writer.Key("node_id"u8);
        writer.Text(Signer.ToString());
        writer.Key("signature"u8);
        writer.Bytes(Bytes.Span);
        writer.Key("signed_at"u8);
        writer.Unsigned(SignedAtUnixSeconds);
    }

    /// <summary>True if the owner signed these bytes.</summary>
    internal bool Verifies(ISignatures signatures, PublicKey owner, ReadOnlySpan<byte> signingBytes)
    {
        Span<byte> ownerBytes = stackalloc byte[PublicKey.Length];
        owner.Value.Write(ownerBytes);
        return signatures.Verify(ownerBytes, signingBytes, Bytes.Span);
    }
}
