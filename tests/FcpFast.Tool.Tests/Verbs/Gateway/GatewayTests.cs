using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs.Gateway;

/// <summary>A gateway as a process of its own: start, health, drain, log.</summary>
public sealed class GatewayTests
{
    private const string Sender = "sender";
    private const string Marker = "the payload itself, which no log may show ";

    [Fact]
    public async Task Term_WithAFileComingIn_LetsItArriveAndEndsWithZero()
    {
        using var set = new GatewaySet(Sender);
        int port = GatewaySet.FreePort();
        set.Settings["Serve"] = $"127.0.0.1:{port}";
        await using RunningTool gateway = set.Start();
        string address = await gateway.ListensAtAsync();
        Assert.Equal((HttpStatusCode.OK, "{\"status\":\"Healthy\"}\n"), await GatewaySet.GetAsync(port, "/healthz"));
        Assert.Equal((HttpStatusCode.OK, "{\"status\":\"Healthy\"}\n"), await GatewaySet.GetAsync(port, "/readyz"));
        Assert.Contains("fcpfast_ready{node=\"gateway\"} 1", (await GatewaySet.GetAsync(port, "/metrics")).Body, StringComparison.Ordinal);
        Assert.True((bool)(await set.StatusAsync())["ready"]!);

        string file = set.Fleet.WriteFile("confidential-name.bin", 0);
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat(Marker, 48 * 1024 * 1024 / Marker.Length)), TestContext.Current.CancellationToken);
        await using RunningTool sender = RunningTool.Start("send", file, "--state", set.Fleet.FolderOf(Sender), "--to", GatewaySet.Node, "--peer", address, "--attended", "--json");
        await gateway.SaysAsync("\"EventId\":30,");
        gateway.Signal("TERM");
        await gateway.SaysAsync("\"EventId\":8,");
        (await sender.EndAsync()).Ended(0);
        ToolRun run = (await gateway.EndAsync()).Ended(0);
        Assert.Equal(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path.Combine(set.Fleet.Received, "confidential-name.bin"), TestContext.Current.CancellationToken));

        IReadOnlyList<JsonObject> log = GatewaySet.Log(run);
        int[] inOrder = [1, 60, 30, 8, 31, 2];
        Assert.Equal(inOrder, log.Select(static line => (int)line["EventId"]!).Where(inOrder.Contains));
        Assert.All(log, static line => Assert.Matches("^FcpFast", (string)line["Category"]!));
        byte[] key = await File.ReadAllBytesAsync(Path.Combine(set.Folder, "store.key"), TestContext.Current.CancellationToken);
        foreach (string secret in (string[])["the payload", "confidential-name", Convert.ToBase64String(key), Convert.ToHexString(key)])
        {
            Assert.DoesNotContain(secret, run.Errors, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task SecondSignal_WhileItDrains_EndsAtOnceWithACodeOfItsOwn()
    {
        using var set = new GatewaySet("bob");
        int port = GatewaySet.FreePort();
        set.Settings["Serve"] = $"127.0.0.1:{port}";
        await using RunningTool gateway = set.Start();
        await gateway.ListensAtAsync();
        await using RunningTool waiting = RunningTool.Start("send", set.Fleet.WriteFile("never.bin", 1000), "--via", set.Folder, "--to", "bob", "--attended"); // bob is not there
        await waiting.SaysAsync("is on its way");
        gateway.Signal("TERM");
        await gateway.SaysAsync("\"EventId\":8,");
        (HttpStatusCode status, string body) = await GatewaySet.GetAsync(port, "/readyz");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "it is being drained"), (status, (string?)JsonNode.Parse(body)!["reason"]));
        Assert.Equal(HttpStatusCode.OK, (await GatewaySet.GetAsync(port, "/healthz")).Status); // it lives, and must not be killed
        Assert.Equal(HttpStatusCode.NotFound, (await GatewaySet.GetAsync(port, "/")).Status);
        (await ToolRun.StartAsync("status", "--state", set.Folder)).Ended(0); // and can be asked
        (await ToolRun.StartAsync("send", set.Fleet.WriteFile("late.bin", 1), "--via", set.Folder, "--to", "bob")).Ended(3, "is being drained");
        gateway.Signal("TERM");
        (await gateway.EndAsync()).Ended(4);
        (await waiting.EndAsync()).Ended(3, "has ended", "Remedy:");
    }

    [Fact]
    public async Task Drain_ThatIsOverItsBound_EndsWithZeroAndSaysWhatIsMissing()
    {
        using var set = new GatewaySet("bob");
        set.Settings["DrainSeconds"] = 0;
        await using RunningTool gateway = set.Start();
        await gateway.ListensAtAsync();
        await using RunningTool waiting = RunningTool.Start("send", set.Fleet.WriteFile("never.bin", 1000), "--via", set.Folder, "--to", "bob", "--attended");
        await waiting.SaysAsync("is on its way");
        gateway.Signal("INT");
        Assert.Contains(GatewaySet.Log((await gateway.EndAsync()).Ended(0)), static line => (int)line["EventId"]! == 3);
    }

    /// <summary>What strangers send is counted by reason, and costs no line each.</summary>
    [Fact]
    public async Task Flood_OfHostileDatagrams_IsCountedAndLoggedOnceAReason()
    {
        const int Datagrams = 20_000;
        using var set = new GatewaySet(Sender);
        await using RunningTool gateway = set.Start();
        IPEndPoint address = IPEndPoint.Parse(await gateway.ListensAtAsync());
        using var stranger = new UdpClient();
        stranger.Connect(address);
        var random = new Random(11);
        for (int i = 0; i < Datagrams; i++)
        {
            byte[] datagram = new byte[random.Next(1, 1200)];
            random.NextBytes(datagram);
            await stranger.SendAsync(datagram, TestContext.Current.CancellationToken);
            if (i % 500 != 0) continue;
            using var connection = new TcpClient();
            await connection.ConnectAsync(address, TestContext.Current.CancellationToken);
            await connection.GetStream().WriteAsync(datagram, TestContext.Current.CancellationToken);
        }

        JsonObject status;
        do
        {
            status = await set.StatusAsync();
        }
        while ((long)status["datagrams_received"]! + (long)status["system_drops"]! < Datagrams);
        long refused = status["frames_dropped"]!.AsObject().Sum(static pair => (long)pair.Value!);
        Assert.InRange(refused, 1000, long.MaxValue);
        gateway.Signal("TERM");
        IReadOnlyList<JsonObject> log = GatewaySet.Log((await gateway.EndAsync()).Ended(0));
        string[] reasons = [.. log.Where(static line => (int)line["EventId"]! == 40).Select(static line => $"{line["State"]!["Way"]} {line["State"]!["Reason"]}")];
        Assert.NotEmpty(reasons);
        Assert.Equal(reasons.Distinct(), reasons);
        Assert.InRange(log.Count, reasons.Length, reasons.Length + 20);
        Assert.All(log.Where(static line => (int)line["EventId"]! == 40), static line => Assert.Matches("^FCP(FAST)?_ERR_[A-Z0-9_]+$", (string)line["State"]!["Code"]!));
    }

    [Fact]
    public async Task Systemd_ThatListens_IsToldOfEachStep()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is a thing of Linux");
        using var set = new GatewaySet(Sender);
        string path = Path.Combine(set.Fleet.Root, "notify.sock");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        await using RunningTool gateway = set.Start($"NOTIFY_SOCKET={path}", "WATCHDOG_USEC=200000");
        await HearsAsync(systemd, "READY=1");
        await HearsAsync(systemd, "WATCHDOG=1");
        await HearsAsync(systemd, "WATCHDOG=1");
        gateway.Signal("HUP");
        await HearsAsync(systemd, "RELOADING=1\nMONOTONIC_USEC=");
        await HearsAsync(systemd, "READY=1");
        gateway.Signal("TERM");
        await HearsAsync(systemd, "STOPPING=1");
        (await gateway.EndAsync()).Ended(0);
    }

    [Fact]
    public async Task Environment_AndCommandLine_GoOverTheFile()
    {
        using var set = new GatewaySet(Sender);
        set.Settings["Listen"] = "192.0.2.1:1"; // no address of this machine
        await using RunningTool gateway = set.Start("FCPFAST__LISTEN=127.0.0.1:0", "FCPFAST__Log__Format=Text");
        Assert.StartsWith("127.0.0.1:", await gateway.ListensAtAsync(), StringComparison.Ordinal);
        await gateway.SaysAsync("[1] gateway listens at"); // as text
        gateway.CloseInput();
        (await gateway.EndAsync()).Ended(0);
    }

    [Fact]
    public async Task Start_AtAnAddressThatIsTaken_FailsWithARemedy()
    {
        using var set = new GatewaySet(Sender);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        set.Settings["Serve"] = taken.LocalEndpoint.ToString();
        await using RunningTool gateway = set.Start();
        (await gateway.EndAsync()).Ended(3, "cannot serve metrics", "Remedy:");
        set.Settings["Serve"] = null;
        set.Settings["Listen"] = taken.LocalEndpoint.ToString();
        await using RunningTool other = set.Start();
        (await other.EndAsync()).Ended(3, "cannot open 127.0.0.1", "Listen", "Remedy:");
    }

    /// <summary>Waits for a message; those of the watchdog come in between.</summary>
    private static async Task HearsAsync(Socket systemd, string wanted)
    {
        byte[] buffer = new byte[4096];
        using var patience = System.Threading.CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            int bytes = await systemd.ReceiveAsync(buffer, SocketFlags.None, patience.Token);
            string message = Encoding.UTF8.GetString(buffer, 0, bytes);
            if (message.StartsWith(wanted, StringComparison.Ordinal)) return;
            Assert.Equal("WATCHDOG=1", message);
        }
    }
}
