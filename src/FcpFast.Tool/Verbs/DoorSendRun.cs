using System;
using System.IO;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Verbs;

/// <summary>One run of <c>fcpfast send --via</c>: a node that runs already sends the files.</summary>
/// <param name="stateFolder">That node's.</param>
/// <param name="receiver">The receiver.</param>
/// <param name="streams">Where to speak.</param>
internal sealed class DoorSendRun(string stateFolder, NodeId receiver, ToolStreams streams)
{
    public async Task<int> RunAsync(string[] files, ZoneId? wanted, bool isJson, CancellationToken cancellation)
    {
        foreach (string file in files) SendRun.RequireFile(file, "send");
        using FcpDoorClient client = await NodeDoor.ConnectAsync(stateFolder, cancellation);
        long bytes = 0;
        try
        {
            string zone = wanted?.ToString() ?? OnlyZone(await client.ReadStatusAsync(cancellation));
            foreach (string file in files)
            {
                await client.WriteAsync(new JsonObject { ["do"] = "send", ["file"] = Path.GetFullPath(file), ["zone"] = zone, ["to"] = receiver.ToString() }, cancellation);
                JsonObject answer = await client.ReadAsync(cancellation);
                if (answer["sending"] is { } size)
                {
                    bytes += (long)size;
                    await streams.SayAsync($"'{Path.GetFileName(file)}' is on its way, {size} bytes");
                    answer = await client.ReadAsync(cancellation);
                }

                if (answer["arrived"] is not { } arrived || !(bool)arrived) throw Refused(file, (string?)answer["error"] ?? (string?)answer["detail"] ?? "no reason was given");
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new ToolException($"the node in {stateFolder} has ended: {e.Message}", "start it again, and send the files again: they go on where they were left", e);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await streams.SayAsync("interrupted; the node goes on sending what it has begun");
            return ExitCodes.NotDone;
        }

        if (isJson) await streams.WriteAsync(new JsonObject { ["files"] = files.Length, ["payload_bytes"] = bytes, ["to"] = receiver.ToString() });
        else await streams.WriteAsync($"{receiver} has {files.Length} file(s), {bytes} bytes");
        return ExitCodes.Done;
    }

    private static ToolException Refused(string file, string reason) => new($"cannot send {file}: {reason}", "put right what is named, then send it again");

    private static string OnlyZone(JsonObject status)
    {
        JsonArray zones = (JsonArray)status["zones"]!;
        return zones.Count == 1
            ? (string)zones[0]!["zone"]!
            : throw new ToolException($"{status["node"]} has keys of {zones.Count} zones and cannot tell which is meant", "name one with --zone");
    }
}
