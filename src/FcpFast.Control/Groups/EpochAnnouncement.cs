using System.Collections.Immutable;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <summary>What the manifest of a group's epoch says of it.</summary>
/// <param name="ZoneKeyId">The id of its zone key.</param>
/// <param name="Messages">Its commit, and its Welcome if somebody joins.</param>
/// <param name="Epoch">Its number.</param>
/// <remarks>Source: [WIRE §14].</remarks>
public sealed record EpochAnnouncement(ZoneKeyId ZoneKeyId, ImmutableArray<ObjectId> Messages, EpochId Epoch);
