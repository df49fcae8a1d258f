using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>The public halves of a node's keys.</summary>
/// <param name="Signing">Ed25519.</param>
/// <param name="Encryption">X25519.</param>
/// <param name="Issuance">Ed25519.</param>
/// <remarks>Source: [WIRE §15].</remarks>
public readonly record struct NodePublicKeys(PublicKey Signing, PublicKey Encryption, PublicKey Issuance)
{
    /// <summary>The kid of the signing key.</summary>
    public KeyId SigningKeyId => Signing.ComputeKeyId();

    /// <summary>The kid of the encryption key.</summary>
    public KeyId EncryptionKeyId => Encryption.ComputeKeyId();

    /// <summary>The kid of the issuance key.</summary>
    public KeyId IssuanceKeyId => Issuance.ComputeKeyId();

    /// <summary>True if every key is one, and signing and issuance are apart.</summary>
    public bool AreValid => Signing != default && Encryption != default && Issuance != default && Signing != Issuance;
}
