using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Tool.Demo.Gateways;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>The counts that must agree: what was sent is what was received and what was lost by a name.</summary>
internal static class SoakSums
{
    /// <summary>The sums of a node at any moment; only handshake datagrams that were answered are in none of them, and those were at most so many.</summary>
    public static bool AddUp(JsonObject status, long hellosMax) => StatusSums.Unnamed(status) is >= 0 and var answered && answered <= hellosMax;

    /// <summary>The same of a relay, which opens nothing, and does something by a name with every frame that it passes on.</summary>
    public static bool OfRelay(JsonObject status, long hellosMax) =>
        AddUp(status, hellosMax) && Count(status, "frames_opened") == 0 && Total((JsonObject)status["frames_forwarded"]!) >= Count(status, "frames_passed_on");

    /// <summary>All sums of a soak.</summary>
    /// <param name="begun">The gateway, when the pace began.</param>
    /// <param name="ended">The gateway, when everything was over.</param>
    /// <param name="groups">The load processes.</param>
    /// <param name="steady">That which was never killed, and whose path loses nothing but in the gateway's socket.</param>
    /// <param name="killedAtOnce">Objects that a kill may cut off.</param>
    /// <param name="hellos">Hellos of strangers.</param>
    /// <param name="relayAddsUp">Whether each life of the relay did.</param>
    public static JsonObject Of(JsonObject begun, JsonObject ended, IReadOnlyList<SoakGroup> groups, SoakGroup steady, int killedAtOnce, long hellos, bool relayAddsUp)
    {
        long started = groups.Sum(static group => group.Started), arrived = groups.Sum(static group => group.Arrived), refused = groups.Sum(static group => group.Refused);
        // A process that is killed takes with it what it had not told yet: two seconds of the pace at most, and one object of each peer.
        long cutOff = groups.Sum(group => (long)group.Kills * killedAtOnce);
        long framesSent = 0, framesReceived = 0;
        foreach ((string peer, JsonNode? sent) in (JsonObject)steady.Report!["frames_sent"]!)
        {
            framesSent += (long)(sent![SoakRun.Gateway] ?? 0L);
            framesReceived += TrafficOf(ended, peer) - TrafficOf(begun, peer);
        }

        long systemDrops = Count(ended, "system_drops") - Count(begun, "system_drops"), dropped = Total((JsonObject)ended["frames_dropped"]!);
        long lost = framesSent - framesReceived;
        long probes = Probes(ended) - Probes(begun); // a peer's received frames count them, its sent ones do not
        return new JsonObject
        {
            ["objects_started"] = started, ["objects_arrived"] = arrived, ["objects_refused"] = refused, ["objects_cut_off_max"] = cutOff,
            ["objects_by_group"] = new JsonArray([.. groups.Select(static group => (JsonNode)new JsonObject
            {
                ["peers"] = group.Names.Count, ["kills"] = group.Kills, ["started"] = group.Started, ["arrived"] = group.Arrived,
            })]),
            ["objects_ok"] = refused == 0 && started - arrived <= cutOff && started >= arrived,
            ["steady_frames_sent"] = framesSent, ["steady_frames_received"] = framesReceived, ["system_drops"] = systemDrops, ["frames_dropped"] = ended["frames_dropped"]!.DeepClone(),
            ["probes_max"] = probes, ["frames_ok"] = lost >= -probes && lost <= systemDrops + dropped,
            ["gateway_ok"] = AddUp(ended, hellos), ["relay_ok"] = relayAddsUp,
        };
    }

    private static long TrafficOf(JsonObject status, string peer) =>
        (long)(((JsonArray)status["peers"]!).FirstOrDefault(one => (string)one!["node"]! == peer)?["frames_received"] ?? 0L);

    private static long Probes(JsonObject status) => Count(status, "datagrams_verified") - Count(status, "frames_received");

    private static long Total(JsonObject counts) => counts.Sum(static pair => (long)pair.Value!);

    private static long Count(JsonObject status, string name) => (long)status[name]!;
}
