using System;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>With what a node opens its boxes: its present encryption key, then the one before, then one that is attested but not yet filed here.</summary>
/// <param name="Node">The node.</param>
/// <param name="Encryption">Its X25519 secret.</param>
/// <param name="PreviousEncryption">The one before, if it is still kept.</param>
/// <param name="NextEncryption">The one that waits for its attestation: the owner may have sealed to it already.</param>
/// <remarks>Source: [WIRE §22] row 12.</remarks>
public readonly record struct RecipientKeys(NodeId Node, SecretKey Encryption, SecretKey? PreviousEncryption = null, SecretKey? NextEncryption = null)
{
    /// <summary>Those of a node's key set.</summary>
    public static RecipientKeys Of(NodeId node, NodeKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new RecipientKeys(node, keys.Encryption, keys.PreviousEncryption, keys.NextEncryption);
    }
}
