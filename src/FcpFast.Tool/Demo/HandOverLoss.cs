using System.Linq;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Demo;

/// <summary>Frames that a receiver refused though nobody was at fault but the turning of a key.</summary>
internal static class HandOverLoss
{
    /// <summary>A key, an epoch or a stream that the receiver should have known.</summary>
    private static readonly string[] Reasons =
        ["UnknownZoneKey", "DecryptFailed", "UnknownSource", "NotMember", "EpochOutOfRange", "EpochErased", "ReplayRetired", "ReplayInstanceTaken", "ReplayLaneLimit", "ReplayNotDurable"];

    /// <summary>Those in a receiver's report, by reason.</summary>
    public static JsonObject In(JsonObject received)
    {
        var dropped = (JsonObject)received["frames_dropped"]!;
        var lost = new JsonObject();
        foreach (string reason in Reasons.Where(dropped.ContainsKey)) lost[reason] = dropped[reason]!.DeepClone();
        return lost;
    }
}
