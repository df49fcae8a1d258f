using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>Who seals a body, for which zone, and as which number of its stream.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Epoch">The epoch, whose key is used where the zone ratchets.</param>
/// <param name="Source">The sealing node.</param>
/// <param name="Instance">Its sealing stream.</param>
/// <param name="Seq">From the bodies' own counter of this zone key and instance, spent before use.</param>
/// <remarks>Source: [WIRE §16.8].</remarks>
public readonly record struct BodyOrigin(ZoneId Zone, EpochId Epoch, NodeId Source, SenderInstanceId Instance, FrameSeq Seq);
