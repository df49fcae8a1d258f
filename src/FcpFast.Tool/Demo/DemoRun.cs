using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Observation;
using FcpFast.Protocol.Wire;
using FcpFast.Tool.Reports;
using FcpFast.Tool.Verbs;

namespace FcpFast.Tool.Demo;

/// <summary>One run of the demo.</summary>
internal sealed class DemoRun(DemoPlan plan, ToolStreams streams)
{
    private const string Sender = "sender";
    private const string Receiver = "receiver";
    private const string Relay = "relay";
    private const string Guest = "guest";
    private const int CourseSecondsMax = 300;
    private const int AuditFactor = 8; // repairs and repetitions included, with room to spare
    private const long FramesPerSecondMax = 500_000; // 4 Gbit/s of symbols of 1 KiB, while a file is moved again and again

    private long _completeBytes;

    public async Task<int> RunAsync(bool isJson, CancellationToken cancellation)
    {
        if (plan.File is { } given) SendRun.RequireFile(given, "move");
        long bytes = plan.File is null ? plan.SizeBytes : new FileInfo(plan.File).Length;
        await using DemoFolder folder = DemoFolder.Create(plan.Keep, plan.File is null ? 2 * bytes : bytes, streams);
        try
        {
            ulong now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            using DemoFleet fleet = plan.IsOfAGroup
                ? DemoFleet.CreateGroup(folder.FullPath, Sender, Receiver, [Guest], [Relay], now)
                : DemoFleet.Create(folder.FullPath, [Sender, Receiver], plan.HasRelay ? [Relay] : [], now);
            string file = await PrepareAsync(folder, bytes, cancellation);
            JsonObject report = await MoveAsync(folder, fleet, file, bytes, cancellation);
            await streams.SayAsync("comparing the hashes of what was sent and what arrived");
            await CompareAsync(file, Path.Combine(folder.Received, Path.GetFileName(file)), report, cancellation);
            if (isJson) await streams.WriteAsync(report);
            else await DemoSummary.WriteAsync(report, streams);
            return DemoReport.IsRight(report) ? ExitCodes.Done : ExitCodes.CheckFailed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await streams.SayAsync(plan.Keep is null ? "interrupted; nothing is left behind" : $"interrupted; what there is so far is in {folder.FullPath}");
            return ExitCodes.NotDone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"the demo cannot go on: {e.Message}", "check the file, and that the demo's folder may be written and has room (--keep, TMPDIR)", e);
        }
    }

    /// <summary>Makes the file, unless one was given.</summary>
    private async Task<string> PrepareAsync(DemoFolder folder, long bytes, CancellationToken cancellation)
    {
        await streams.SayAsync($"made an owner, {(plan.IsOfAGroup ? "three" : "two")} nodes{(plan.HasRelay ? ", a relay" : "")} and {(plan.IsOfAGroup ? "MLS " : "")}zone {DemoFleet.Zone} in {folder.FullPath}");
        if (plan.File is { } given) return Path.GetFullPath(given);
        string file = Path.Combine(folder.FullPath, "demo.bin");
        await DemoFile.WriteAsync(file, bytes, cancellation);
        return file;
    }

    /// <summary>Runs both processes, with a forwarder between them if asked for.</summary>
    private async Task<JsonObject> MoveAsync(DemoFolder folder, DemoFleet fleet, string file, long bytes, CancellationToken cancellation)
    {
        string offload = plan.Offload ? "on" : "off", engine = EndpointArguments.WordOf(plan.Engine);
        string rekeyAfter = plan.RekeyAfterSeconds.ToString(CultureInfo.InvariantCulture), rule = FcpStatusReport.WordOf(plan.RelayedReplay);
        await using GroupCourse? course = plan.IsOfAGroup ? new GroupCourse(fleet, folder.FullPath, Sender, Receiver, Guest) : null;
        bool isRepeated = plan.RepeatForSeconds > 0 || course is not null;
        await using ToolProcess receiver = ToolProcess.Start(
        [
            "receive", "--state", Path.Combine(folder.FullPath, Receiver), "--listen", "127.0.0.1:0", "--into", folder.Received,
            .. isRepeated ? ["--overwrite"] : (string[])["--count", "1"], "--offload", offload, "--engine", engine, "--audit", AuditedNumbers(bytes).ToString(CultureInfo.InvariantCulture),
            "--rekey-after", rekeyAfter, "--relayed-replay", rule,
        ], happened => course?.Hear(Receiver, happened));
        await using ToolProcess? guest = course is null ? null : StartGuest(folder, course, offload, engine);
        IPEndPoint address = await AddressOfAsync(Receiver, receiver, cancellation);
        await using ToolProcess? relay = plan.HasRelay
            ? StartRelay(folder, address, guest is null ? null : await AddressOfAsync(Guest, guest, cancellation), offload, engine, rekeyAfter)
            : null;
        if (relay is not null) address = await AddressOfAsync(Relay, relay, cancellation);
        await using Forwarder? forwarder = plan.Impairment is null ? null : new Forwarder(address, plan.Impairment);
        var arguments = new List<string>
        {
            "send", file, "--state", Path.Combine(folder.FullPath, Sender), "--to", Receiver, "--peer", (forwarder?.Address ?? address).ToString(),
            "--offload", offload, "--engine", engine, "--datagram", plan.DatagramBytes.ToString(CultureInfo.InvariantCulture),
            "--rekey-after", rekeyAfter, "--relayed-replay", rule,
        };
        if (relay is not null) arguments.AddRange(["--relay", Relay]);
        if (plan.RepeatForSeconds > 0) arguments.AddRange(["--repeat-for", plan.RepeatForSeconds.ToString(CultureInfo.InvariantCulture)]);
        if (course is not null) arguments.AddRange(["--repeat-while", course.Signal]);
        if (plan.Suite != 0) arguments.AddRange(["--suite", plan.Suite.ToString(CultureInfo.InvariantCulture)]);
        await using ToolProcess sender = ToolProcess.Start(arguments, happened =>
        {
            Follow(happened);
            course?.Hear(Sender, happened);
        });
        course?.Start(streams);
        await using Rotations? rotations = plan.RotateEverySeconds == 0 ? null : Rotations.Start(fleet, Path.Combine(folder.FullPath, Sender), plan.RotateEverySeconds);
        Task transfer = EndAsync(sender, [(Sender, sender), (Receiver, receiver), (Relay, relay), (Guest, guest)], cancellation);
        await TransferProgress.ShowAsync(Path.GetFileName(file), (ulong)bytes, () => (ulong)Interlocked.Read(ref _completeBytes), transfer, streams);
        await transfer;
        if (course is not null) await course.EndAsync();
        if (rotations is not null) await rotations.StopAsync();
        if (forwarder is not null) await forwarder.SettleAsync(cancellation);
        await receiver.StopAsync();
        if (receiver.ExitCode != ExitCodes.Done) throw Failed(Receiver, receiver);
        if (relay is not null) await relay.StopAsync();
        if (guest is not null) await guest.StopAsync(); // the file that was cut short by its removal is no fault
        if (guest is { Report: null }) throw Failed(Guest, guest);
        JsonObject report = DemoReport.Make(sender.Report!, receiver.Report!, relay?.Report, forwarder?.Report());
        if (rotations is not null) report["rotations"] = rotations.Report(receiver.Words, receiver.Report!);
        if (course is not null) report["group"] = course.Report(receiver.Report!, guest!.Report!);
        return report;
    }

    /// <summary>What the sender seals goes to the receiver, and to the guest, whether it has the keys or not.</summary>
    private static ToolProcess StartRelay(DemoFolder folder, IPEndPoint receiver, IPEndPoint? guest, string offload, string engine, string rekeyAfter) => ToolProcess.Start(
    [
        "relay", "--state", Path.Combine(folder.FullPath, Relay), "--listen", "127.0.0.1:0", "--peer", $"{Receiver}={receiver}",
        "--route", $"{DemoFleet.Zone}={Sender}<>{Receiver}", "--offload", offload, "--engine", engine, "--rekey-after", rekeyAfter,
        .. guest is null ? (string[])[] : ["--peer", $"{Guest}={guest}", "--route", $"{DemoFleet.Zone}={Sender}>{Guest}"],
    ]);

    private static ToolProcess StartGuest(DemoFolder folder, GroupCourse course, string offload, string engine)
    {
        string into = Directory.CreateDirectory(Path.Combine(folder.FullPath, "received-by-guest")).FullName;
        return ToolProcess.Start(
            ["receive", "--state", Path.Combine(folder.FullPath, Guest), "--listen", "127.0.0.1:0", "--into", into, "--overwrite", "--offload", offload, "--engine", engine],
            happened => course.Hear(Guest, happened));
    }

    private static async Task<IPEndPoint> AddressOfAsync(string who, ToolProcess process, CancellationToken cancellation)
    {
        JsonObject listening = await process.FirstEventAsync(cancellation) ?? throw Failed(who, process);
        return IPEndPoint.Parse((string)listening["address"]!);
    }

    /// <summary>How many numbers a stream may use: what the file needs several times over, more where much is lost.</summary>
    private long AuditedNumbers(long bytes)
    {
        int symbols = DatagramSizing.SymbolsPerFrame(plan.DatagramBytes);
        int frameBytes = symbols * DatagramSizing.SymbolBytes(plan.DatagramBytes, symbols);
        double arrives = Math.Max(0.01, 1 - (plan.Impairment?.Loss ?? 0));
        return Math.Max((long)(((bytes / frameBytes) + 4096) * (AuditFactor / arrives)), Math.Max(plan.RepeatForSeconds, plan.IsOfAGroup ? CourseSecondsMax : 0) * FramesPerSecondMax);
    }

    private void Follow(JsonObject happened)
    {
        if ((string?)happened["event"] == "progress") Interlocked.Exchange(ref _completeBytes, (long)happened["complete_bytes"]!);
    }

    /// <summary>Waits for the sender's end; fails if it has not done its work, or if another ends first.</summary>
    private static async Task EndAsync(ToolProcess sender, (string Who, ToolProcess? Process)[] processes, CancellationToken cancellation)
    {
        (string Who, ToolProcess Process)[] all = [.. processes.Where(static one => one.Process is not null).Select(static one => (one.Who, one.Process!))];
        await Task.WhenAny(all.Select(static one => one.Process.Ended)).WaitAsync(cancellation);
        (string who, ToolProcess failed) = all.First(static one => one.Process.Ended.IsCompleted);
        if (failed == sender && sender.ExitCode == ExitCodes.Done) return;
        cancellation.ThrowIfCancellationRequested(); // Ctrl-C at a terminal reaches every process
        ToolProcess[] others = [.. all.Select(static one => one.Process).Where(one => one != failed)];
        await Task.WhenAll(others.Select(static other => other.StopAsync()));
        throw Failed(who, failed, others);
    }

    private static ToolException Failed(string who, ToolProcess failed, params ToolProcess[] others)
    {
        IEnumerable<string> words = failed.Words.Concat(others.SelectMany(static other => other.Words));
        return new ToolException($"the {who} failed. The processes said:{string.Concat(words.Select(static line => $"{Environment.NewLine}  {line}"))}", "see what they said");
    }

    private static async Task CompareAsync(string sent, string received, JsonObject report, CancellationToken cancellation)
    {
        string[] hashes = await Task.WhenAll(DemoFile.HashAsync(sent, cancellation), DemoFile.HashAsync(received, cancellation));
        report["hash_ok"] = hashes[0] == hashes[1];
        report["blake3"] = hashes[1];
    }
}
