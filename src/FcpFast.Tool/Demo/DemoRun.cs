using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Tool.Demo;

/// <summary>One run of the demo.</summary>
internal sealed class DemoRun(DemoPlan plan, InvocationConfiguration streams)
{
    private const string Sender = "sender";
    private const string Receiver = "receiver";
    private const int FramesPerSymbolAudited = 8; // repairs and repetitions included, with room to spare

    public async Task<int> RunAsync(bool isJson, CancellationToken cancellation)
    {
        string folder = NewFolder();
        try
        {
            (string file, long bytes) = Prepare(folder);
            await SayAsync($"made an owner, two nodes and zone {DemoFleet.Zone} in {folder}");
            JsonObject report = await MoveAsync(folder, file, bytes, cancellation);
            await SayAsync("comparing the hashes of what was sent and what arrived");
            bool isEqual = await CompareAsync(file, Path.Combine(folder, "received", Path.GetFileName(file)), report);
            if (isJson) await streams.Output.WriteLineAsync(report.ToJsonString());
            else await DemoSummary.WriteAsync(report, streams.Output);
            return isEqual && (long)report["replays_accepted"]! == 0 ? ExitCodes.Done : ExitCodes.CheckFailed;
        }
        catch (OperationCanceledException)
        {
            await SayAsync("interrupted");
            return ExitCodes.NotDone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"the demo cannot use {folder}: {e.Message}", "free some room, or give another folder with --keep or TMPDIR", e);
        }
        finally
        {
            if (plan.Keep is null) Directory.Delete(folder, recursive: true);
        }
    }

    private Task SayAsync(string words) => streams.Error.WriteLineAsync(words);

    private string NewFolder()
    {
        if (plan.Keep is null) return Directory.CreateTempSubdirectory("fcpfast-demo-").FullName;
        if (Directory.Exists(plan.Keep)) throw new ToolException($"{plan.Keep} exists already", "name a new folder with --keep, so that nothing is overwritten");
        return Directory.CreateDirectory(plan.Keep).FullName;
    }

    private (string File, long Bytes) Prepare(string folder)
    {
        DemoFleet.Create(folder, [Sender, Receiver], (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Directory.CreateDirectory(Path.Combine(folder, "received"));
        if (plan.File is { } given)
        {
            if (!File.Exists(given)) throw new ToolException($"cannot move {given}: there is no such file", "check the path");
            return (Path.GetFullPath(given), new FileInfo(given).Length);
        }

        string file = Path.Combine(folder, "demo.bin");
        DemoFile.Write(file, plan.SizeBytes);
        return (file, plan.SizeBytes);
    }

    /// <summary>Runs both processes, with a forwarder between them if asked for.</summary>
    private async Task<JsonObject> MoveAsync(string folder, string file, long bytes, CancellationToken cancellation)
    {
        string offload = plan.Offload ? "on" : "off";
        long audited = ((bytes / 256) + 4096) * FramesPerSymbolAudited / 4;
        await using ToolProcess receiver = ToolProcess.Start(
            [
                "receive", "--state", Path.Combine(folder, Receiver), "--listen", "127.0.0.1:0", "--into", Path.Combine(folder, "received"),
                "--count", "1", "--offload", offload, "--json", "--audit", audited.ToString(CultureInfo.InvariantCulture),
            ],
            null);
        JsonObject? listening = await receiver.NextLineAsync(cancellation);
        if (listening is null) throw Failed(Receiver, receiver);
        IPEndPoint address = IPEndPoint.Parse((string)listening["address"]!);
        await using Forwarder? forwarder = plan.Impairment is null ? null : new Forwarder(address, plan.Impairment);
        var arguments = new List<string>
        {
            "send", file, "--state", Path.Combine(folder, Sender), "--to", Receiver, "--peer", (forwarder?.Address ?? address).ToString(),
            "--offload", offload, "--datagram", plan.DatagramBytes.ToString(CultureInfo.InvariantCulture), "--json",
        };
        if (plan.Suite != 0) arguments.AddRange(["--suite", plan.Suite.ToString(CultureInfo.InvariantCulture)]);
        await using ToolProcess sender = ToolProcess.Start(arguments, words => streams.Error.WriteLine(words));
        JsonObject? sent = await sender.EndAsync(cancellation);
        if (sent is null || sender.ExitCode != ExitCodes.Done) throw Failed(Sender, sender);
        JsonObject? received = await receiver.EndAsync(cancellation);
        if (received is null || receiver.ExitCode != ExitCodes.Done) throw Failed(Receiver, receiver);
        return DemoReport.Make(sent, received, forwarder?.Report());
    }

    private static ToolException Failed(string who, ToolProcess process) =>
        new($"the {who} failed: {string.Join(Environment.NewLine, process.Errors)}", "see its message above");

    private static async Task<bool> CompareAsync(string sent, string received, JsonObject report)
    {
        string[] hashes = await Task.WhenAll(DemoFile.HashAsync(sent), DemoFile.HashAsync(received));
        report["hash_ok"] = hashes[0] == hashes[1];
        report["blake3"] = hashes[1];
        return hashes[0] == hashes[1];
    }
}
