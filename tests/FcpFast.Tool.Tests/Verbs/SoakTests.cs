using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>A soak that is too short to judge memory by: everything happens, and every sum holds.</summary>
public sealed class SoakTests
{
    /// <summary>Its 20 peers are more than one address may have strangers.</summary>
    [Fact]
    public async Task Soak_OfSeconds_LivesThroughEverythingAndAddsUp()
    {
        ToolRun run = (await RunningTool.RunAsync("bench", "soak", "--minutes", "0.25", "--peers", "20", "--object", "64KiB", "--seed", "7", "--hostile", "500", "--json")).Ended(0);
        JsonObject report = run.Json;
        Assert.Equal((7, true), ((int)report["seed"]!, (bool)report["verdict"]!["add_up"]!));
        Assert.InRange((long)report["latency_ms"]!["count"]!, 1, long.MaxValue);
        Assert.InRange((int)report["rotations"]!, 1, 100);
        Assert.InRange((int)report["peer_kills"]! + (int)report["relay_kills"]!, 1, 100);
        Assert.InRange((long)report["hostile_datagrams"]!, 1, long.MaxValue);
        Assert.InRange((long)report["rekeys"]!, 1, long.MaxValue);
    }

    [Fact]
    public async Task Soak_OfNoTime_IsWrongUsage() => (await ToolRun.StartAsync("bench", "soak", "--minutes", "0")).Ended(2, "--minutes takes");
}
