using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Node;
using FcpFast.Protocol.Ids;
using FcpFast.Tool.Reports;

namespace FcpFast.Tool.Verbs;

/// <summary>One run of <c>fcpfast send</c>.</summary>
/// <param name="options">The endpoint; its one peer is the receiver.</param>
/// <param name="receiver">The receiver.</param>
/// <param name="timeout">How long to wait without progress.</param>
/// <param name="streams">Where to speak.</param>
internal sealed class SendRun(FcpEndpointOptions options, NodeId receiver, TimeSpan timeout, ToolStreams streams)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _way = "no answer";

    /// <summary>For how long the files are sent again and again; zero for once.</summary>
    public TimeSpan RepeatFor { get; init; }

    /// <summary>They are sent again also while this file is there; null for none.</summary>
    public string? RepeatWhile { get; init; }

    public async Task<int> RunAsync(string[] files, ZoneId? wanted, bool isJson, CancellationToken cancellation)
    {
        foreach (string file in files) RequireFile(file, "send");
        await using FcpEndpoint endpoint = await Endpoints.OpenAsync(options, streams);
        ZoneId zone = ChooseZone(endpoint, wanted);
        if (!endpoint.IsMember(zone, receiver))
        {
            throw new ToolException($"{receiver} is no member of {zone} by this node's manifest", "check --to, or let the owner add the node and bring the new manifest");
        }

        Task events = TellEventsAsync(endpoint);
        try
        {
            await using var refusals = new RefusalTeller(endpoint, streams);
            await WaitForLinkAsync(events, cancellation);
            await RequireWayAsync(endpoint);
            JsonObject report = await SendAllAsync(endpoint, files, zone, cancellation);
            EndpointReport.Describe(endpoint, await endpoint.ReadFiguresAsync(), report);
            if (isJson) await streams.WriteAsync(report);
            else await streams.WriteAsync($"{receiver} has {files.Length} file(s), {report["payload_bytes"]} bytes, in {report["seconds"]} s: {report["goodput_gbps"]} Gbit/s");
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await streams.SayAsync("interrupted; send the same file again to go on");
            return ExitCodes.NotDone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"cannot send: {e.Message}", "check that the file may be read, and its name", e);
        }
        finally
        {
            await endpoint.DisposeAsync();
            await events.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what broke the endpoint was told above
        }
    }

    /// <summary>Refuses what is no file before anything is made.</summary>
    internal static void RequireFile(string path, string verb)
    {
        if (File.Exists(path)) return;
        string found = Directory.Exists(path) ? "it is a folder" : "there is no such file";
        throw new ToolException($"cannot {verb} {path}: {found}", "give the path of a file");
    }

    private static ZoneId ChooseZone(FcpEndpoint endpoint, ZoneId? wanted)
    {
        ZoneId[] zones = endpoint.Zones.ToArray();
        string known = zones.Length == 0 ? "it has keys of no zone" : $"it has keys of {string.Join(", ", zones)}";
        if (wanted is { } zone)
        {
            if (zones.Contains(zone)) return zone;
            throw new ToolException($"{endpoint.Node} has no keys of {zone}: {known}", "put the zone's manifest into the state folder, or name another zone");
        }

        if (zones.Length == 1) return zones[0];
        string remedy = zones.Length == 0 ? "put the zone's manifest into the state folder" : "name one with --zone";
        throw new ToolException($"{endpoint.Node} cannot tell which zone is meant: {known}", remedy);
    }

    private async Task TellEventsAsync(FcpEndpoint endpoint)
    {
        await foreach (FcpEndpointEvent happened in endpoint.Events.ReadAllAsync(CancellationToken.None))
        {
            string? words = Endpoints.Describe(happened);
            if (words is not null) await streams.SayAsync(words);
            switch (happened)
            {
                case FcpEndpointEvent.ZoneChanged changed:
                    await streams.TellZoneAsync(changed);
                    break;
                case FcpEndpointEvent.HandshakeFailed:
                    _way = words!;
                    break;
                case FcpEndpointEvent.LinkChanged { State: LinkState.Established }:
                    _way = "control messages pass, but no datagram came back: is UDP blocked?";
                    break;
                case FcpEndpointEvent.LinkChanged { State: LinkState.Down }:
                    _way = "the connection is lost, and no new one answers";
                    break;
                case FcpEndpointEvent.LinkChanged { State: LinkState.Ready }:
                    _way = "it answers, but does not take more";
                    await streams.TellAsync("session", new JsonObject { ["peer"] = options.Peers[0].Node.ToString() });
                    _ready.TrySetResult();
                    break;
            }
        }
    }

    private async Task WaitForLinkAsync(Task events, CancellationToken cancellation)
    {
        await Task.WhenAny(_ready.Task, events, Task.Delay(timeout, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (events.IsFaulted) await events;
        if (_ready.Task.IsCompleted) return;
        throw new ToolException(
            $"no way to {options.Peers[0].Node} at {options.Peers[0].Address} within {timeout.TotalSeconds:F0} s: {_way}",
            "check that it runs, its address, its messages, and that each state folder holds the other's attestation");
    }

    /// <summary>What a node brings for others is taken only if its owner attests it as a relay; else nothing would ever arrive, and nobody say why.</summary>
    private async Task RequireWayAsync(FcpEndpoint endpoint)
    {
        NodeId next = options.Peers[0].Node;
        if (next == receiver || (await endpoint.ReadFiguresAsync()).Peers.Any(peer => peer.Node == next && peer.IsRelay)) return;
        throw new ToolException(
            $"{next} is not attested as a relay: {receiver} would take nothing that it brings",
            "let the owner attest it ('fcpfast owner attest --relay'), and bring the attestations to every node");
    }

    private async Task<JsonObject> SendAllAsync(FcpEndpoint endpoint, string[] files, ZoneId zone, CancellationToken cancellation)
    {
        using var meter = new TransferMeter(() => endpoint.FramesSent);
        ulong bytes = 0;
        int moved = 0;
        for (long started = Stopwatch.GetTimestamp(); moved < files.Length || Stopwatch.GetElapsedTime(started) < RepeatFor || File.Exists(RepeatWhile); moved++)
        {
            string file = files[moved % files.Length];
            if (moved >= files.Length) File.SetLastWriteTimeUtc(file, DateTime.UtcNow); // what has the time of before is there already
            FcpFileSend send = await endpoint.SendFileAsync(file, zone, receiver);
            Task<bool> arrival = WatchAsync(send, cancellation);
            await TransferProgress.ShowAsync(Path.GetFileName(file), send.SizeBytes, () => send.CompleteBytes, arrival, streams);
            if (!await arrival) throw new ToolException($"{file} was not taken: {send.FailureDetail}", "see the receiver's messages");
            bytes += send.SizeBytes;
        }

        JsonObject report = meter.Read();
        report["files"] = new JsonArray([.. files.Select(static file => (JsonNode)Path.GetFileName(file))]);
        report["times"] = moved;
        report["payload_bytes"] = bytes;
        report["goodput_gbps"] = Math.Round(bytes * 8 / 1e9 / Math.Max(1e-9, (double)report["seconds"]!), 4);
        return report;
    }

    /// <summary>Waits for a file, and gives up when nothing has moved for too long.</summary>
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
            throw new ToolException(
                $"{receiver} has not moved on for {timeout.TotalSeconds:F0} s ({_way})", "see its messages; the same file sent again goes on where it was left");
        }

        return await send.Completion;
    }
}
