using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Siege;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast bench siege</c></summary>
/// <remarks>Errors: <see cref="ExitCodes.CheckFailed"/> if a bound of <see cref="SiegeBounds"/> is not kept.</remarks>
internal static class SiegeVerb
{
    private const string Sessions = "sessions", Hellos = "hellos", ForgedCost = "forged-cost", Forged = "forged";

    private static readonly string[] Parts = [Sessions, Hellos, ForgedCost, Forged];

    public static Command Create()
    {
        var parts = new Option<string[]>("--parts") { Description = $"Only these: {string.Join(", ", Parts)}.", HelpName = "NAMES", AllowMultipleArgumentsPerToken = true };
        parts.AcceptOnlyFromAmong(Parts);
        Option<int> sessions = Number("--sessions", "Sessions of the part 'sessions'.", SiegeBounds.Sessions, 1, 60_000);
        Option<int> perSecond = Number("--hellos", "Hellos a second of the part 'hellos'.", SiegeBounds.HostilePerSecond, 1, 10_000_000);
        Option<int> seconds = Number("--seconds", "How long each flood lasts.", 4, 1, 3600);
        Option<int> rounds = Number("--rounds", "Rounds of the part 'forged'; 'forged-cost' has eight times as many.", 3, 1, 1000);
        Option<bool> json = EndpointArguments.Json();
        var command = new Command("siege", "What a node withstands: many sessions, a flood of Hellos, forged frames beside a real peer; exit 1 if a bound is not kept.")
        {
            parts, sessions, perSecond, seconds, rounds, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string[] chosen = parsed.GetValue(parts) is { Length: > 0 } named ? named : Parts;
            BenchEngine engine = Contenders.Engines[^1];
            var report = new JsonObject();
            foreach (string part in Parts.Where(chosen.Contains))
            {
                parsed.InvocationConfiguration.Error.WriteLine($"fcpfast bench siege: {part}");
                report[part] = part switch
                {
                    Sessions => SessionHoard.Measure(engine, parsed.GetValue(sessions), cancellation),
                    Hellos => HelloFlood.Measure(engine, parsed.GetValue(perSecond), parsed.GetValue(seconds), cancellation),
                    ForgedCost => Costs(parsed.GetValue(rounds) * 8, cancellation),
                    _ => await ForgeryFlood.MeasureAsync(engine, MacSuite.Blake3, parsed.GetValue(seconds), parsed.GetValue(rounds), cancellation),
                };
            }

            bool isGood = report.All(static part => IsGood(part.Value!));
            report["ok"] = isGood;
            if (parsed.GetValue(json)) parsed.InvocationConfiguration.Output.WriteLine(report.ToJsonString());
            else Write(report, parsed.InvocationConfiguration);
            return isGood ? ExitCodes.Done : ExitCodes.CheckFailed;
        });
        return command;
    }

    private static JsonArray Costs(int rounds, CancellationToken cancellation)
    {
        var costs = new List<JsonNode>();
        foreach (BenchEngine engine in Contenders.Engines)
        {
            costs.Add(ForgeryCost.Measure(engine, MacSuite.HmacSha256, rounds, cancellation));
            costs.Add(ForgeryCost.Measure(engine, MacSuite.Blake3, rounds, cancellation));
        }

        return [.. costs];
    }

    private static bool IsGood(JsonNode part) => part is JsonArray several ? several.All(static one => (bool)one!["ok"]!) : (bool)part["ok"]!;

    private static void Write(JsonObject report, InvocationConfiguration streams)
    {
        foreach ((string part, JsonNode? result) in report)
        {
            if (result is JsonValue) continue;
            foreach (JsonNode? row in result is JsonArray several ? several.ToArray() : new[] { result })
            {
                streams.Output.WriteLine($"{part}: {((bool)row!["ok"]! ? "kept" : "NOT KEPT")}");
                foreach ((string name, JsonNode? value) in row.AsObject().Where(static pair => pair.Key != "ok"))
                {
                    streams.Output.WriteLine($"  {name,-30} {value?.ToJsonString() ?? "-"}");
                }
            }
        }
    }

    private static Option<int> Number(string name, string description, int byDefault, int least, int most)
    {
        var option = new Option<int>(name) { Description = $"{description} {byDefault} if left out.", HelpName = "N", DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is int value && (value < least || value > most)) result.AddError($"{name} takes {least} to {most}.");
        });
        return option;
    }
}
