using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>What a content window belongs to.</summary>
/// <param name="ZoneKeyId">The zone key.</param>
/// <param name="Source">The sealing node.</param>
/// <param name="Instance">Its stream.</param>
/// <remarks>Source: [REPLAY §2.9].</remarks>
public readonly record struct ContentStreamId(ZoneKeyId ZoneKeyId, NodeId Source, SenderInstanceId Instance);
