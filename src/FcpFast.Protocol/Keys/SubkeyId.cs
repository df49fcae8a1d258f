using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>Which subkey: everything that its derivation depends on.</summary>
/// <param name="Zone">The zone; key ids are chosen by issuers, and two zones may have chosen the same one.</param>
/// <param name="ZoneKeyId">The zone key.</param>
/// <param name="Epoch">The epoch whose key it comes from; the default where the zone key serves every epoch.</param>
/// <param name="Source">The sealing node.</param>
/// <param name="Instance">Its sealing stream.</param>
/// <param name="Purpose">What it seals.</param>
public readonly record struct SubkeyId(
    ZoneIdHash Zone, ZoneKeyId ZoneKeyId, EpochId Epoch, NodeId Source, SenderInstanceId Instance, SubkeyPurpose Purpose);
