using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs.Gateway;

/// <summary>Two gateways, an edge relay and applications, all real processes, by the example configurations.</summary>
public sealed class GatewayDemoTests
{
    private const string Room = "src/FcpFast.Tool/Operating";

    [Fact]
    public async Task Demo_OfTheManagedTool_MovesEverythingAndEndsInOrder()
    {
        ToolRun run = (await RunningTool.RunAsync("demo", "gateways", "--configurations", Path.Combine(ThisRepository.Root, Room), "--size", "1MiB", "--json")).Ended(0);
        JsonObject report = run.Json;
        AssertRight(report, ways: 3, isNative: false);
        Assert.Contains("z:work", (string)report["top"]!, StringComparison.Ordinal);
    }

    /// <summary>The relay is the native build, and one of the applications is in C.</summary>
    /// <remarks>Both are made by <c>./build.sh gateway-demo</c>; where <c>CI=true</c>, <c>./build.sh test</c> makes them before the tests of Release.</remarks>
    [Fact]
    public async Task Demo_OfTheNativeRelayAndTheLibrary_MovesEverythingAndEndsInOrder()
    {
        bool isRelease = !AppContext.BaseDirectory.Contains("debug", StringComparison.OrdinalIgnoreCase);
        string artifacts = Path.Combine(ThisRepository.Root, ".artifacts"), platform = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        string edge = Path.Combine(artifacts, "aot", platform, "fcpfast"), library = Path.Combine(artifacts, "library", "library_send");
        bool isThere = File.Exists(edge) && File.Exists(library);
        bool isDemanded = isRelease && OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("CI") == "true";
        if (!isDemanded) Assert.SkipUnless(isRelease && isThere, "the native programs run in Release, and once './build.sh gateway-demo' has built them");
        Assert.True(isThere, $"{edge} and {library} are needed where CI=true; './build.sh test' builds them before the tests of Release");

        ToolRun run = (await RunningTool.RunAsync(
            "demo", "gateways", "--configurations", Path.Combine(ThisRepository.Root, Room), "--edge", edge, "--library", library, "--size", "4MiB", "--json")).Ended(0);
        AssertRight(run.Json, ways: 4, isNative: true);
        JsonNode relay = run.Json["processes"]!["edge"]!;
        Assert.InRange((double)relay["peak_rss_mib"]!, 1, 40); // an edge has little memory
    }

    [Fact]
    public async Task Demo_OfAFolderWithoutConfigurations_SaysWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        (await RunningTool.RunAsync("demo", "gateways", "--configurations", folder.Path, "--size", "1KiB")).Ended(3, "gateway.json", "Remedy:");
        (await ToolRun.StartAsync("demo", "gateways", "--configurations", Path.Combine(folder.Path, "nowhere"))).Ended(2, "--configurations: there is no");
    }

    private static void AssertRight(JsonObject report, int ways, bool isNative)
    {
        Assert.True((bool)report["ok"]!, report.ToJsonString());
        Assert.Equal(ways, report["sent"]!.AsArray().Count);
        Assert.All(report["sent"]!.AsArray(), static one => Assert.True((bool)one!["hash_ok"]!));
        JsonNode relay = report["processes"]!["edge"]!;
        Assert.Equal((isNative, 0L), ((bool)relay["native"]!, (long)relay["frames_opened"]!));
        Assert.InRange((long)relay["frames_passed_on"]!, 2 * (1L << 20) / 1024, long.MaxValue); // there and back
        Assert.Equal(["gateway", "edge", "branch"], report["processes"]!.AsObject().Select(static one => one.Key));
        Assert.All(report["processes"]!.AsObject(), static one => Assert.Equal((0, true), ((int)one.Value!["exit"]!, (bool)one.Value["adds_up"]!)));
    }
}
