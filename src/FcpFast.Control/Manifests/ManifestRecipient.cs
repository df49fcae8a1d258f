using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>A node that a manifest is made for.</summary>
/// <param name="Node">The node.</param>
/// <param name="EncryptionKey">Its attested X25519 key.</param>
/// <param name="IssuedAtUnixSeconds">What its boxes are bound to; the manifest's valid_from in manifests of FcpFast.</param>
/// <remarks>Source: [WIRE §11.2], [WIRE §12.3].</remarks>
public readonly record struct ManifestRecipient(NodeId Node, PublicKey EncryptionKey, ulong IssuedAtUnixSeconds);
