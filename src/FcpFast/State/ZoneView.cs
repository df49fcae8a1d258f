using System.Collections.Frozen;
using FcpFast.Protocol.Ids;

namespace FcpFast.State;

/// <summary>What an endpoint's user is shown of a zone.</summary>
/// <param name="Members">Its members now.</param>
/// <param name="HasKeys">True if this node has keys of it.</param>
internal sealed record ZoneView(FrozenSet<NodeId> Members, bool HasKeys);
