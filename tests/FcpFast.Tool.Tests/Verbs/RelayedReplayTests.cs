using System;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tests.Support;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>[REPLAY §6.1]: what a relay brings to a receiver that was killed and started again, by each of the rules.</summary>
public sealed class RelayedReplayTests : IDisposable
{
    private readonly TestFleet _fleet = new("alice", "bob", "carol", "relay");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _fleet.Dispose();

    [Theory]
    [InlineData("ceilings")]
    [InlineData("epoch-fence")]
    public async Task Receiver_KilledAndStartedAgain_TakesOrRefusesByItsRule(string rule)
    {
        await using RunningTool first = StartBob("127.0.0.1:0", rule);
        string bob = await first.ListensAtAsync();
        await using RunningTool relay = RunningTool.Start(
            "relay", "--state", _fleet.FolderOf("relay"), "--listen", "127.0.0.1:0", "--peer", $"bob={bob}", "--route", "z:test=alice<>bob", "--attended");
        string way = await relay.ListensAtAsync();
        await using RunningTool before = StartAlice(way, "before.bin", rule);
        await first.TellsAsync("received");
        (await before.EndAsync()).Ended(0);
        Assert.Equal(rule, (string)(await StatusAsync())["relayed_replay"]!);
        first.Kill();

        await using RunningTool second = StartBob(bob, rule);
        await second.ListensAtAsync();
        await using RunningTool after = StartAlice(way, "after.bin", rule);
        if (rule == "ceilings")
        {
            await second.TellsAsync("received", static told => (string)told["name"]! == "after.bin");
            (await after.EndAsync()).Ended(0);
            return;
        }

        // For two epochs nothing of a relay is opened: what arrives is counted by the reason, and none of it is believed.
        long fenced = 0;
        for (DateTime end = DateTime.UtcNow.AddMinutes(2); fenced == 0; await Task.Delay(50, Cancellation))
        {
            JsonObject seen = await StatusAsync();
            Assert.True(DateTime.UtcNow < end, $"what the relay brings is not refused: {seen}");
            fenced = ((long?)seen["frames_dropped"]!["ReplayFenced"] ?? 0) + ((long?)seen["control_refused"]!["ReplayFenced"] ?? 0);
        }

        JsonObject status = await StatusAsync();
        Assert.Equal(0, (long)status["frames_opened"]!);
        Assert.False(System.IO.File.Exists(System.IO.Path.Combine(_fleet.Received, "after.bin")));
    }

    [Fact]
    public async Task Node_ThatIsNotAttestedAsARelay_IsNoWay()
    {
        await using RunningTool carol = RunningTool.Start(
            "relay", "--state", _fleet.FolderOf("carol"), "--listen", "127.0.0.1:0", "--route", "z:test=alice<>bob", "--attended");
        string way = await carol.ListensAtAsync();
        await carol.SaysAsync("refused: routes of carol: it is not attested as a relay");
        ToolRun run = await RunningTool.RunAsync(
            "send", _fleet.WriteFile("file.bin", 1000), "--state", _fleet.FolderOf("alice"), "--to", "bob", "--relay", "carol", "--peer", way);
        run.Ended(3, "carol is not attested as a relay: bob would take nothing that it brings", "Remedy: let the owner attest it");
    }

    [Theory]
    [InlineData("receive")]
    [InlineData("relay")]
    public async Task ModeM1_WithoutAWitnessElsewhere_DoesNotStart(string verb)
    {
        string[] its = verb == "receive" ? ["--into", _fleet.Received] : ["--route", "z:test=alice<>bob"];
        string[] arguments = [verb, "--state", _fleet.FolderOf("bob"), "--listen", "127.0.0.1:0", .. its, "--replay-mode", "m1"];
        (await RunningTool.RunAsync(arguments)).Ended(3, "needs a witness", "--witness", "Remedy:");
        if (!OperatingSystem.IsLinux()) return; // elsewhere nothing tells which file system a path lies on
        string beside = System.IO.Path.Combine(_fleet.Root, "bob.witness");
        (await RunningTool.RunAsync([.. arguments, "--witness", beside])).Ended(3, "another file system", "Remedy:");
        Assert.False(System.IO.File.Exists(beside));
    }

    private RunningTool StartBob(string listen, string rule) => RunningTool.Start(
        "receive", "--state", _fleet.FolderOf("bob"), "--listen", listen, "--into", _fleet.Received, "--relayed-replay", rule, "--attended", "--json");

    private RunningTool StartAlice(string way, string file, string rule) => RunningTool.Start(
        "send", _fleet.WriteFile(file, 200_000), "--state", _fleet.FolderOf("alice"), "--to", "bob", "--relay", "relay", "--peer", way, "--relayed-replay", rule, "--attended");

    private async Task<JsonObject> StatusAsync() => (await ToolRun.StartAsync("status", "--state", _fleet.FolderOf("bob"), "--json")).Ended(0).Json;
}
