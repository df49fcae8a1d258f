using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool;

namespace FcpFast.Bench.Load.Comparisons;

/// <summary>Runs iperf3's two ends, in a network namespace each where one is named.</summary>
internal static class Iperf
{
    public const string Program = "iperf3";

    private const int RunTries = 3;
    private const int ConnectTries = 50;
    private const int RetryMilliseconds = 100;

    /// <summary>Moves data for some seconds.</summary>
    /// <param name="namespaces">The namespaces of client and server; null for this one.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="options">Further options of the client.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Gbit/s that arrived.</returns>
    public static async Task<double> RunAsync(
        (string Client, string Server)? namespaces, string server, int port, double seconds, string[] options, CancellationToken cancellation)
    {
        string portText = port.ToString(CultureInfo.InvariantCulture);
        string[] client = [Program, "-c", server, "-p", portText, "-t", seconds.ToString(CultureInfo.InvariantCulture), "-J", .. options];
        string[] serve = [Program, "-s", "-1", "-B", server, "-p", portText];
        if (namespaces is { } named) client = ["ip", "netns", "exec", named.Client, .. client];
        for (int tries = 1; ; tries++)
        {
            using Process serving = In(namespaces?.Server, serve);
            try
            {
                return Received(await WhenItListensAsync(client, serving, cancellation));
            }
            catch (ToolException) when (tries < RunTries)
            {
                // its control connection is lost now and then where its datagrams fill every queue
            }
            finally
            {
                Commands.End(serving);
            }
        }
    }

    private static async Task<string> WhenItListensAsync(string[] client, Process serving, CancellationToken cancellation)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await Commands.RunAsync(client, cancellation);
            }
            catch (ToolException) when (tries < ConnectTries && !serving.HasExited)
            {
                await Task.Delay(RetryMilliseconds, cancellation);
            }
        }
    }

    private static Process In(string? space, string[] command)
    {
        string[] full = space is null ? command : ["ip", "netns", "exec", space, .. command];
        return Commands.Start(full[0], [.. full.Skip(1)]);
    }

    private static double Received(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        if (root.TryGetProperty("end", out JsonElement end) && end.TryGetProperty("sum_received", out JsonElement sum)) return sum.GetProperty("bits_per_second").GetDouble() / 1e9;
        string reason = root.TryGetProperty("error", out JsonElement error) ? error.GetString() ?? "" : "it tells no result";
        throw new ToolException($"{Program}: {reason}", "repeat it, or leave it out with --no-comparisons");
    }
}
