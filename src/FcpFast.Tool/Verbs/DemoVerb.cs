using System.CommandLine;
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
            size, file, relay, offload, engine, suite, datagram, impair, relayedReplay, rekeyAfter, rotateEvery, repeatFor, keep, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(repeatFor) is not null && result.GetResult(file) is not null) result.AddError("--repeat-for is for a file of the demo's own: give --size.");
            if (result.GetResult(size) is not null && result.GetResult(file) is not null) result.AddError("Give --size or --file, not both.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var plan = new DemoPlan(
                parsed.GetValue(size) ?? SizeDefault, parsed.GetValue(file), parsed.GetValue(offload) == OffloadChoice.Auto, parsed.GetValue(suite),
                parsed.GetValue(datagram), parsed.GetValue(impair), parsed.GetValue(keep))
            {
                Engine = parsed.GetValue(engine),
                HasRelay = parsed.GetValue(relay),
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
