using System;
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Tool.Reports;
using FcpFast.Tool.Verbs.Control;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast send FILE…</c></summary>
/// <remarks>Source: DESIGN §4.</remarks>
internal static class SendVerb
{
    private const int TimeoutSecondsDefault = 60;
    private const int TimeoutSecondsMax = 24 * 3600;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Files to send, of any size.", Arity = ArgumentArity.OneOrMore };
        Option<string> state = EndpointArguments.State();
        Option<ZoneId?> zone = EndpointArguments.Id<ZoneId>(
            "--zone", "ZONE", "The zone that both nodes are members of, such as z:work; may be left out if there is one.", ZoneId.Parse);
        Option<NodeId?> to = EndpointArguments.Id<NodeId>("--to", "NODE", "The node that receives.", NodeId.Parse);
        Option<HostAddress?> peer = EndpointArguments.Address(
            "--peer", $"Where that node receives, or the relay on the way to it; port {HostAddress.PortDefault} if none is given.", portLeast: 1);
        (to.Required, state.Required) = (true, false);
        var via = new Option<string>("--via")
        {
            Description = "Let the node that runs on this machine with this state folder send them, instead of --state and --peer; it must be connected to the receiver.", HelpName = "DIR",
        };
        Option<NodeId?> relay = EndpointArguments.Id<NodeId>("--relay", "NODE", "The relay that --peer is the address of; it needs a route for the zone.", NodeId.Parse);
        Option<int> timeout = EndpointArguments.Number(
            "--timeout", "SECONDS", "Give up after so long without progress.", 1, TimeoutSecondsMax, TimeoutSecondsDefault);
        Option<OffloadChoice> offload = EndpointArguments.Offload();
        Option<EngineChoice> engine = EndpointArguments.Engine();
        Option<int> suite = EndpointArguments.Suite();
        Option<int> datagram = EndpointArguments.Datagram();
        Option<RelayedReplayRule> relayedReplay = EndpointArguments.RelayedReplay();
        Option<int> rekeyAfter = EndpointArguments.RekeyAfter(), repeatFor = EndpointArguments.RepeatFor();
        var repeatWhile = new Option<string>("--repeat-while") { Description = "The same, as long as this file is there.", HelpName = "FILE" };
        repeatFor.Hidden = repeatWhile.Hidden = true; // the demo's: it sets the times of its own file
        Option<ReplayMode> mode = EndpointArguments.Mode();
        Option<string> witness = EndpointArguments.Witness();
        Option<string> journal = EndpointArguments.Journal();
        Option<string> keyFile = ControlArguments.KeyFile(), passphrase = ControlArguments.PassphraseFile();
        Option<bool> json = EndpointArguments.Json(), attended = EndpointArguments.Attended();
        var command = new Command("send", "Sends files to another node. The same file sent again goes on where it was left.")
        {
            files, state, zone, to, peer, relay, via, timeout, offload, engine, suite, datagram, relayedReplay, rekeyAfter, repeatFor, repeatWhile, mode, witness, journal, keyFile, passphrase, json, attended,
        };
        command.Validators.Add(result =>
        {
            foreach (Option option in new Option[] { state, peer })
            {
                bool isGiven = result.GetResult(option) is { Implicit: false };
                if (isGiven == result.GetResult(via) is { Implicit: false }) result.AddError(isGiven ? $"Option '{option.Name}' is not for '--via'." : $"Option '{option.Name}' is required.");
            }
        });
        EndpointArguments.RefuseOptionsAmong(files);
        command.SetAction(async (parsed, cancellation) =>
        {
            using Attendance attendance = Attendance.Watch(parsed.GetValue(attended), cancellation);
            if (parsed.GetValue(via) is { } running)
            {
                var outside = new DoorSendRun(running, parsed.GetValue(to)!.Value, new ToolStreams(parsed.InvocationConfiguration, parsed.GetValue(attended)));
                return await outside.RunAsync(parsed.GetValue(files)!, parsed.GetValue(zone), parsed.GetValue(json), attendance.Token);
            }

            using FrameJournal? written = Endpoints.OpenJournal(parsed.GetValue(journal));
            IPEndPoint address = parsed.GetValue(peer)!.Resolve();
            NodeId receiver = parsed.GetValue(to)!.Value;
            var options = new FcpEndpointOptions
            {
                StateFolder = parsed.GetValue(state)!,
                StateKey = ControlArguments.StateKey(parsed.GetValue(keyFile), parsed.GetValue(passphrase)),
                Listen = new IPEndPoint(address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0),
                AcceptsSessions = false,
                Peers = [new FcpPeer(parsed.GetValue(relay) ?? receiver, address)],
                Offload = parsed.GetValue(offload),
                Engine = parsed.GetValue(engine),
                Audit = written,
                RelayedReplay = parsed.GetValue(relayedReplay),
                ReplayMode = parsed.GetValue(mode),
                Witness = parsed.GetValue(witness),
                RekeyAfter = EndpointArguments.Limits(parsed.GetValue(rekeyAfter)),
                Suites = EndpointArguments.Suites(parsed.GetValue(suite)),
                DatagramBytesMax = parsed.GetValue(datagram),
            };
            var streams = new ToolStreams(parsed.InvocationConfiguration, parsed.GetValue(attended));
            var run = new SendRun(options, receiver, TimeSpan.FromSeconds(parsed.GetValue(timeout)), streams)
            {
                RepeatFor = TimeSpan.FromSeconds(parsed.GetValue(repeatFor)),
                RepeatWhile = parsed.GetValue(repeatWhile),
            };
            return await run.RunAsync(parsed.GetValue(files)!, parsed.GetValue(zone), parsed.GetValue(json), attendance.Token);
        });
        return command;
    }
}
