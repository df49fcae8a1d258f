using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Tool.Reports;

namespace FcpFast.Tool.Verbs;

/// <summary>One run of <c>fcpfast send</c>.</summary>
internal sealed class SendRun(FcpEndpointOptions options, NodeId receiver, TimeSpan timeout, InvocationConfiguration streams)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _lastRefusal = "no answer";

    public async Task<int> RunAsync(string[] files, string? zoneText, bool isJson, CancellationToken cancellation)
    {
        foreach (string file in files)
        {
            if (!File.Exists(file)) throw new ToolException($"cannot send {file}: there is no such file", "check the path");
        }

        await using FcpEndpoint endpoint = Endpoints.Open(options, streams.Error);
        ZoneId zone = ChooseZone(endpoint, zoneText);
        Task events = TellEventsAsync(endpoint);
        try
        {
            await WaitForLinkAsync(cancellation);
            JsonObject report = await SendAllAsync(endpoint, files, zone, cancellation);
            if (isJson) await streams.Output.WriteLineAsync(EndpointReport.Describe(endpoint, report).ToJsonString());
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await streams.Error.WriteLineAsync("interrupted; send the same file again to go on");
            return ExitCodes.NotDone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolException(e.Message, "check the file, the zone and its members", e);
        }
        finally
        {
            await endpoint.DisposeAsync();
            await events;
        }
    }

    private static ZoneId ChooseZone(FcpEndpoint endpoint, string? text)
    {
        ZoneId[] zones = endpoint.Zones.ToArray();
        string known = zones.Length == 0 ? "it has keys of no zone" : $"it has keys of {string.Join(", ", zones)}";
        if (text is null)
        {
            return zones.Length == 1 ? zones[0] : throw new ToolException($"{endpoint.Node} cannot tell which zone is meant: {known}", "name one with --zone");
        }

        FcpStatus status = ZoneId.Parse(text, out ZoneId zone);
        if (status != FcpStatus.Accepted) throw new ToolException($"'{text}' is no zone: {FcpStatusNames.NameOf(status)}", "give such as z:work");
        return zones.Contains(zone) ? zone : throw new ToolException($"{endpoint.Node} has no keys of {zone}: {known}", "put the zone's manifest into the state folder, or name another zone");
    }

    private async Task TellEventsAsync(FcpEndpoint endpoint)
    {
        await foreach (FcpEndpointEvent happened in endpoint.Events.ReadAllAsync(CancellationToken.None))
        {
            string? words = Endpoints.Describe(happened);
            if (words is not null) await streams.Error.WriteLineAsync(words);
            if (happened is FcpEndpointEvent.HandshakeFailed) _lastRefusal = words!;
            if (happened is FcpEndpointEvent.LinkChanged { State: LinkState.Ready }) _ready.TrySetResult();
            if (happened is FcpEndpointEvent.LinkChanged { State: LinkState.Established }) _lastRefusal = "control messages pass, but no datagram came back: is UDP blocked?";
        }
    }

    private async Task WaitForLinkAsync(CancellationToken cancellation)
    {
        Task ended = await Task.WhenAny(_ready.Task, Task.Delay(timeout, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (ended == _ready.Task) return;
        throw new ToolException(
            $"no way to {receiver} at {options.Peers[0].Address} within {timeout.TotalSeconds:F0} s: {_lastRefusal}",
            "check that it runs, its address, and that both state folders hold the other's attestation");
    }

    private async Task<JsonObject> SendAllAsync(FcpEndpoint endpoint, string[] files, ZoneId zone, CancellationToken cancellation)
    {
        long frames = endpoint.FramesSent;
        var meter = new ProcessMeter();
        ulong bytes = 0;
        var names = new List<string>();
        foreach (string file in files)
        {
            FcpFileSend send = await endpoint.SendFileAsync(file, zone, receiver);
            Task<bool> arrival = WatchAsync(send, cancellation);
            await TransferProgress.ShowAsync(Path.GetFileName(file), send.SizeBytes, () => send.CompleteBytes, arrival, streams.Error);
            if (!await arrival) throw new ToolException($"{file} was not taken: {send.FailureDetail}", "see the receiver's messages");
            bytes += send.SizeBytes;
            names.Add(Path.GetFileName(file));
        }

        JsonObject report = meter.Stop(endpoint.FramesSent - frames);
        report["files"] = new JsonArray([.. names.Select(static name => (JsonNode)name)]);
        report["payload_bytes"] = bytes;
        report["goodput_gbps"] = Math.Round(bytes * 8 / 1e9 / Math.Max(1e-9, (double)report["seconds"]!), 4);
        return report;
    }

    /// <summary>Waits for a file, and gives up when the receiver has been silent for too long.</summary>
    private async Task<bool> WatchAsync(FcpFileSend send, CancellationToken cancellation)
    {
        ulong seen = send.CompleteBytes;
        DateTime progressed = DateTime.UtcNow;
        while (!send.Completion.IsCompleted)
        {
            await Task.WhenAny(send.Completion, Task.Delay(200, cancellation));
            cancellation.ThrowIfCancellationRequested();
            if (send.CompleteBytes != seen) (seen, progressed) = (send.CompleteBytes, DateTime.UtcNow);
            if (DateTime.UtcNow - progressed <= timeout) continue;
            throw new ToolException($"{receiver} has not moved on for {timeout.TotalSeconds:F0} s", "send the same file again to go on where it was left");
        }

        return await send.Completion;
    }
}
