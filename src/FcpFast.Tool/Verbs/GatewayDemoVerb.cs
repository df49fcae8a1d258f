using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Demo;
using FcpFast.Tool.Demo.Gateways;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast demo gateways</c></summary>
/// <remarks>Errors: <see cref="ExitCodes.CheckFailed"/> if something did not arrive, was not shown, did not add up or did not end in order.</remarks>
internal static class GatewayDemoVerb
{
    private const long SizeDefault = 16L << 20;
    private const int FilesMade = 8; // four are sent, and each arrives
    private const int SizeMax = 1 << 30;

    public static Command Create()
    {
        var configurations = new Option<string>("--configurations") { Description = "The folder of the example configurations (src/FcpFast.Tool/Operating).", HelpName = "DIR", Required = true };
        var edge = new Option<string>("--edge") { Description = "A native build of fcpfast that the relay runs as; this program if left out.", HelpName = "PROGRAM" };
        var library = new Option<string>("--library") { Description = "The C program over libfcpfast (native/test/library_send.c); that part is left out without it.", HelpName = "PROGRAM" };
        Option<long?> size = EndpointArguments.Size("--size", "Bytes of each file and object, such as 16MiB, which it is if left out; at most 1GiB.");
        var keep = new Option<string>("--keep") { Description = "Make everything here, in a new folder, and leave it there.", HelpName = "DIR" };
        Option<bool> json = EndpointArguments.Json();
        size.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() > SizeMax) result.AddError("--size takes at most 1GiB.");
        });
        foreach (Option<string> file in (Option<string>[])[configurations, edge, library])
        {
            file.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && !Path.Exists(result.Tokens[0].Value)) result.AddError($"{file.Name}: there is no {result.Tokens[0].Value}.");
            });
        }

        var command = new Command("gateways", "Two gateways and an edge relay as processes, by the example configurations; applications send through the door and the C library.")
        {
            configurations, edge, library, size, keep, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var streams = new ToolStreams(parsed.InvocationConfiguration);
            var plan = new GatewayDemoPlan(
                parsed.GetValue(configurations)!, Full(parsed.GetValue(edge)), Full(parsed.GetValue(library)), parsed.GetValue(size) ?? SizeDefault, parsed.GetValue(keep));
            await using DemoFolder folder = DemoFolder.Create(plan.Keep, FilesMade * plan.FileBytes, streams);
            JsonObject report = await new GatewayDemo(plan, streams).RunAsync(folder.FullPath, cancellation);
            if (parsed.GetValue(json)) await streams.WriteAsync(report);
            else await WriteAsync(report, streams);
            return (bool)report["ok"]! ? ExitCodes.Done : ExitCodes.CheckFailed;
        });
        return command;
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    private static async Task WriteAsync(JsonObject report, ToolStreams streams)
    {
        foreach (JsonNode? sent in (JsonArray)report["sent"]!) await streams.WriteAsync($"sent      {sent!["bytes"]} bytes in {sent["seconds"]} s, {((bool)sent["hash_ok"]! ? "as they were" : "NOT AS THEY WERE")}: {sent["way"]}");
        foreach ((string name, JsonNode? process) in (JsonObject)report["processes"]!)
        {
            await streams.WriteAsync(
                $"{name,-9} {((bool)process!["native"]! ? "native" : "managed")}, ready after {process["ready_seconds"]} s, {process["rss_mib"]} MiB resident ({process["peak_rss_mib"]} at most), engine {process["engine"]}, "
                + $"frames {process["frames_sent"]} out, {process["frames_received"]} in, {process["frames_opened"]} opened, {process["frames_passed_on"]} passed on; "
                + $"{((bool)process["adds_up"]! ? "adds up" : "DOES NOT ADD UP")}; ended with {process["exit"]}");
        }

        foreach ((string name, JsonNode? metrics) in (JsonObject)report["metrics"]!) await streams.WriteAsync($"metrics   {name}: {string.Join(", ", metrics!.AsObject().Select(static one => $"{one.Key} {one.Value}"))}");
        await streams.WriteAsync($"top       of the gateway:\n{report["top"]}");
        await streams.WriteAsync((bool)report["ok"]! ? "gateway-demo: all is well" : "gateway-demo: NOT RIGHT");
    }
}
