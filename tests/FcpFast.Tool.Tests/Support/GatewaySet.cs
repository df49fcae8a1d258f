using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tests.Support;

namespace FcpFast.Tool.Tests.Support;

/// <summary>A fleet in which one node runs as a gateway, by a configuration file that the test changes.</summary>
internal sealed class GatewaySet : IDisposable
{
    public const string Node = "gateway";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };

    public GatewaySet(params string[] others)
    {
        Fleet = new TestFleet([Node, .. others]);
        Settings = new JsonObject
        {
            ["Profile"] = "edge", ["StateFolder"] = Folder, ["Listen"] = "127.0.0.1:0", ["ReceiveInto"] = Fleet.Received, ["DrainSeconds"] = 600, ["LogRefusalsEverySeconds"] = 3600,
            ["Log"] = new JsonObject { ["Level"] = "Debug", ["Format"] = "Json" },
        };
    }

    public TestFleet Fleet { get; }

    /// <summary>The configuration, as it is written next.</summary>
    public JsonObject Settings { get; }

    public string Folder => Fleet.FolderOf(Node);

    public string File => Path.Combine(Fleet.Root, "gateway.json");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Writes the configuration.</summary>
    public void Write() => System.IO.File.WriteAllText(File, "// of a test\n" + Settings.ToJsonString());

    /// <summary>Starts the gateway.</summary>
    public RunningTool Start(params string[] variables)
    {
        Write();
        return RunningTool.StartCommand(["env", .. variables, .. ToolProgram.Command, "gateway", "--config", File, "--attended"]);
    }

    /// <summary>Another node of the fleet, in this process, that accepts sessions.</summary>
    public FcpEndpoint Open(string name) => FcpEndpoint.Open(FcpEndpointOptions.Edge(Fleet.FolderOf(name)) with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0), ReceiveInto = Fleet.Received,
    });

    /// <summary>Sets whom the gateway connects to.</summary>
    public void Connects(params FcpEndpoint[] peers) =>
        Settings["Peers"] = new JsonArray([.. peers.Select(static peer => (JsonNode)new JsonObject { ["Node"] = peer.Node.ToString(), ["Address"] = peer.Address.ToString() })]);

    public async Task<JsonObject> StatusAsync() => (await ToolRun.StartAsync("status", "--state", Folder, "--json")).Ended(0).Json;

    /// <summary>What the gateway shows of a peer once it fits.</summary>
    public async Task<JsonObject> PeerAsync(string name, Func<JsonObject, bool> fits)
    {
        for (DateTime end = DateTime.UtcNow + TimeSpan.FromMinutes(2); ; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            JsonObject status = await StatusAsync();
            JsonObject? peer = status["peers"]!.AsArray().Select(static one => one!.AsObject()).SingleOrDefault(one => (string)one["node"]! == name);
            if (peer is not null && fits(peer)) return peer;
            Assert.True(DateTime.UtcNow < end, $"{name} did not come to what is waited for: {status}");
        }
    }

    /// <summary>A GET; the status and the body.</summary>
    public static async Task<(HttpStatusCode Status, string Body)> GetAsync(int port, string path)
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The lines of a log of JSON; a line that is none fails.</summary>
    public static IReadOnlyList<JsonObject> Log(ToolRun run) => [.. run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!.AsObject())];

    public void Dispose() => Fleet.Dispose();
}
