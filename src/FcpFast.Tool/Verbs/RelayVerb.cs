using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;
using FcpFast.Interop.Kernels;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Tool.Reports;
using FcpFast.Tool.Verbs.Control;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast relay</c></summary>
/// <remarks>Source: DESIGN §4.</remarks>
internal static class RelayVerb
{
    private static readonly HostAddress Anywhere = new("0.0.0.0", HostAddress.PortDefault);

    public static Command Create()
    {
        Option<string> state = EndpointArguments.State();
        Option<HostAddress?> listen = EndpointArguments.Address(
            "--listen", $"Where to receive, UDP and TCP alike; port 0 takes a free one. {Anywhere} if left out.", portLeast: 0);
        var peers = new Option<(NodeId Node, HostAddress Address)[]>("--peer")
        {
            Description = "A peer that this relay connects to; the others connect to it. May be given several times.",
            HelpName = "NODE=HOST:PORT",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = static result => Each(result, ParsePeer),
        };
        var routes = new Option<IReadOnlyList<RelayRoute>[]>("--route")
        {
            Description = "What to pass on: a zone, from which peer, to which. May be given several times.",
            HelpName = RouteText.Syntax,
            Required = true,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = static result => Each(result, static text => (RouteText.Parse(text, out string fault)!, fault)),
        };
        Option<long?> limit = EndpointArguments.Size("--limit", "The most to pass on for one peer, in bytes a second, such as 100MB; no limit if left out.");
        Option<OffloadChoice> offload = EndpointArguments.Offload();
        Option<EngineChoice> engine = EndpointArguments.Engine();
        Option<int> rekeyAfter = EndpointArguments.RekeyAfter();
        Option<ReplayMode> mode = EndpointArguments.Mode();
        Option<string> witness = EndpointArguments.Witness();
        Option<string> journal = EndpointArguments.Journal();
        Option<string> keyFile = ControlArguments.KeyFile(), passphrase = ControlArguments.PassphraseFile();
        Option<bool> json = EndpointArguments.Json(), attended = EndpointArguments.Attended();
        var command = new Command("relay", "Passes frames and messages of zones on between peers, unopened: it needs no key of any zone.")
        {
            state, listen, peers, routes, limit, offload, engine, rekeyAfter, mode, witness, journal, keyFile, passphrase, json, attended,
        };
        MetricsArguments metrics = new MetricsArguments().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using Attendance attendance = Attendance.Watch(parsed.GetValue(attended), cancellation);
            using FrameJournal? written = Endpoints.OpenJournal(parsed.GetValue(journal));
            var options = new FcpEndpointOptions
            {
                StateFolder = parsed.GetValue(state)!,
                StateKey = ControlArguments.StateKey(parsed.GetValue(keyFile), parsed.GetValue(passphrase)),
                Listen = (parsed.GetValue(listen) ?? Anywhere).Resolve(),
                Peers = [.. (parsed.GetValue(peers) ?? []).Select(static peer => new FcpPeer(peer.Node, peer.Address.Resolve()))],
                Routes = RouteText.Merge(parsed.GetValue(routes)!.SelectMany(static some => some)),
                RelayBytesPerSecondMax = parsed.GetValue(limit) ?? 0,
                Offload = parsed.GetValue(offload),
                Engine = parsed.GetValue(engine),
                Audit = written,
                ReplayMode = parsed.GetValue(mode),
                Witness = parsed.GetValue(witness),
                RekeyAfter = EndpointArguments.Limits(parsed.GetValue(rekeyAfter)),
            };
            var streams = new ToolStreams(parsed.InvocationConfiguration, parsed.GetValue(attended));
            return await new RelayRun(options, streams, metrics.Plan(parsed)).RunAsync(parsed.GetValue(json), attendance.Token);
        });
        return command;
    }

    private static T[] Each<T>(ArgumentResult result, Func<string, (T Value, string Fault)> parse)
    {
        var values = new List<T>();
        foreach (Token token in result.Tokens)
        {
            (T value, string fault) = parse(token.Value);
            if (value is null || value.Equals(default(T))) result.AddError(fault);
            else values.Add(value);
        }

        return [.. values];
    }

    private static ((NodeId Node, HostAddress Address) Value, string Fault) ParsePeer(string text)
    {
        int equals = text.LastIndexOf('=');
        bool isNode = NodeId.Parse(equals < 0 ? "" : text[..equals], out NodeId node) == FcpStatus.Accepted;
        HostAddress? address = HostAddress.Parse(text[(equals + 1)..]);
        return isNode && address is { Port: > 0 } ? ((node, address), "") : (default, $"'{text}' is no peer; give NODE=HOST:PORT.");
    }
}
