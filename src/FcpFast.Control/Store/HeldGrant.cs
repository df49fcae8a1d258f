using FcpFast.Control.Groups;

namespace FcpFast.Control.Store;

/// <summary>A grant as it is kept until it is used.</summary>
/// <param name="Grant">The owner's leave.</param>
/// <param name="TakenAtUnixSeconds">When it came here.</param>
public sealed record HeldGrant(MembershipGrant Grant, ulong TakenAtUnixSeconds);
