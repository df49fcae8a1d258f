using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Tests.Support;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>DESIGN §4: <c>status</c>, <c>top</c> and <c>send --via</c> beside nodes that run as processes of their own.</summary>
public sealed class RunningNodeTests
{
    [Fact]
    public async Task StatusAndTop_OfARunningReceiver_ShowItsPeersAndCounts()
    {
        using var pair = new Pair();
        await using RunningTool receiver = pair.StartReceiver("--count", "1");
        string address = await receiver.ListensAtAsync();
        await using RunningTool sender = pair.StartSender(address, pair.Fleet.WriteFile("sent.bin", 200_000));
        await receiver.TellsAsync("received");
        (await sender.EndAsync()).Ended(0);

        string folder = pair.Fleet.FolderOf(Pair.Receiver);
        JsonObject status = (await ToolRun.StartAsync("status", "--state", folder, "--json")).Ended(0).Json;
        Assert.Equal(Pair.Receiver, (string)status["node"]!);
        Assert.InRange((long)status["frames_opened"]!, 200_000 / 1024, long.MaxValue);
        JsonNode peer = status["peers"]![0]!;
        Assert.Equal(Pair.Sender, (string)peer["node"]!);
        Assert.InRange((long)peer["frames_received"]!, (long)status["frames_opened"]!, long.MaxValue); // also of sessions that are over

        ToolRun words = (await ToolRun.StartAsync("status", "--state", folder)).Ended(0);
        Assert.Contains("replay: sessions in mode m0, relayed frames by ceilings, 0 sessions resumed", words.Output, StringComparison.Ordinal);
        Assert.Contains("peer sender: ", words.Output, StringComparison.Ordinal);
        Assert.Contains("zone z:test: 2 members", words.Output, StringComparison.Ordinal);
        ToolRun top = (await ToolRun.StartAsync("top", "--state", folder, "--count", "2")).Ended(0);
        foreach (string part in (string[])["frames opened", "z:test", "sender"]) Assert.Contains(part, top.Output, StringComparison.Ordinal);

        receiver.CloseInput();
        (await receiver.EndAsync()).Ended(0);
        (await ToolRun.StartAsync("status", "--state", folder)).Ended(3, "no node runs in", "Remedy:");
        (await ToolRun.StartAsync("top", "--state", folder)).Ended(3, "no node runs in", "Remedy:");
    }

    [Fact]
    public async Task SendViaTheDoor_OfANodeThatIsConnected_Arrives()
    {
        using var pair = new Pair();
        await using RunningTool receiver = pair.StartReceiver();
        string address = await receiver.ListensAtAsync(), folder = pair.Fleet.FolderOf(Pair.Sender);
        await using FcpEndpoint node = FcpEndpoint.Open(FcpEndpointOptions.Edge(folder) with
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0), AcceptsSessions = false, Peers = [new FcpPeer(TestFleet.Id(Pair.Receiver), IPEndPoint.Parse(address))],
            Shards = FcpEndpointOptions.ShardsOfThisMachine,
        });
        await using FcpDoor door = FcpDoor.Open(node)!;
        string file = pair.Fleet.WriteFile("by the door.bin", 150_000);
        (await ToolRun.StartAsync("send", file, "--via", folder, "--to", "mallory")).Ended(3, "cannot send", "mallory", "Remedy:");
        (await ToolRun.StartAsync("send", file + ".none", "--via", folder, "--to", Pair.Receiver)).Ended(3, "there is no such file");
        ToolRun sent = (await ToolRun.StartAsync("send", file, "--via", folder, "--to", Pair.Receiver, "--json")).Ended(0, "is on its way");
        Assert.Equal(150_000, (long)sent.Json["payload_bytes"]!);
        await pair.AssertArrivedAsync(file);
        ToolRun top = (await ToolRun.StartAsync("top", "--state", folder, "--count", "1")).Ended(0);
        Assert.Equal(FcpEndpointOptions.ShardsOfThisMachine > 1, top.Output.Contains("system drops/s", StringComparison.Ordinal)); // the table of shards, where there are several
        receiver.CloseInput();
        (await receiver.EndAsync()).Ended(0);
    }

    /// <summary>[WIRE §20]: what a scrape reads.</summary>
    [Fact]
    public async Task Metrics_OfARunningReceiver_AreServedAsPrometheusText()
    {
        using var pair = new Pair();
        int port = FreePort();
        await using RunningTool receiver = pair.StartReceiver("--count", "1", "--metrics", $"{port}");
        string address = await receiver.ListensAtAsync();
        await using RunningTool sender = pair.StartSender(address, pair.Fleet.WriteFile("sent.bin", 200_000));
        await receiver.TellsAsync("received");
        using var client = new HttpClient();
        string text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), TestContext.Current.CancellationToken);
        foreach (string name in (string[])["fcps_datagrams_rx_total", "fcps_datagrams_mac_fail_total", "fcps_symbols_aead_fail_total", "fcps_replay_drop_total"])
        {
            Assert.Single(Samples(text, name, "node=\"receiver\""));
        }

        Assert.InRange(Assert.Single(Samples(text, "fcpfast_peer_frames_total", "peer=\"sender\"", "direction=\"in\"")), 200_000 / 1024, double.MaxValue);
        Assert.Equal(1, Assert.Single(Samples(text, "fcpfast_refused_total", "reason=\"InvalidCookie\"", "path=\"control\"")));
        receiver.CloseInput();
        (await receiver.EndAsync()).Ended(0);
        (await sender.EndAsync()).Ended(0);
    }

    [Fact]
    public async Task Metrics_AtAPortThatIsTaken_AreRefusedWithARemedy()
    {
        using var pair = new Pair();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using RunningTool receiver = pair.StartReceiver("--metrics", $"{((IPEndPoint)taken.LocalEndpoint).Port}");
        (await receiver.EndAsync()).Ended(3, "cannot serve metrics", "Remedy:");
    }

    /// <summary>The values of a metric's lines that have these labels, in whatever order.</summary>
    private static double[] Samples(string text, string name, params string[] labels) =>
    [
        .. text.Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Select(static line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture)),
    ];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Theory]
    [InlineData("receive --state s --metrics 0", "'0' is no address here")]
    [InlineData("receive --state s --otlp here", "'here' is no URL")]
    [InlineData("send f --via d --to n --peer h", "Option '--peer' is not for '--via'.")]
    [InlineData("send f --via d --to n --state s", "Option '--state' is not for '--via'.")]
    [InlineData("send f --to n --peer h", "Option '--state' is required.")]
    [InlineData("status", "'--state' is required")]
    [InlineData("top --state s --every 0", "'0' is not a number from 1 to 3600.")]
    public async Task Usage_ThatIsWrong_IsTold(string line, string words) => (await ToolRun.StartAsync(line.Split(' '))).Ended(2, words);
}
