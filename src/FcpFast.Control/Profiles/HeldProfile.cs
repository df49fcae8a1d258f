using FcpFast.Control.Identities;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Profiles;

/// <summary>What a node keeps of an accepted profile.</summary>
/// <param name="Digest">By which others name it.</param>
/// <param name="Content">What it says.</param>
/// <param name="Revision">Its number.</param>
/// <param name="Terms">What the zone demands.</param>
/// <param name="Coordinator">The member that may turn MLS epochs.</param>
/// <remarks>Source: [WIRE §14].</remarks>
public sealed record HeldProfile(ManifestDigest Digest, ContentDigest Content, ulong Revision, SecurityTerms Terms, NodeId? Coordinator);
