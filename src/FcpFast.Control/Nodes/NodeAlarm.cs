using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Nodes;

/// <summary>Something that an operator must hear of.</summary>
/// <param name="Kind">What.</param>
/// <param name="Zone">In which zone; empty for the node itself.</param>
/// <param name="Detail">In words.</param>
public sealed record NodeAlarm(NodeAlarmKind Kind, ZoneId Zone, string Detail);
