using System;
using System.CommandLine;
using System.IO;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Objects;
using FcpFast.Tool.Reports;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast receive</c></summary>
/// <remarks>Source: DESIGN §4.</remarks>
internal static class ReceiveVerb
{
    public static Command Create()
    {
        Option<string> state = EndpointArguments.State();
        Option<IPEndPoint> listen = EndpointArguments.Address("--listen", $"Where to receive, UDP and TCP alike; port 0 takes a free one. 0.0.0.0:{EndpointArguments.PortDefault} if left out.");
        listen.DefaultValueFactory = static _ => new IPEndPoint(IPAddress.Any, EndpointArguments.PortDefault);
        var into = new Option<string>("--into") { Description = "The folder that files go to.", HelpName = "DIR", DefaultValueFactory = static _ => "." };
        var count = new Option<int>("--count") { Description = "End after this many files; else go on until interrupted.", HelpName = "N" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files of the same name; else a received file gets a number." };
        Option<long> sizeMax = EndpointArguments.Size("--max-size", "Refuse larger files.", 1L << 48);
        Option<OffloadChoice> offload = EndpointArguments.Offload();
        Option<bool> json = EndpointArguments.Json();
        var audit = new Option<long>("--audit")
        {
            Description = "Count numbers that are accepted twice, by bit sets of this many numbers a stream (the demo does).", HelpName = "N",
        };
        var command = new Command("receive", "Receives files from nodes whose attestations are in the state folder.")
        {
            state, listen, into, count, overwrite, sizeMax, offload, json, audit,
        };
        command.SetAction((parsed, cancellation) =>
        {
            long audited = parsed.GetValue(audit);
            var options = new FcpEndpointOptions
            {
                StateFolder = parsed.GetValue(state)!,
                Listen = parsed.GetValue(listen)!,
                ReceiveInto = parsed.GetValue(into)!,
                Overwrites = parsed.GetValue(overwrite),
                FileBytesMax = (ulong)parsed.GetValue(sizeMax),
                Offload = parsed.GetValue(offload),
                Audit = audited > 0 ? new ReplayAudit(audited) : null,
            };
            return RunAsync(options, parsed.GetValue(count), parsed.GetValue(json), parsed.InvocationConfiguration, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        FcpEndpointOptions options, int count, bool isJson, InvocationConfiguration streams, CancellationToken cancellation)
    {
        await using FcpEndpoint endpoint = Endpoints.Open(options, streams.Error);
        if (isJson) await streams.Output.WriteLineAsync(new JsonObject { ["event"] = "listening", ["address"] = endpoint.Address.ToString() }.ToJsonString());
        await streams.Error.WriteLineAsync($"{endpoint.Node} receives at {endpoint.Address} into {Path.GetFullPath(options.ReceiveInto!)}");
        var received = new JsonArray();
        JsonObject? last = null;
        ProcessMeter? meter = null;
        long framesBefore = 0;
        bool failed = false;
        using var progressEnds = new CancellationTokenSource();
        try
        {
            await foreach (FcpEndpointEvent happened in endpoint.Events.ReadAllAsync(cancellation))
            {
                if (Endpoints.Describe(happened) is { } words) await streams.Error.WriteLineAsync(words);
                if (happened is FcpEndpointEvent.FileOpened opened)
                {
                    meter = new ProcessMeter();
                    framesBefore = endpoint.FramesAccepted;
                    _ = TransferProgress.ShowAsync(opened.File.Name, opened.File.Shape.SizeBytes, () => opened.File.CompleteBytes, WhenOver(opened.File, progressEnds.Token), streams.Error);
                }

                failed |= happened is FcpEndpointEvent.FileRefused;
                if (happened is not FcpEndpointEvent.FileReceived done) continue;
                last = meter?.Stop(endpoint.FramesAccepted - framesBefore);
                received.Add((JsonNode)new JsonObject { ["name"] = done.File.Name, ["bytes"] = done.File.Shape.SizeBytes, ["from"] = done.File.Source.ToString() });
                if (received.Count == count) break;
            }
        }
        catch (OperationCanceledException)
        {
            await streams.Error.WriteLineAsync("interrupted; files that are not complete go on with the next start");
        }

        await progressEnds.CancelAsync();
        if (received.Count == count) await Task.Delay(LingerMilliseconds, CancellationToken.None); // the last status is on its way
        if (isJson) await streams.Output.WriteLineAsync(Report(endpoint, received, last).ToJsonString());
        bool isWhole = count == 0 ? !failed : received.Count >= count;
        return isWhole ? ExitCodes.Done : ExitCodes.NotDone;
    }

    private const int LingerMilliseconds = 300;

    private static JsonObject Report(FcpEndpoint endpoint, JsonArray received, JsonObject? last)
    {
        var report = new JsonObject { ["files"] = received };
        foreach ((string name, JsonNode? value) in last ?? []) report[name] = value?.DeepClone();
        EndpointReport.Describe(endpoint, report);
        if (endpoint.Options.Audit is ReplayAudit audit)
        {
            report["replays_accepted"] = audit.Repeats;
            report["replays_not_judged"] = audit.NotJudged;
        }

        return report;
    }

    private static async Task WhenOver(IncomingFile file, CancellationToken cancellation)
    {
        while (file.State is IncomingFileState.Opening or IncomingFileState.Receiving or IncomingFileState.Finishing)
        {
            if (cancellation.IsCancellationRequested) return;
            await Task.Delay(100, CancellationToken.None);
        }
    }
}
