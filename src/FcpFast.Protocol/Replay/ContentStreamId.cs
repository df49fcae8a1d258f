using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>What a content window belongs to.</summary>
/// <param name="Zone">The zone; key ids are chosen by issuers, and two zones may have chosen the same one.</param>
/// <param name="ZoneKeyId">The zone key.</param>
/// <param name="Source">The sealing node.</param>
/// <param name="Instance">Its stream.</param>
/// <remarks>Source: [REPLAY §2.9].</remarks>
public readonly record struct ContentStreamId(ZoneIdHash Zone, ZoneKeyId ZoneKeyId, NodeId Source, SenderInstanceId Instance);
