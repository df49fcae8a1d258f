using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace FcpFast.Tool.Demo;

/// <summary>The demo's report in words.</summary>
internal static class DemoSummary
{
    public static async Task WriteAsync(JsonObject report, TextWriter output)
    {
        await output.WriteLineAsync($"moved {report["payload_bytes"]} bytes in {report["seconds"]} s: {report["goodput_gbps"]} Gbit/s of payload");
        await output.WriteLineAsync($"  engine {report["engine"]}, suite {report["suite"]}, offload {((bool)report["offload"]!["on"]! ? "on" : "off")} ({report["offload"]!["reason"]})");
        await output.WriteLineAsync($"  frames sent {report["frames_sent"]}, received {report["frames_received"]}, opened {report["frames_opened"]}");
        await output.WriteLineAsync($"  dropped, by reason: {report["frames_dropped"]!.ToJsonString()}");
        await output.WriteLineAsync($"  replays accepted {report["replays_accepted"]}, allocated {report["allocated_bytes_per_frame"]} bytes a frame, collections {report["gc_collections"]}");
        foreach ((string name, JsonNode? process) in (JsonObject)report["processes"]!)
        {
            await output.WriteLineAsync($"  {name}: {process!["cpu_seconds"]} s of processor, {process["peak_rss_mib"]} MiB");
        }

        if (report["path"] is { } path)
        {
            await output.WriteLineAsync($"  the path: {path.ToJsonString()}");
            await output.WriteLineAsync($"  adds up: {report["adds_up"]!.ToJsonString()}");
        }

        await output.WriteLineAsync((bool)report["hash_ok"]! ? "hash_ok: what arrived is what was sent" : "HASH MISMATCH: what arrived is not what was sent");
    }
}
