using System;
using System.CommandLine;
using System.Net;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast send FILE…</c></summary>
/// <remarks>Source: DESIGN §4.</remarks>
internal static class SendVerb
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Files to send, of any size.", Arity = ArgumentArity.OneOrMore };
        Option<string> state = EndpointArguments.State();
        var zone = new Option<string>("--zone") { Description = "The zone that both nodes are members of; may be left out if there is one.", HelpName = "ZONE" };
        var to = new Option<string>("--to") { Description = "The node that receives.", Required = true, HelpName = "NODE" };
        Option<IPEndPoint> peer = EndpointArguments.Address("--peer", "Where that node receives.");
        peer.Required = true;
        var timeout = new Option<int>("--timeout") { Description = "Give up after this many seconds without a word from the receiver.", HelpName = "SECONDS", DefaultValueFactory = static _ => 60 };
        Option<OffloadChoice> offload = EndpointArguments.Offload();
        Option<int> suite = EndpointArguments.Suite();
        Option<int> mtu = EndpointArguments.Mtu();
        Option<bool> json = EndpointArguments.Json();
        var command = new Command("send", "Sends files to another node. The same file sent again goes on where it was left.")
        {
            files, state, zone, to, peer, timeout, offload, suite, mtu, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (NodeId.Parse(parsed.GetValue(to)!, out NodeId receiver) != FcpStatus.Accepted)
            {
                throw new ToolException($"'{parsed.GetValue(to)}' is no node id", "give 1 to 128 printable ASCII characters without spaces");
            }

            var options = new FcpEndpointOptions
            {
                StateFolder = parsed.GetValue(state)!,
                Listen = new IPEndPoint(parsed.GetValue(peer)!.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0),
                AcceptsSessions = false,
                Peers = [new FcpPeer(receiver, parsed.GetValue(peer)!)],
                Offload = parsed.GetValue(offload),
                Suites = EndpointArguments.Suites(parsed.GetValue(suite)),
                DatagramBytesMax = parsed.GetValue(mtu),
            };
            var run = new SendRun(options, receiver, TimeSpan.FromSeconds(parsed.GetValue(timeout)), parsed.InvocationConfiguration);
            return run.RunAsync(parsed.GetValue(files)!, parsed.GetValue(zone), parsed.GetValue(json), cancellation);
        });
        return command;
    }
}
