using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>The public side of an owner, as nodes are given it.</summary>
/// <param name="SigningKey">Ed25519; what nodes trust.</param>
/// <param name="AgreementKey">X25519; to it nodes prove that they hold their encryption keys.</param>
/// <remarks>
/// <code>{signature: bstr 64, signing_key: bstr 32, agreement_key: bstr 32}, signed by signing_key under fcpfast.owner_card.v1</code>
/// Source: README.md of this project.
/// </remarks>
public sealed record OwnerCard(PublicKey SigningKey, PublicKey AgreementKey)
{
    private static ReadOnlySpan<byte> SignatureField => "signature"u8;

    /// <summary>Reads and verifies a card.</summary>
    /// <remarks>Errors: those of section 3, then <c>InvalidSignature</c>. Source: [WIRE §3].</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, ISignatures signatures, out OwnerCard? card)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        card = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.AttestationBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        ReadOnlySpan<byte> signature = map.Bytes(SignatureField, CryptoSizes.SignatureBytes);
        ReadOnlySpan<byte> signingKey = map.Bytes("signing_key"u8, PublicKey.Length), agreementKey = map.Bytes("agreement_key"u8, PublicKey.Length);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        byte[] signed = ControlSigningIds.OwnerCard.SigningBytes(CborMapCut.Without(bytes, SignatureField));
        if (!signatures.Verify(signingKey, signed, signature)) return FcpStatus.InvalidSignature;
        card = new OwnerCard(PublicKey.Read(signingKey), PublicKey.Read(agreementKey));
        return FcpStatus.Accepted;
    }

    /// <summary>The card of an owner, signed.</summary>
    public static byte[] Make(OwnerKey owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var writer = new CborWriter();
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        Write(writer, owner, null);
        owner.Sign(ControlSigningIds.OwnerCard, writer.Written, signature);
        Write(writer.Reset(), owner, signature);
        return writer.ToArray();
    }

    private static void Write(CborWriter writer, OwnerKey owner, byte[]? signature)
    {
        writer.BeginMap(signature is null ? 2 : 3);
        if (signature is not null)
        {
            writer.Key(SignatureField);
            writer.Bytes(signature);
        }

        writer.Key("signing_key"u8);
        writer.Bytes(owner.PublicKey.Value);
        writer.Key("agreement_key"u8);
        writer.Bytes(owner.AgreementKey.Value);
    }
}
