using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace FcpFast.Tool.Demo;

/// <summary>The demo's report in words.</summary>
internal static class DemoSummary
{
    public static async Task WriteAsync(JsonObject report, ToolStreams streams)
    {
        await streams.WriteAsync($"moved      {report["payload_bytes"]} bytes in {report["seconds"]} s: {report["goodput_gbps"]} Gbit/s of payload");
        await streams.WriteAsync($"engine     {report["engine"]}, suite {report["suite"]}, UDP offload {report["offload"]} ({report["offload_reason"]})");
        await streams.WriteAsync($"frames     {report["frames_sent"]} sent, {report["frames_received"]} received, {report["frames_opened"]} opened");
        await streams.WriteAsync($"dropped    {Counts(report["frames_dropped"]!)}");
        await streams.WriteAsync($"replays    {report["replays_accepted"]} accepted, {report["replays_not_judged"]} not judged");
        await streams.WriteAsync($"allocated  {report["allocated_bytes_per_frame"]} bytes a frame, {report["gc_collections"]} collections");
        foreach ((string name, JsonNode? process) in (JsonObject)report["processes"]!)
        {
            await streams.WriteAsync($"{name,-10} {process!["cpu_seconds"]} s of processor, {process["peak_rss_mib"]} MiB at most");
        }

        if (report["path"] is JsonObject path)
        {
            foreach ((string direction, JsonNode? counts) in path) await streams.WriteAsync($"path       {direction.Replace('_', ' ')}: {Counts(counts!)}");
            await streams.WriteAsync($"adds up    {((bool)report["adds_up"]!["ok"]! ? "yes" : "NO")}: {Pairs(report["adds_up"]!)}");
        }

        if (report["rotations"] is JsonObject keys)
        {
            await streams.WriteAsync(
                $"keys       {keys["made"]} made, {keys["heard"]} heard of by the receiver, at most {keys["longest_gap_seconds"]} s apart; {keys["frames_lost"]} frames lost by them"
                + ((bool)keys["ok"]! ? "" : ": NOT RIGHT"));
        }

        if (report["group"] is JsonObject group)
        {
            foreach (JsonNode? step in (JsonArray)group["steps"]!)
            {
                await streams.WriteAsync($"{step!["step"],-10} key {step["key"]}, known to all after {step["known_seconds"]} s, in force after {step["in_force_seconds"]} s");
            }

            await streams.WriteAsync(
                $"group      {group["frames_lost"]} frames lost by it ({Counts(group["frames_lost_by"]!)}); the guest opened {group["opened_as_member"]} frames as a member, "
                + $"and of {group["brought_after_removal"]} brought to it after its removal {group["opened_after_removal"]}"
                + ((bool)group["ok"]! ? "" : ": NOT RIGHT"));
        }

        await streams.WriteAsync((bool)report["hash_ok"]! ? "hash_ok    what arrived is what was sent" : "HASH MISMATCH: what arrived is not what was sent");
    }

    private static string Counts(JsonNode counts) =>
        counts.AsObject().Count == 0 ? "nothing" : string.Join(", ", counts.AsObject().Select(static count => $"{count.Value} {count.Key}"));

    private static string Pairs(JsonNode pairs) =>
        string.Join(", ", pairs.AsObject().Where(static pair => pair.Value is JsonArray).Select(static pair => $"{pair.Key} {pair.Value![0]} and {pair.Value[1]}"));
}
