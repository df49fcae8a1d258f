using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool.Reports;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast status</c>: one look at a running node.</summary>
internal static class StatusVerb
{
    public static Command Create()
    {
        Option<string> state = EndpointArguments.State();
        Option<bool> json = EndpointArguments.Json();
        var command = new Command("status", "Shows a node that runs on this machine: peers, zones, counts. It is asked through the socket in its state folder.") { state, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            JsonObject status = await NodeDoor.ReadStatusAsync(parsed.GetValue(state)!, cancellation);
            var streams = new ToolStreams(parsed.InvocationConfiguration);
            if (parsed.GetValue(json)) await streams.WriteAsync(status);
            else await WriteAsync(status, streams, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task WriteAsync(JsonObject status, ToolStreams streams, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await streams.WriteAsync(NodeWords.Head(status));
        await streams.WriteAsync($"  replay: sessions in mode {status["replay_mode"]}, relayed frames by {status["relayed_replay"]}, {status["sessions_resumed"]} sessions resumed");
        if (status["ready"] is { } ready && !(bool)ready) await streams.WriteAsync($"  NOT READY: {string.Join("; ", (JsonArray)status["not_ready"]!)}");
        foreach (JsonNode? peer in (JsonArray)status["peers"]!)
        {
            await streams.WriteAsync(string.Create(CultureInfo.InvariantCulture,
                $"  peer {peer!["node"]}: {peer["state"]}, suite {peer["suite"]?.ToString() ?? "-"}, {peer["frames_sent"]} frames out, {peer["frames_received"]} in"));
        }

        foreach (JsonNode? zone in (JsonArray)status["zones"]!)
        {
            await streams.WriteAsync($"  zone {zone!["zone"]}: {zone["members"]} members, key {zone["active_key"]?.ToString() ?? "none"} of {zone["keys"]}, epoch {zone["epoch"]}");
        }

        string[] drops = [.. NodeWords.Refusals(status).Select(static pair => $"{pair.Name} {pair.Count}")];
        if (drops.Length > 0) await streams.WriteAsync($"  refused: {string.Join(", ", drops)}");
    }
}
