using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Load;
using FcpFast.Tool.Bench.Runs;

namespace FcpFast.Bench.Load;

/// <summary>Loads between two processes of this program, in turns with other programs that carry data.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["bench", ..]) return await Tool.Program.RunAsync(args, Console.Out, Console.Error); // an end of a load, started by LoadRun
        var seconds = new Option<double>("--seconds") { Description = "How long each load is measured.", DefaultValueFactory = static _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "How often each is run, in turns.", DefaultValueFactory = static _ => 3 };
        var payload = new Option<int>("--payload") { Description = "Data of a symbol: 256, 1024, 4096 or 16384.", DefaultValueFactory = static _ => 1024 };
        var window = new Option<int>("--window") { Description = "Slabs under way.", DefaultValueFactory = static _ => 12 };
        var offload = new Option<bool>("--both-offloads") { Description = "Also with one datagram a system call." };
        var alone = new Option<bool>("--no-comparisons") { Description = "Without iperf3 and wireguard-go." };
        var json = new Option<bool>("--json") { Description = "Print the report as one JSON object on the last line." };
        var root = new Command("fcpfast-bench-load", "Loads between two processes over UDP on loopback, beside iperf3 and wireguard-go.")
        {
            new HelpOption(), seconds, rounds, payload, window, offload, alone, json,
        };
        root.SetAction(async (parsed, cancellation) =>
        {
            LoadPlan[] plans =
            [
                .. from isObjects in (bool[])[false, true]
                   from suite in (MacSuite[])[MacSuite.Blake3, MacSuite.HmacSha256]
                   from engine in Contenders.Engines
                   from isOn in parsed.GetValue(offload) ? (bool[])[true, false] : [true]
                   select new LoadPlan(engine.Name, suite, parsed.GetValue(payload), isObjects, isOn)
                   {
                       Seconds = parsed.GetValue(seconds), WindowSlabs = parsed.GetValue(window),
                   },
            ];
            LoadReport report = await RunAsync(plans, parsed.GetValue(rounds), parsed.GetValue(alone), cancellation);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(report.ToJson().ToJsonString());
            else report.Write(Console.Out);
            return ExitCodes.Done;
        });
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (ToolException e)
        {
            await Console.Error.WriteLineAsync($"fcpfast-bench-load: {e.Message}{Environment.NewLine}Remedy: {e.Remedy}");
            return ExitCodes.NotDone;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("fcpfast-bench-load: interrupted");
            return ExitCodes.NotDone;
        }
    }

    private static async Task<LoadReport> RunAsync(LoadPlan[] plans, int rounds, bool isAlone, CancellationToken cancellation)
    {
        var comparisons = new ComparisonRun(isAlone ? [] : ComparisonRun.Known);
        var machine = Machine.Describe(new BenchPlan { Rounds = rounds }, "");
        machine["threads"] = "one a process";
        var run = new LoadRun(plans, rounds)
        {
            Started = Tell,
            RoundEnded = () => comparisons.RoundAsync(plans[0].Seconds, Tell, cancellation),
        };
        List<BenchRow> rows = await run.RunAsync(cancellation);
        return new LoadReport(machine, rows, comparisons);
    }

    private static void Tell(string words) => Console.Error.WriteLine($"fcpfast-bench-load: {words}");
}
