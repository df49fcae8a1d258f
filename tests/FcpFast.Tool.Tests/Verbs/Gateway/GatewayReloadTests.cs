using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs.Gateway;

/// <summary>A configuration that changes while a gateway runs.</summary>
public sealed class GatewayReloadTests
{
    private const int FileBytes = 64 * 1024 * 1024;

    [Fact]
    public async Task Reload_DuringATransfer_ChangesWhatChangedAndNothingElse()
    {
        using var set = new GatewaySet("bob", "carol");
        await using FcpEndpoint bob = set.Open("bob"), carol = set.Open("carol");
        set.Connects(bob);
        await using RunningTool gateway = set.Start();
        await gateway.ListensAtAsync();
        JsonObject before = await set.PeerAsync("bob", static peer => (string)peer["state"]! == "Ready");
        string file = set.Fleet.WriteFile("large.bin", FileBytes);
        await using RunningTool sending = RunningTool.Start("send", file, "--via", set.Folder, "--to", "bob", "--attended");
        await sending.SaysAsync("is on its way");

        set.Connects(bob, carol);
        set.Settings["Log"]!["Level"] = "Information";
        set.Write();
        gateway.Signal("HUP");
        JsonObject told = JsonNode.Parse(await gateway.SaysAsync("\"EventId\":50,"))!.AsObject();
        Assert.Equal((1, 0, 0), ((int)told["State"]!["Added"]!, (int)told["State"]!["Moved"]!, (int)told["State"]!["Left"]!));
        await set.PeerAsync("carol", static peer => (string)peer["state"]! == "Ready");

        System.IO.File.WriteAllText(set.File, "{ \"Peers\": [] }"); // no state folder: a fault
        gateway.Signal("HUP");
        Assert.Contains("StateFolder", await gateway.SaysAsync("\"EventId\":62,"), StringComparison.Ordinal);
        (await ToolRun.StartAsync("gateway", "reload", "--state", set.Folder)).Ended(3, "nothing was changed", "StateFolder", "Remedy:");

        set.Connects(bob);
        set.Settings["WindowFrames"] = 128;
        set.Settings["LoggedPerMinuteMax"] = 11;
        set.Settings["Serve"] = $"127.0.0.1:{GatewaySet.FreePort()}";
        set.Write();
        ToolRun reload = (await ToolRun.StartAsync("gateway", "reload", "--state", set.Folder)).Ended(0);
        Assert.Equal("left: carol; counts only after a restart: WindowFrames, LoggedPerMinuteMax, Serve", reload.Output.Trim());
        await set.PeerAsync("carol", static peer => (string)peer["state"]! == "Down");

        (await sending.EndAsync()).Ended(0);
        JsonObject after = await set.PeerAsync("bob", static peer => (string)peer["state"]! == "Ready");
        Assert.Matches("^[0-9a-f]{32}$", (string)before["session"]!);
        Assert.Equal((string)before["session"]!, (string)after["session"]!);
        Assert.InRange((long)after["bytes_sent"]!, (long)before["bytes_sent"]! + FileBytes, long.MaxValue);
        Assert.InRange((double)after["session_age_seconds"]!, (double)before["session_age_seconds"]!, double.MaxValue);

        JsonObject again = (await ToolRun.StartAsync("gateway", "reload", "--state", set.Folder, "--json")).Ended(0).Json;
        Assert.Empty(again["came"]!.AsArray().Concat(again["moved"]!.AsArray()).Concat(again["left"]!.AsArray()));
        gateway.Signal("TERM");
        ToolRun run = (await gateway.EndAsync()).Ended(0);
        Assert.DoesNotContain("\"LogLevel\":\"Debug\"", run.Errors[run.Errors.IndexOf("\"EventId\":50,", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_OfANodeWithoutAConfiguration_IsRefused()
    {
        using var pair = new Pair();
        await using RunningTool receiver = pair.StartReceiver();
        await receiver.ListensAtAsync();
        (await ToolRun.StartAsync("gateway", "reload", "--state", pair.Fleet.FolderOf(Pair.Receiver))).Ended(3, "without a configuration file", "Remedy:");
        receiver.CloseInput();
        (await receiver.EndAsync()).Ended(0);
    }
}
