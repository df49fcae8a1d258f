using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool;

namespace FcpFast.Bench.Load.Comparisons;

/// <summary>wireguard-go between two network namespaces, carrying iperf3's TCP: the usual user-space tunnel on the same cores.</summary>
/// <remarks>Shape: everything is made for one run and removed after it; names begin with <c>fcpb</c>.</remarks>
internal sealed class WireGuardGo : IComparison
{
    private const string Tun = "/dev/net/tun";
    private const int Port = 52_012;
    private const int ReadyTries = 100;
    private const int RetryMilliseconds = 50;
    private static readonly End First = new("fcpb1", "10.77.61.1", "10.78.61.1", "51001"), Second = new("fcpb2", "10.77.61.2", "10.78.61.2", "51002");

    public string Name => "wireguard-go";

    public string About => "wireguard-go between two network namespaces joined by veth, iperf3 TCP through the tunnel, what arrived";

    public string? Missing()
    {
        string[] missing = Commands.Missing("wireguard-go", "wg", "ip", Iperf.Program);
        if (missing.Length > 0) return $"{string.Join(", ", missing)} not installed (Debian: apt-get install wireguard-go wireguard-tools iproute2 iperf3)";
        if (!File.Exists(Tun)) return $"{Tun} is not here";
        return Environment.IsPrivilegedProcess ? null : "only root may make network namespaces";
    }

    public async Task<double> RunAsync(double seconds, CancellationToken cancellation)
    {
        var tunnels = new List<Process>();
        DirectoryInfo keys = Directory.CreateTempSubdirectory("fcpfast-bench-");
        try
        {
            await JoinAsync(cancellation);
            foreach (End end in Ends)
            {
                tunnels.Add(Commands.Start("ip", "netns", "exec", end.Space, "wireguard-go", "-f", end.Tunnel));
                await WaitForAsync(end, cancellation);
            }

            await ConfigureAsync(keys.FullName, cancellation);
            return await Iperf.RunAsync((First.Space, Second.Space), Second.Inside, Port, seconds, [], cancellation);
        }
        finally
        {
            Commands.EndAll(tunnels);
            foreach (End end in Ends) await TryRemoveAsync(end);
            keys.Delete(recursive: true);
        }
    }

    private static End[] Ends => [First, Second];

    private static Task<string> IpAsync(string[] arguments, CancellationToken cancellation) => Commands.RunAsync(["ip", .. arguments], cancellation);

    private static async Task JoinAsync(CancellationToken cancellation)
    {
        foreach (End end in Ends) await IpAsync(["netns", "add", end.Space], cancellation);
        await IpAsync(["link", "add", First.Cable, "netns", First.Space, "type", "veth", "peer", "name", Second.Cable, "netns", Second.Space], cancellation);
        foreach (End end in Ends)
        {
            await IpAsync(["-n", end.Space, "addr", "add", end.Outside + "/24", "dev", end.Cable], cancellation);
            await IpAsync(["-n", end.Space, "link", "set", end.Cable, "up"], cancellation);
        }
    }

    private static async Task WaitForAsync(End end, CancellationToken cancellation)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                await IpAsync(["-n", end.Space, "link", "show", end.Tunnel], cancellation);
                await Commands.RunAsync(["ip", "netns", "exec", end.Space, "wg", "show", end.Tunnel], cancellation);
                return;
            }
            catch (ToolException) when (tries < ReadyTries)
            {
                await Task.Delay(RetryMilliseconds, cancellation);
            }
        }
    }

    private static async Task ConfigureAsync(string folder, CancellationToken cancellation)
    {
        var publicKeys = new Dictionary<string, string>();
        foreach (End end in Ends)
        {
            string key = Path.Combine(folder, end.Tunnel);
            await File.WriteAllTextAsync(key, await Commands.RunAsync(["wg", "genkey"], cancellation), cancellation);
            publicKeys[end.Space] = (await Commands.RunAsync(["sh", "-c", $"wg pubkey < '{key}'"], cancellation)).Trim();
        }

        foreach (End end in Ends)
        {
            End other = Ends.Single(candidate => candidate != end);
            await IpAsync(["netns", "exec", end.Space, "wg", "set", end.Tunnel, "listen-port", end.Port, "private-key", Path.Combine(folder, end.Tunnel),
                "peer", publicKeys[other.Space], "allowed-ips", other.Inside + "/32", "endpoint", $"{other.Outside}:{other.Port}"], cancellation);
            await IpAsync(["-n", end.Space, "addr", "add", end.Inside + "/24", "dev", end.Tunnel], cancellation);
            await IpAsync(["-n", end.Space, "link", "set", end.Tunnel, "up"], cancellation);
        }
    }

    private static async Task TryRemoveAsync(End end)
    {
        try
        {
            await IpAsync(["netns", "del", end.Space], CancellationToken.None); // takes cable and tunnel with it
        }
        catch (ToolException)
        {
            // it was not made
        }
    }

    private sealed record End(string Space, string Outside, string Inside, string Port)
    {
        public string Cable => "c" + Space;

        public string Tunnel => "w" + Space;
    }
}
