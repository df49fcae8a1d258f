using System.Collections.Generic;
using FcpFast.Protocol.Ids;

namespace FcpFast;

/// <summary>What became of changed options while an endpoint runs.</summary>
/// <param name="Added">Peers that are connected to from now on.</param>
/// <param name="Moved">Peers whose address changed: their sessions were ended, and are made anew there.</param>
/// <param name="Left">Peers that are not connected to any more; their sessions were ended.</param>
/// <param name="HasOtherRoutes">True if routes changed.</param>
/// <param name="NeedRestart">Options that differ and count only after a restart, by name.</param>
public sealed record FcpFollowed(IReadOnlyList<NodeId> Added, IReadOnlyList<NodeId> Moved, IReadOnlyList<NodeId> Left, bool HasOtherRoutes, IReadOnlyList<string> NeedRestart)
{
    /// <summary>True if something is done otherwise than before.</summary>
    public bool IsChange => Added.Count + Moved.Count + Left.Count > 0 || HasOtherRoutes;
}
