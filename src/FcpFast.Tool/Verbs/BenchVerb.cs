using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Wire;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Load;
using FcpFast.Tool.Bench.Runs;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast bench</c></summary>
/// <remarks>Source: DESIGN §4, §5.</remarks>
internal static class BenchVerb
{
    private const int BatchMax = 256;
    private const long FileBytesDefault = 512L << 20;

    public static Command Create()
    {
        Option<string[]> steps = List<string>(
            "--steps", $"Only these steps: {string.Join(", ", Steps.All)}.", "NAMES", static text => Steps.All.Contains(text) ? text : null);
        Option<int[]> payloads = Numbers("--payload", "Data of a symbol, 256 to 16384.", WireLimits.SymbolBytesMin, WireLimits.SymbolBytesMax, [1024]);
        Option<int[]> batches = Numbers("--batch", "Frames of a batch, 1 to 256.", 1, BatchMax, [54]);
        Option<int> suite = EndpointArguments.Suite();
        suite.Description = "Measure only this session MAC suite: 1 (HMAC-SHA-256) or 2 (keyed BLAKE3).";
        Option<Traffic[]> traffic = List<Traffic>("--traffic", "What arrives: valid, replayed, forged.", "NAMES", static text => text switch
        {
            "valid" => Traffic.Valid,
            "replayed" => Traffic.Replayed,
            "forged" => Traffic.Forged,
            _ => null,
        });
        var full = new Option<bool>("--full") { Description = "All sizes, batches and traffic of the design." };
        Option<string[]> engines = List<string>("--engine", "Only these contenders, such as libsodium,libsodium-c.", "NAMES", static text => text);
        var peers = new Option<string[]>("--peer") { Description = "Another implementation to measure beside (bench/README.md says how).", HelpName = "PROGRAM" };
        Option<int[]> rounds = Numbers("--rounds", "Measurements of each case.", 3, 10_001, [21]);
        Option<int[]> processRounds = Numbers("--process-rounds", "Runs of each step between processes.", 1, 101, [3]);
        Option<long?> size = EndpointArguments.Size("--size", "The file of the steps 'file' and 'relay'; 512MiB if left out.");
        var svg = new Option<string>("--svg") { Description = "Draw the ladder into this file.", HelpName = "FILE" };
        Option<bool> json = EndpointArguments.Json();
        var command = new Command("bench", "The ladder on this machine: what each step of the data path costs, against libsodium from C and other peers.")
        {
            steps, payloads, batches, suite, traffic, full, engines, peers, rounds, processRounds, size, svg, json,
        };
        command.Add(LeaksVerb.Create());
        command.Add(SiegeVerb.Create());
        command.Add(SoakVerb.Create());
        command.Add(SoakVerb.CreateLoad());
        foreach (Command end in LoadVerbs.Create()) command.Add(end);
        command.SetAction((parsed, cancellation) =>
        {
            bool isFull = parsed.GetValue(full);
            var plan = new BenchPlan
            {
                Steps = parsed.GetValue(steps) is { Length: > 0 } named ? named : Steps.All,
                Payloads = isFull ? BenchPlan.DesignPayloads : parsed.GetValue(payloads)!,
                Batches = isFull ? BenchPlan.DesignBatches : parsed.GetValue(batches)!,
                Suites = [.. EndpointArguments.Suites(parsed.GetValue(suite)).Order()],
                Traffic = isFull ? Enum.GetValues<Traffic>() : parsed.GetValue(traffic) is { Length: > 0 } arriving ? arriving : [Traffic.Valid],
                Only = parsed.GetValue(engines) ?? [],
                Rounds = parsed.GetValue(rounds)![0],
                ProcessRounds = parsed.GetValue(processRounds)![0],
                FileBytes = parsed.GetValue(size) ?? FileBytesDefault,
            };
            return RunAsync(plan, parsed.GetValue(peers) ?? [], parsed.GetValue(svg), parsed.GetValue(json), parsed.InvocationConfiguration, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        BenchPlan plan, string[] peers, string? svg, bool isJson, InvocationConfiguration streams, CancellationToken cancellation)
    {
        if (svg is not null && !LadderPicture.CanDraw) throw new ToolException("--svg: a native build has no library that draws", "use --json, which says the same figures, or ./build.sh bench");
        using var ladder = new Ladder(plan, peers, words => streams.Error.WriteLine($"fcpfast bench: {words}"));
        BenchReport report = await ladder.RunAsync(cancellation);
        if (isJson) await streams.Output.WriteLineAsync(report.ToJson().ToJsonString());
        else report.Write(streams.Output);
        if (svg is not null) Draw(report, svg);
        return ExitCodes.Done;
    }

    private static void Draw(BenchReport report, string file)
    {
        try
        {
            LadderPicture.Write(report, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"cannot draw into {file}: {e.Message}", "name a file in a folder that may be written with --svg", e);
        }
    }

    private static Option<int[]> Numbers(string name, string description, int least, int most, int[] byDefault)
    {
        Option<int[]> option = List<int>(name, $"{description} Several by commas.", "N", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number : null);
        option.DefaultValueFactory = _ => byDefault;
        return option;
    }

    private static Option<T[]> List<T>(string name, string description, string helpName, Func<string, object?> parse) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var values = new List<T>();
            foreach (string text in result.Tokens[0].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (parse(text) is T value) values.Add(value);
                else result.AddError($"'{text}' is nothing that {name} takes. {description}");
            }

            if (values.Count == 0) result.AddError($"{name} needs at least one value.");
            return [.. values];
        },
    };
}
