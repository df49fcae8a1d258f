using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Hosting.Gateways;

namespace FcpFast.Tool.Verbs.Gateway;

/// <summary><c>fcpfast gateway</c>: a node as a service, set up by one file; and <c>fcpfast gateway reload</c>.</summary>
internal static class GatewayVerb
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The configuration: JSON with comments.", HelpName = "FILE" };
        var settings = new Option<string[]>("--set")
        {
            Description = "A setting over those of file and environment (FCPFAST__KEY=VALUE), such as Listen=0.0.0.0:7070. May be given several times.",
            HelpName = "KEY=VALUE",
            AllowMultipleArgumentsPerToken = false,
        };
        var check = new Option<bool>("--check") { Description = "Validate the whole configuration, list every fault, and end: 0 if there is none, else 1." };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of the configuration, and end." };
        Option<bool> attended = EndpointArguments.Attended();
        var command = new Command("gateway", "Runs a node as a service: many peers and zones, end and relay at once. SIGHUP reloads, SIGTERM drains, a second one ends at once.")
        {
            config, settings, check, schema, attended, CreateReload(),
        };
        command.Validators.Add(result =>
        {
            bool isNeeded = result.GetResult(schema) is not { Implicit: false } && !result.Children.OfType<CommandResult>().Any();
            if (isNeeded && result.GetResult(config) is not { Implicit: false }) result.AddError("Option '--config' is required.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var streams = new ToolStreams(parsed.InvocationConfiguration, parsed.GetValue(attended));
            if (parsed.GetValue(schema))
            {
                await streams.WriteAsync(FcpGatewayConfiguration.Schema.TrimEnd());
                return ExitCodes.Done;
            }

            var source = new GatewaySource(Path.GetFullPath(parsed.GetValue(config)!), parsed.GetValue(settings) ?? []);
            if (parsed.GetValue(check)) return await CheckAsync(source, streams);
            using Attendance attendance = Attendance.Watch(parsed.GetValue(attended), cancellation);
            using var run = new GatewayRun(source, streams);
            return await run.RunAsync(attendance.Token);
        });
        return command;
    }

    private static Command CreateReload()
    {
        Option<string> state = EndpointArguments.State();
        Option<bool> json = EndpointArguments.Json();
        var reload = new Command("reload", "Lets the gateway that runs with this state folder read its configuration again, and tells what became of it.") { state, json };
        reload.SetAction(async (parsed, cancellation) =>
        {
            JsonObject answer = await ReloadAsync(parsed.GetValue(state)!, cancellation);
            var streams = new ToolStreams(parsed.InvocationConfiguration);
            if (answer["error"] is { } error) throw new ToolException($"nothing was reloaded: {error}", "put right what is named, then reload again");
            if (answer["faults"] is JsonArray { Count: > 0 } faults)
            {
                throw new ToolException($"nothing was changed, the configuration has {faults.Count} fault(s):\n{string.Join('\n', faults.Select(static fault => $"  {fault}"))}", "put them right, then reload again");
            }

            if (parsed.GetValue(json)) await streams.WriteAsync(answer);
            else await streams.WriteAsync(GatewayReload.Describe(answer));
            return ExitCodes.Done;
        });
        return reload;
    }

    private static async Task<JsonObject> ReloadAsync(string stateFolder, CancellationToken cancellation)
    {
        using FcpDoorClient client = await NodeDoor.ConnectAsync(stateFolder, cancellation);
        await client.WriteAsync(new JsonObject { ["do"] = "reload" }, cancellation);
        return await client.ReadAsync(cancellation);
    }

    private static async Task<int> CheckAsync(GatewaySource source, ToolStreams streams)
    {
        FcpGatewayOptions options = source.Load(out IReadOnlyList<string> faults);
        foreach (string fault in faults) await streams.SayAsync($"fcpfast: {fault}");
        if (faults.Count > 0)
        {
            await streams.SayAsync($"fcpfast: {faults.Count} fault(s) in the configuration");
            return ExitCodes.CheckFailed;
        }

        await streams.WriteAsync($"the configuration can be used: {options.Hosting.Endpoint.Peers.Count} peer(s), {options.Hosting.Endpoint.Routes.Count} route(s)");
        return ExitCodes.Done;
    }
}
