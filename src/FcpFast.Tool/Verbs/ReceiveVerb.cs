using System;
using System.CommandLine;
using System.IO;
using FcpFast.Interop.Kernels;
using FcpFast.Node;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Tool.Reports;
using FcpFast.Tool.Verbs.Control;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast receive</c></summary>
/// <remarks>Source: DESIGN §4.</remarks>
internal static class ReceiveVerb
{
    private static readonly HostAddress Anywhere = new("0.0.0.0", HostAddress.PortDefault);

    public static Command Create()
    {
        Option<string> state = EndpointArguments.State();
        Option<HostAddress?> listen = EndpointArguments.Address(
            "--listen", $"Where to receive, UDP and TCP alike; port 0 takes a free one. {Anywhere} if left out.", portLeast: 0);
        var into = new Option<string>("--into") { Description = "The folder that files go to; the current one if left out.", HelpName = "DIR" };
        Option<int> count = EndpointArguments.Number(
            "--count", "N", "End after so many files; go on until interrupted if left out.", 1, int.MaxValue);
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files of the same name; else a received file gets a number." };
        Option<long?> sizeMax = EndpointArguments.Size("--max-size", "Refuse larger files, such as 10GiB.");
        Option<OffloadChoice> offload = EndpointArguments.Offload();
        Option<EngineChoice> engine = EndpointArguments.Engine();
        Option<long?> audit = EndpointArguments.Size(
            "--audit", "Count numbers that are accepted twice, by bit sets of this many numbers a stream (the demo does).");
        audit.HelpName = "N";
        Option<RelayedReplayRule> relayedReplay = EndpointArguments.RelayedReplay();
        Option<int> rekeyAfter = EndpointArguments.RekeyAfter();
        Option<ReplayMode> mode = EndpointArguments.Mode();
        Option<string> witness = EndpointArguments.Witness();
        Option<string> journal = EndpointArguments.Journal();
        Option<string> keyFile = ControlArguments.KeyFile(), passphrase = ControlArguments.PassphraseFile();
        Option<bool> json = EndpointArguments.Json(), attended = EndpointArguments.Attended();
        var command = new Command("receive", "Receives files from nodes whose attestations are in the state folder.")
        {
            state, listen, into, count, overwrite, sizeMax, offload, engine, audit, relayedReplay, rekeyAfter, mode, witness, journal, keyFile, passphrase, json, attended,
        };
        MetricsArguments metrics = new MetricsArguments().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using Attendance attendance = Attendance.Watch(parsed.GetValue(attended), cancellation);
            using FrameJournal? written = Endpoints.OpenJournal(parsed.GetValue(journal));
            string folder = parsed.GetValue(into) ?? ".";
            RequireWritable(folder);
            var options = new FcpEndpointOptions
            {
                StateFolder = parsed.GetValue(state)!,
                StateKey = ControlArguments.StateKey(parsed.GetValue(keyFile), parsed.GetValue(passphrase)),
                Listen = (parsed.GetValue(listen) ?? Anywhere).Resolve(),
                ReceiveInto = folder,
                Overwrites = parsed.GetValue(overwrite),
                FileBytesMax = (ulong?)parsed.GetValue(sizeMax) ?? ObjectLimits.TotalBytesMax,
                Offload = parsed.GetValue(offload),
                Engine = parsed.GetValue(engine),
                RelayedReplay = parsed.GetValue(relayedReplay),
                ReplayMode = parsed.GetValue(mode),
                Witness = parsed.GetValue(witness),
                RekeyAfter = EndpointArguments.Limits(parsed.GetValue(rekeyAfter)),
                Audit = written ?? (IFrameAudit?)(parsed.GetValue(audit) is { } numbers and > 0 ? new ReplayAudit(numbers) : null),
            };
            var streams = new ToolStreams(parsed.InvocationConfiguration, parsed.GetValue(attended));
            return await new ReceiveRun(options, parsed.GetValue(count), streams, metrics.Plan(parsed)).RunAsync(parsed.GetValue(json), attendance.Token);
        });
        return command;
    }

    /// <summary>Refuses a folder that no file could ever be put into, before a sender has to find out.</summary>
    private static void RequireWritable(string folder)
    {
        if (!Directory.Exists(folder)) throw new ToolException($"cannot receive into {folder}: there is no such folder", "make it, or name another one with --into");
        try
        {
            string probe = Path.Combine(folder, $".fcp-{Path.GetRandomFileName()}");
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"cannot receive into {folder}: {e.Message}", "make the folder writable, or name another one with --into", e);
        }
    }
}
