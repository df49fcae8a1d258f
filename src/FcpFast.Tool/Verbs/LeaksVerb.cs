using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Leaks;

namespace FcpFast.Tool.Verbs;

/// <summary><c>fcpfast bench leaks</c></summary>
/// <remarks>Errors: <see cref="ExitCodes.CheckFailed"/> if a subject leaks, or if the planted leak is not found: then the bench is blind.</remarks>
internal static class LeaksVerb
{
    private const int MeasurementsDefault = 50_000;
    private const int MeasurementsMin = 1_000;
    private const int SeedDefault = 1;

    public static Command Create()
    {
        var measurements = new Option<int>("--measurements")
        {
            Description = $"Single runs of a round, {MeasurementsDefault} if left out; more find smaller leaks.",
            HelpName = "N",
            DefaultValueFactory = static _ => MeasurementsDefault,
        };
        measurements.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < MeasurementsMin or > 100_000_000) result.AddError($"--measurements takes {MeasurementsMin} to 100000000.");
        });
        var seed = new Option<int>("--seed") { Description = "Of the inputs and of their order.", HelpName = "N", DefaultValueFactory = static _ => SeedDefault };
        Option<bool> json = EndpointArguments.Json();
        var command = new Command("leaks", "Looks for secrets in the timing of tag comparison and of every kernel, and for a planted leak that it must find.")
        {
            measurements, seed, json,
        };
        command.SetAction((parsed, cancellation) => System.Threading.Tasks.Task.FromResult(
            Run(new LeakRun(parsed.GetValue(measurements), parsed.GetValue(seed)), parsed.GetValue(json), parsed.InvocationConfiguration, cancellation)));
        return command;
    }

    private static int Run(LeakRun run, bool isJson, InvocationConfiguration streams, CancellationToken cancellation)
    {
        var findings = new List<LeakFinding>();
        LeakSubject[] subjects = [new CompareSubject(isPlanted: true), new CompareSubject(isPlanted: false), .. Contenders.Engines.SelectMany(static engine => engine.LeakSubjects())];
        foreach (LeakSubject subject in subjects)
        {
            LeakFinding finding = run.Judge(subject, cancellation);
            findings.Add(finding);
            if (!isJson) streams.Output.WriteLine(Describe(finding));
        }

        bool isGood = findings.TrueForAll(static finding => finding.IsGood);
        if (isJson)
        {
            streams.Output.WriteLine(new JsonObject
            {
                ["threshold"] = WelchTest.Threshold,
                ["findings"] = new JsonArray([.. findings.Select(static finding => (JsonNode)finding.ToJson())]),
                ["ok"] = isGood,
            }.ToJsonString());
        }

        return isGood ? ExitCodes.Done : ExitCodes.CheckFailed;
    }

    private static string Describe(LeakFinding finding)
    {
        string rounds = string.Join(' ', finding.Statistics.Select(static t => t.ToString("F1", CultureInfo.InvariantCulture)));
        string verdict = (finding.IsLeak, finding.IsPlanted) switch
        {
            (true, true) => "found",
            (false, true) => "NOT FOUND: this bench sees nothing here",
            (true, false) => "LEAKS",
            _ => "clean",
        };
        return $"{finding.Name,-52} t = {rounds,-24} {verdict}";
    }
}
