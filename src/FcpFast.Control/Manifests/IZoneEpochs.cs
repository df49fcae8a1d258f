using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>The group whose epochs give an MLS zone its keys, as manifests are judged by it.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Source:  [WIRE §14].
/// </remarks>
public interface IZoneEpochs
{
    /// <summary>The key that the epoch of a manifest has; nothing moves.</summary>
    /// <param name="manifest">Its signature has verified; it names the zone key's id and the epoch's commit.</param>
    /// <param name="zoneKey">The key, the caller's, if accepted.</param>
    /// <param name="epoch">The group's epoch.</param>
    /// <remarks>
    /// Errors: <c>ObjectNotFound</c> if the commit is not here (ask for it), <c>ZoneKeyIdMismatch</c> if the group refuses it or it gives another key;
    ///         <c>NotMember</c> if this node is not in the group: the manifest is a link then.
    /// </remarks>
    FcpStatus Preview(ZoneKeyManifest manifest, out SecretKey? zoneKey, out EpochId epoch);

    /// <summary>The attested signing key of a member; null if it is none.</summary>
    PublicKey? SigningKeyOf(NodeId node);
}
