using System.Collections.Generic;
using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>What a relay does with frames and bodies of a zone that come from a peer.</summary>
/// <param name="Zone">The zone; the relay has no keys of it.</param>
/// <param name="From">The ingress peer.</param>
/// <param name="To">The egress peers; never the ingress peer itself.</param>
/// <remarks>Source: [DESIGN §1] (static routes), [WIRE §16.8].</remarks>
public sealed record RelayRoute(ZoneId Zone, NodeId From, IReadOnlyList<NodeId> To);
