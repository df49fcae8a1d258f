using System;
using System.CommandLine;
using System.Threading.Tasks;

namespace FcpFast.Crash;

/// <summary>Kills real processes of the tool at random moments, starts them again, and reads their journals afterwards.</summary>
/// <remarks>Source: [REPLAY §8].</remarks>
internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        var tool = new Option<string>("--tool") { Description = "The tool's assembly.", Required = true, HelpName = "PATH" };
        var rounds = new Option<int>("--rounds") { Description = "How many processes to kill.", DefaultValueFactory = static _ => 100 };
        var relay = new Option<bool>("--relay") { Description = "Put a relay between sender and receiver, and kill it too." };
        var size = new Option<int>("--mebibytes") { Description = "Size of each file.", DefaultValueFactory = static _ => 32 };
        var seed = new Option<int>("--seed") { Description = "Which moments and victims; drawn if left out." };
        var mode = new Option<string>("--mode") { Description = "What becomes of sessions when a process is killed: m0 or m1.", DefaultValueFactory = static _ => "m0" };
        mode.AcceptOnlyFromAmong("m0", "m1");
        var keep = new Option<bool>("--keep") { Description = "Leave folders and journals where they are." };
        var command = new RootCommand("Kills and restarts sender, receiver and relay under load; then checks that nothing was accepted, opened or sealed twice.")
        {
            tool, rounds, relay, mode, size, seed, keep,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            int drawn = parsed.GetResult(seed) is null ? Environment.TickCount : parsed.GetValue(seed);
            var plan = new CampaignPlan(
                parsed.GetValue(tool)!, parsed.GetValue(rounds), parsed.GetValue(relay), parsed.GetValue(size), drawn, parsed.GetValue(keep),
                KeepsSessions: parsed.GetValue(mode) == "m1");
            await using var campaign = new Campaign(plan);
            return await campaign.RunAsync(cancellation) ? 0 : 1;
        });
        return command.Parse(args).InvokeAsync();
    }
}
