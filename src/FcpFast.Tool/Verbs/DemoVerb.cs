using System.CommandLine;
using FcpFast.Control.Profiles;
using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Replay;
using FcpFast.Tool.Demo;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast demo</c></summary>
/// <remarks>
/// Errors: <see cref="ExitCodes.CheckFailed"/> if what arrived is not what was sent, if a number was accepted twice or could not be judged, or
///         if the counters do not add up to what the impaired path did.
/// Source: DESIGN §4.
/// </remarks>
internal static class DemoVerb
{
    private const long SizeDefault = 1L << 30;

    public static Command Create()
    {
        Option<long?> size = EndpointArguments.Size("--size", "How much to move, such as 256MiB; 1GiB if left out.");
        var file = new Option<string>("--file") { Description = "Move this file instead.", HelpName = "PATH" };
        Option<OffloadChoice> offload = EndpointArguments.Offload();
        Option<EngineChoice> engine = EndpointArguments.Engine();
        Option<int> suite = EndpointArguments.Suite();
        Option<int> datagram = EndpointArguments.Datagram();
        var impair = new Option<Impairment?>("--impair")
        {
            Description = $"What happens to datagrams on the way, such as {Impairment.Syntax}.",
            HelpName = "SPEC",
            CustomParser = static result =>
            {
                Impairment? parsed = Impairment.Parse(result.Tokens[0].Value, out string? fault);
                if (parsed is null) result.AddError(fault!);
                return parsed;
            },
        };
        var mode = new Option<KeyMode?>("--mode")
        {
            Description = "Where the zone's keys come from: 'manifest' (if left out), or 'mls', a group (RFC 9420) to which a third node is added, that heals, and "
                + "from which the node is removed while the file moves again and again; a relay brings everything to that node too, and it is checked what it can open.",
            HelpName = "manifest|mls",
            CustomParser = static result =>
            {
                string value = result.Tokens[0].Value;
                if (value is not ("manifest" or "mls")) result.AddError($"'{value}' is not 'manifest' or 'mls'.");
                return value == "mls" ? KeyMode.MlsTreeKem : KeyMode.ManifestDistributed;
            },
        };
        var relay = new Option<bool>("--relay") { Description = "Put a relay between sender and receiver, a process without the zone's keys." };
        Option<RelayedReplayRule> relayedReplay = EndpointArguments.RelayedReplay();
        Option<int> rekeyAfter = EndpointArguments.RekeyAfter();
        Option<int> rotateEvery = EndpointArguments.Number("--rotate-every", "SECONDS", "Turn the zone's key so often while it moves, and check that no frame is lost by it.", 1, 3600);
        Option<int> repeatFor = EndpointArguments.RepeatFor();
        var keep = new Option<string>("--keep") { Description = "Make the state folders and files here, in a new folder, and leave them there.", HelpName = "DIR" };
        Option<bool> json = EndpointArguments.Json();
        var command = new Command(
            "demo", "The main job on this machine: an owner, two nodes and a zone; a sender and a receiver process; a file over real sockets.")
        {
            size, file, mode, relay, offload, engine, suite, datagram, impair, relayedReplay, rekeyAfter, rotateEvery, repeatFor, keep, json, GatewayDemoVerb.Create(),
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(repeatFor) is not null && result.GetResult(file) is not null) result.AddError("--repeat-for is for a file of the demo's own: give --size.");
            bool isMls = result.GetResult(mode) is { Tokens: [{ Value: "mls" }] };
            bool isFenced = result.GetResult(relayedReplay) is { Tokens: [{ Value: "epoch-fence" }] };
            if (isMls && result.GetResult(file) is not null) result.AddError("--mode mls is for a file of the demo's own: give --size.");
            if (isMls && result.GetResult(rotateEvery) is not null) result.AddError("--rotate-every is for --mode manifest: an MLS group turns its keys itself.");
            if (isMls && isFenced) result.AddError("--relayed-replay epoch-fence is for --mode manifest: the epochs of a group do not follow the clock.");
            if (result.GetResult(size) is not null && result.GetResult(file) is not null) result.AddError("Give --size or --file, not both.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var plan = new DemoPlan(
                parsed.GetValue(size) ?? SizeDefault, parsed.GetValue(file), parsed.GetValue(offload) == OffloadChoice.Auto, parsed.GetValue(suite),
                parsed.GetValue(datagram), parsed.GetValue(impair), parsed.GetValue(keep))
            {
                Engine = parsed.GetValue(engine),
                IsOfAGroup = parsed.GetValue(mode) == KeyMode.MlsTreeKem,
                HasRelay = parsed.GetValue(relay) || parsed.GetValue(mode) == KeyMode.MlsTreeKem,
                RelayedReplay = parsed.GetValue(relayedReplay),
                RotateEverySeconds = parsed.GetValue(rotateEvery),
                RepeatForSeconds = parsed.GetValue(repeatFor),
                RekeyAfterSeconds = parsed.GetValue(rekeyAfter),
            };
            return new DemoRun(plan, new ToolStreams(parsed.InvocationConfiguration)).RunAsync(parsed.GetValue(json), cancellation);
        });
        return command;
    }
}
