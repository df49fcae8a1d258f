using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Node;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Tool.Reports;

namespace FcpFast.Tool.Verbs;

/// <summary>One run of <c>fcpfast receive</c>.</summary>
/// <param name="options">The endpoint.</param>
/// <param name="count">How many files to take; 0 for no end.</param>
/// <param name="streams">Where to speak.</param>
/// <param name="metrics">Who is shown its figures.</param>
internal sealed class ReceiveRun(FcpEndpointOptions options, int count, ToolStreams streams, MetricsPlan metrics)
{
    // A sender that has its last status leaves; one that stays for more files is not waited for longer.
    private static readonly TimeSpan LingerMax = TimeSpan.FromSeconds(2);

    private readonly JsonArray _received = [];
    private readonly HashSet<long> _underWay = []; // handles
    private TransferMeter? _meter;
    private JsonObject? _cost;
    private bool _anyRefused;

    public async Task<int> RunAsync(bool isJson, CancellationToken cancellation)
    {
        await using FcpEndpoint endpoint = await Endpoints.OpenAsync(options, streams);
        await using FcpDoor? door = await Endpoints.OpenDoorAsync(endpoint, streams);
        using MetricsExport? shown = MetricsExport.Start(endpoint, metrics);
        await streams.TellAsync("listening", new JsonObject { ["address"] = endpoint.Address.ToString() });
        await streams.SayAsync($"{endpoint.Node} receives at {endpoint.Address} into {Path.GetFullPath(options.ReceiveInto!)}");
        await using var refusals = new RefusalTeller(endpoint, streams);
        bool isInterrupted = false;
        try
        {
            NodeId last = await TakeFilesAsync(endpoint, door, cancellation);
            await LingerAsync(endpoint, last, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            isInterrupted = count == 0 || _received.Count < count;
        }

        if (isInterrupted) await streams.SayAsync(_underWay.Count > 0 ? "interrupted; a file that is not complete goes on when it is sent again" : "interrupted");
        await ReportAsync(endpoint, isJson);
        bool isDone = count == 0 ? !_anyRefused && _underWay.Count == 0 : _received.Count >= count;
        return isDone ? ExitCodes.Done : ExitCodes.NotDone;
    }

    /// <summary>Takes files until there are enough; returns where the last one came from.</summary>
    private async Task<NodeId> TakeFilesAsync(FcpEndpoint endpoint, FcpDoor? door, CancellationToken cancellation)
    {
        await foreach (FcpEndpointEvent happened in endpoint.Events.ReadAllAsync(cancellation))
        {
            if (Endpoints.Describe(happened) is { } words) await streams.SayAsync(words);
            door?.Tell(happened);
            switch (happened)
            {
                case FcpEndpointEvent.FileOpened opened:
                    _underWay.Add(opened.File.Handle);
                    _meter ??= new TransferMeter(() => endpoint.FramesAccepted);
                    await streams.TellAsync("opened", Describe(opened.File));
                    _ = TransferProgress.ShowAsync(opened.File.Name, opened.File.Shape.SizeBytes, () => opened.File.CompleteBytes, EndOf(opened.File, cancellation), streams);
                    break;
                case FcpEndpointEvent.ZoneChanged zone:
                    await streams.TellZoneAsync(zone);
                    break;
                case FcpEndpointEvent.FileRefused { File: var refused }:
                    _anyRefused = true;
                    _underWay.Remove(refused.Handle);
                    await streams.SayAsync("Remedy: put right what is named above, then send the file again");
                    break;
                case FcpEndpointEvent.FileReceived { File: var file }:
                    _underWay.Remove(file.Handle);
                    _cost = _meter?.Read();
                    JsonObject told = Describe(file);
                    _received.Add((JsonNode)told);
                    await streams.TellAsync("received", told);
                    if (_received.Count == count) return file.Source;
                    break;
            }
        }

        return default;
    }

    /// <summary>Lets a sender have its last status; an attending program says itself when it is over.</summary>
    private async Task LingerAsync(FcpEndpoint endpoint, NodeId sender, CancellationToken cancellation)
    {
        if (streams.IsAttended) await Task.Delay(Timeout.Infinite, cancellation);
        using var lingering = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lingering.CancelAfter(LingerMax);
        try
        {
            await foreach (FcpEndpointEvent happened in endpoint.Events.ReadAllAsync(lingering.Token))
            {
                if (happened is FcpEndpointEvent.LinkChanged { State: LinkState.Down } link && link.Peer == sender) return;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // it stays; it has been told meanwhile
        }
    }

    private async Task ReportAsync(FcpEndpoint endpoint, bool isJson)
    {
        if (!isJson) return;
        var report = new JsonObject { ["files"] = _received };
        foreach ((string name, JsonNode? value) in _cost ?? []) report[name] = value?.DeepClone();
        EndpointReport.Describe(endpoint, await EndpointReport.SettleAsync(endpoint), report);
        if (options.Audit is ReplayAudit audit)
        {
            report["replays_accepted"] = audit.Repeats;
            report["replays_not_judged"] = audit.NotJudged;
        }

        await streams.WriteAsync(report);
    }

    private static JsonObject Describe(IncomingFile file) => new()
    {
        ["name"] = file.Name,
        ["bytes"] = file.Shape.SizeBytes,
        ["from"] = file.Source.ToString(),
        ["complete_bytes"] = file.CompleteBytes,
        ["is_resumed"] = file.IsResumed,
    };

    private static async Task EndOf(IncomingFile file, CancellationToken cancellation)
    {
        while (file.State is IncomingFileState.Opening or IncomingFileState.Receiving or IncomingFileState.Finishing)
        {
            await Task.Delay(100, cancellation);
        }
    }
}
