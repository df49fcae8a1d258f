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
        using Process serving = In(namespaces?.Server, [Program, "-s", "-1", "-B", server, "-p", portText]);
        try
        {
            string[] client = [Program, "-c", server, "-p", portText, "-t", seconds.ToString(CultureInfo.InvariantCulture), "-J", .. options];
            for (int tries = 0; ; tries++)
            {
                try
                {
                    string[] command = namespaces is { } named ? ["ip", "netns", "exec", named.Client, .. client] : client;
                    return Received(await Commands.RunAsync(command, cancellation));
                }
                catch (ToolException) when (tries < ConnectTries && !serving.HasExited)
                {
                    await Task.Delay(RetryMilliseconds, cancellation); // it does not listen yet
                }
            }
        }
        finally
        {
            Commands.End(serving);
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
        return document.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e9;
    }
}
