using FcpFast.Control.Identities;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>Whose state a directory holds, in public.</summary>
/// <param name="Role">A node's or an owner's.</param>
/// <param name="Name">The node's id; the owner's name as it stands beside signatures.</param>
/// <param name="Owner">The owner's public keys.</param>
public sealed record StoreIdentity(StoreRole Role, NodeId Name, OwnerCard Owner);
