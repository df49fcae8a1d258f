using System.Linq;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Demo.Gateways;

/// <summary>The sums that a node's counts keep at every moment.</summary>
/// <remarks>Source: [WIRE §20] and <see cref="FcpEndpointFigures"/>.</remarks>
internal static class StatusSums
{
    /// <summary>What came and was neither opened, passed on, verified without a frame, nor refused by a name: handshake datagrams that were answered.</summary>
    public static long Unnamed(JsonObject status) => RefusedBefore(status) + RefusedAfter(status) - ((JsonObject)status["frames_dropped"]!).Sum(static pair => (long)pair.Value!);

    /// <summary>Everything that came, where no handshake comes as a datagram.</summary>
    public static bool AddUp(JsonObject status) => RefusedBefore(status) >= 0 && RefusedAfter(status) >= 0 && Unnamed(status) == 0;

    private static long RefusedBefore(JsonObject status) => Of(status, "datagrams_received") - Of(status, "datagrams_verified");

    private static long RefusedAfter(JsonObject status) => Of(status, "frames_received") - Of(status, "frames_opened") - Of(status, "frames_passed_on");

    private static long Of(JsonObject status, string name) => (long)status[name]!;
}
