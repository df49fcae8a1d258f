using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>DESIGN §4: the demo, in processes of its own over real sockets.</summary>
public sealed class DemoTests
{
    private const int SymbolBytes = 1024;

    [Theory]
    [InlineData(1, "on", "libsodium")]
    [InlineData(1, "off", "wide")]
    [InlineData(2, "on", "wide")]
    [InlineData(2, "off", "auto")]
    public async Task Demo_EachSuiteOffloadAndEngine_ReportsEveryField(int suite, string offload, string engine)
    {
        const long Bytes = (3 * 1024 * 1024) + 5;
        using var temporary = new TemporaryFolder();
        await using RunningTool demo = RunningTool.StartIn(
            temporary.Path, "demo", "--size", $"{Bytes}", "--suite", $"{suite}", "--offload", offload, "--engine", engine, "--json");
        ToolRun run = (await demo.EndAsync()).Ended(0);
        JsonObject report = run.Json;
        Assert.Equal(Bytes, (long)report["payload_bytes"]!);
        Assert.True((bool)report["hash_ok"]!);
        Assert.Equal(suite, (int)report["suite"]!);
        LibsodiumGate.Open();
        EngineSelection expected = EngineSelection.Choose(
            engine switch { "libsodium" => EngineChoice.Libsodium, "wide" => EngineChoice.Wide, _ => EngineChoice.Auto });
        if (engine != "auto") Assert.Equal(expected.AeadName, (string)report["engine"]!); // what auto finds is a measurement
        Assert.Equal((expected.MacName, expected.HashName), ((string)report["mac_engine"]!, (string)report["hash_engine"]!));
        if (OperatingSystem.IsLinux() || offload == "off") Assert.Equal(offload, (string)report["offload"]!);
        Assert.Equal(0, (long)report["replays_accepted"]!);
        Assert.Equal(0, (long)report["replays_not_judged"]!);
        long opened = (long)report["frames_opened"]!;
        Assert.Equal((Bytes + SymbolBytes - 1) / SymbolBytes, opened);
        Assert.InRange((long)report["frames_received"]!, opened, (long)report["frames_sent"]!);
        long dropped = report["frames_dropped"]!.AsObject().Sum(static reason => (long)reason.Value!);
        Assert.Equal((long)report["frames_received"]! - opened, dropped); // nothing forged or copied is on this path
        foreach (string field in new[] { "goodput_gbps", "seconds" }) Assert.InRange((double)report[field]!, double.Epsilon, 1000);
        Assert.InRange((double)report["allocated_bytes_per_frame"]!, 0, 10_000);
        Assert.InRange((int)report["gc_collections"]!, 0, 1000);
        foreach (string process in new[] { "sender", "receiver" })
        {
            JsonNode cost = report["processes"]![process]!;
            Assert.InRange((double)cost["cpu_seconds"]!, 0, 1000);
            Assert.InRange((double)cost["peak_rss_mib"]!, 1, 4096);
            Assert.InRange((long)cost["allocated_over_frames"]!, 1, (long)report["frames_sent"]!);
        }

        Assert.Single(run.Output.TrimEnd().Split('\n'));
        Assert.DoesNotContain('%', run.Errors); // no progress where there is no terminal
        Assert.Empty(Directory.GetFileSystemEntries(temporary.Path));
    }

    [Fact]
    public async Task Demo_AFileAndKeep_MovesItAndLeavesEverythingToBeUsedAgain()
    {
        using var temporary = new TemporaryFolder();
        string kept = Path.Combine(temporary.Path, "kept"), name = Path.GetFileName(ToolProgram.Path);
        ToolRun run = (await RunningTool.RunAsync("demo", "--file", ToolProgram.Path, "--keep", kept, "--datagram", "9000")).Ended(0);
        Assert.Contains("hash_ok", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("{", run.Output, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(ToolProgram.Path, Cancellation), await File.ReadAllBytesAsync(Path.Combine(kept, "received", name), Cancellation));
        Assert.Equal(["received", "receiver", "sender"], Directory.GetFileSystemEntries(kept).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal([name], Directory.GetFileSystemEntries(Path.Combine(kept, "received")).Select(Path.GetFileName));

        await using RunningTool receiver = RunningTool.Start(
            "receive", "--state", Path.Combine(kept, "receiver"), "--listen", "127.0.0.1:0", "--into", Path.Combine(kept, "received"), "--count", "1", "--attended");
        ToolRun sent = await RunningTool.RunAsync(
            "send", ToolProgram.Path, "--state", Path.Combine(kept, "sender"), "--to", "receiver", "--peer", await receiver.ListensAtAsync());
        Assert.Contains("receiver has 1 file(s)", sent.Ended(0).Output, StringComparison.Ordinal);
        receiver.CloseInput();
        (await receiver.EndAsync()).Ended(0, $"'{name}' is complete");
        Assert.True(File.Exists(Path.Combine(kept, "received", Path.GetFileNameWithoutExtension(name) + "~1.dll"))); // nothing was overwritten

        (await RunningTool.RunAsync("demo", "--size", "1", "--keep", kept)).Ended(3, "exists already", "Remedy: name a new folder");
    }

    [Fact]
    public async Task Demo_ABadPath_ArrivesWholeAndEveryDatagramIsAccountedFor()
    {
        ToolRun run = (await RunningTool.RunAsync(
            "demo", "--size", "6MiB", "--json", "--impair", "loss=0.2,duplicate=0.2,reorder=0.1:1000,corrupt=0.01,seed=7")).Ended(0);
        JsonObject report = run.Json;
        Assert.True((bool)report["hash_ok"]!);
        Assert.Equal(0, (long)report["replays_accepted"]!);
        Assert.Equal(0, (long)report["replays_not_judged"]!);
        JsonNode path = report["path"]!["to_receiver"]!, reasons = report["frames_dropped"]!;
        long received = (long)path["received"]!, passed = (long)path["intact"]! + (long)path["intact_again"]! + (long)path["corrupted"]!;
        Assert.InRange((double)path["lost"]! / received, 0.15, 0.25); // the choices are seeded, the count of datagrams is not
        Assert.InRange((double)path["intact_again"]! / received, 0.10, 0.20);
        Assert.InRange((double)path["corrupted"]! / received, 0.005, 0.02);
        Assert.InRange((double)path["reordered"]! / received, 0.07, 0.13);

        // What was sent came to the path; what the path passed on came to the receiver, but for what the system dropped.
        Assert.Equal((long)report["datagrams_sent"]!, received + (long)path["overflowed"]!);
        long missing = (long)report["system_drops"]! + (long)path["unsent"]!;
        Assert.Equal(passed, (long)report["datagrams_received"]! + missing);

        // Each intact datagram was accepted once; each copy and each changed one was refused, once, for a reason.
        long accepted = (long)report["datagrams_verified"]!, refused = (long)report["datagrams_received"]! - accepted;
        Assert.InRange((long)path["intact"]! - accepted, 0, missing);
        Assert.InRange((long)path["intact_again"]! + (long)path["corrupted"]! - refused, 0, missing);
        long unopened = (long)report["frames_received"]! - (long)report["frames_opened"]!;
        Assert.Equal(refused + unopened, reasons.AsObject().Sum(static reason => (long)reason.Value!));
        Assert.InRange((long)reasons["ReplayDuplicate"]!, (long)path["intact_again"]! - missing, long.MaxValue);
        Assert.InRange((long)reasons["InvalidSignature"]!, 1, (long)path["corrupted"]!);
        Assert.Equal(6 * 1024 * 1024 / SymbolBytes, (long)report["frames_opened"]!);
        Assert.True((bool)report["adds_up"]!["ok"]!);
    }

    [Fact]
    public async Task Demo_ARelayBehindABadPath_PassesOnWhatItCannotOpen()
    {
        ToolRun run = (await RunningTool.RunAsync(
            "demo", "--size", "3MiB", "--relay", "--json", "--impair", "loss=0.05,duplicate=0.05,reorder=0.05:50,corrupt=0.01,seed=5")).Ended(0);
        JsonObject report = run.Json;
        Assert.True((bool)report["hash_ok"]!);
        Assert.True((bool)report["adds_up"]!["ok"]!); // up to the relay, which judges every datagram too
        Assert.Equal(0, (long)report["replays_accepted"]!);
        Assert.Equal(3 * 1024 * 1024 / SymbolBytes, (long)report["frames_opened"]!);
        JsonNode relay = report["processes"]!["relay"]!;
        Assert.InRange((long)relay["frames_passed_on"]!, (long)report["frames_opened"]!, (long)report["frames_sent"]!);
        Assert.InRange((long)relay["frames_received"]!, (long)relay["frames_passed_on"]!, (long)report["frames_sent"]!);
        Assert.InRange((long)relay["frames_dropped"]!["ReplayDuplicate"]!, 1, long.MaxValue);
        Assert.InRange((double)relay["peak_rss_mib"]!, 1, 4096);
    }

    private static System.Threading.CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_WithAKeyTurnedAgainAndAgain_LosesNoFrame()
    {
        using var temporary = new TemporaryFolder();
        await using RunningTool demo = RunningTool.StartIn(
            temporary.Path, "demo", "--size", "8MiB", "--rotate-every", "2", "--repeat-for", "10", "--json");
        ToolRun run = (await demo.EndAsync()).Ended(0);
        JsonObject report = run.Json;
        JsonNode keys = report["rotations"]!;
        Assert.True((bool)report["hash_ok"]!);
        Assert.Equal(0, (long)keys["frames_lost"]!);
        Assert.True((bool)keys["ok"]!);
        Assert.InRange((int)keys["heard"]!, 1, (int)keys["made"]!);
        Assert.True((long)report["payload_bytes"]! >= 2 * 8 * 1024 * 1024, "it was moved again and again");
        Assert.True((long)report["frames_opened"]! * SymbolBytes >= (long)report["payload_bytes"]!, "what was moved again went over the wire");
    }

    [Fact]
    public async Task Demo_OfAnMlsZone_AddsHealsAndRemovesUnderLoadAndTheRemovedOpensNothing()
    {
        using var temporary = new TemporaryFolder();
        await using RunningTool demo = RunningTool.StartIn(temporary.Path, "demo", "--mode", "mls", "--size", "2MiB", "--json");
        ToolRun run = await demo.EndAsync();
        JsonObject report = run.Json;
        JsonNode group = report["group"]!;
        Assert.True(group["waited_for"] is null, run.Errors);
        Assert.Equal(["add", "heal", "remove"], group["steps"]!.AsArray().Select(static step => (string?)step!["step"]));
        Assert.Equal(3, group["steps"]!.AsArray().Select(static step => (string?)step!["key"]).Distinct().Count());
        Assert.True((bool)report["hash_ok"]!);
        Assert.Equal(0, (long)report["replays_accepted"]!);
        Assert.InRange((long)group["opened_as_member"]!, 1, long.MaxValue); // so what it could not open later is no accident
        Assert.InRange((long)group["brought_after_removal"]!, 200, long.MaxValue);
        Assert.Equal(0, (long)group["opened_after_removal"]!);
        Assert.Equal((bool)group["ok"]! ? 0 : 1, run.ExitCode); // whether a disk stores each new stream in time is for the run on a quiet machine
        Assert.Equal(group["frames_lost_by"]!.AsObject().Sum(static reason => (long)reason.Value!), (long)group["frames_lost"]!);
        Assert.Empty(Directory.GetFileSystemEntries(temporary.Path));
    }
}
