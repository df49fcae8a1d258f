using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool.Verbs;

namespace FcpFast.Tool.Demo.Gateways;

/// <summary>A <c>fcpfast gateway</c> as a process of its own, by one of the example configurations; only its addresses are those of the demo.</summary>
internal sealed class GatewayService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly ToolProcess _process;

    private GatewayService(string name, ToolProcess process, string state, bool isNative)
    {
        Name = name;
        _process = process;
        State = state;
        IsNative = isNative;
    }

    /// <summary>The node.</summary>
    public string Name { get; }

    /// <summary>Its state folder.</summary>
    public string State { get; }

    /// <summary>True if it is a native build.</summary>
    public bool IsNative { get; }

    /// <summary>Where it receives.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The process.</summary>
    public ToolProcess Process => _process;

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="fleet">Where its state is.</param>
    /// <param name="name">The node.</param>
    /// <param name="configuration">The file.</param>
    /// <param name="program">A native build; null for this program.</param>
    /// <param name="settings">Settings over the file; without <c>Listen</c> it takes a free port of loopback.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<GatewayService> StartAsync(GatewayFleet fleet, string name, string configuration, string? program, string[] settings, CancellationToken cancellation)
    {
        bool isPlaced = settings.Any(static setting => setting.StartsWith("Listen=", StringComparison.Ordinal));
        string[] all = isPlaced ? settings : ["Listen=127.0.0.1:0", .. settings];
        string[] arguments = ["gateway", "--config", configuration, .. all.SelectMany(static setting => (string[])["--set", setting])];
        var service = new GatewayService(name, ToolProcess.StartService(program, fleet.MachineOf(name), arguments), fleet.StateOf(name), program is not null);
        JsonObject listening = await service._process.FirstEventAsync(cancellation) ?? throw service.Failed("did not start");
        service.Address = (string)listening["address"]!;
        return service;
    }

    /// <summary>A port of loopback that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>State and figures, through its door.</summary>
    public Task<JsonObject> StatusAsync(CancellationToken cancellation) => NodeDoor.ReadStatusAsync(State, cancellation);

    /// <summary>Waits until frames can go to a peer.</summary>
    public async Task ReachAsync(string peer, CancellationToken cancellation)
    {
        for (DateTime end = DateTime.UtcNow + Patience; ; await Task.Delay(LookEvery, cancellation))
        {
            JsonObject status = await StatusAsync(cancellation);
            if (((JsonArray)status["peers"]!).Any(one => (string)one!["node"]! == peer && (string)one["state"]! == "Ready")) return;
            if (DateTime.UtcNow > end) throw Failed($"does not reach {peer}");
        }
    }

    /// <summary>What the process costs; what the platform does not tell is left out.</summary>
    public JsonObject Cost()
    {
        var cost = new JsonObject { ["native"] = IsNative, ["ready_seconds"] = Math.Round(_process.ReadyAfter.TotalSeconds, 3) };
        string file = string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/status");
        if (!File.Exists(file)) return cost;
        foreach (string line in File.ReadLines(file))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal)) cost["rss_mib"] = Mebibytes(line);
            if (line.StartsWith("VmHWM:", StringComparison.Ordinal)) cost["peak_rss_mib"] = Mebibytes(line);
        }

        return cost;
    }

    /// <summary>Ends it as systemd does; its exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken cancellation)
    {
        await _process.SignalAsync("TERM");
        await _process.Ended.WaitAsync(Patience, cancellation);
        return _process.ExitCode;
    }

    /// <summary>An error that names what it said last.</summary>
    public ToolException Failed(string what) =>
        new($"{Name} {what}. It said:{string.Concat(_process.Words.TakeLast(20).Select(static line => $"{Environment.NewLine}  {line}"))}", "see what it said");

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static double Mebibytes(string line) => Math.Round(long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0, 1);
}
