using System.Linq;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Demo.Gateways;

/// <summary>The sums that a node's counts keep at every moment.</summary>
/// <remarks>Source: [WIRE §20] and <see cref="FcpEndpointFigures"/>.</remarks>
internal static class StatusSums
{
    /// <summary>Everything that came: opened, passed on, verified without a frame, or refused by a name.</summary>
    /// <param name="status">A node's status.</param>
    /// <param name="answered">Handshake datagrams that were answered, which are in no sum.</param>
    public static bool AddUp(JsonObject status, long answered = 0)
    {
        long refusedBefore = Of(status, "datagrams_received") - Of(status, "datagrams_verified") - answered;
        long refusedAfter = Of(status, "frames_received") - Of(status, "frames_opened") - Of(status, "frames_passed_on");
        return refusedBefore >= 0 && refusedAfter >= 0 && refusedBefore + refusedAfter == ((JsonObject)status["frames_dropped"]!).Sum(static pair => (long)pair.Value!);
    }

    private static long Of(JsonObject status, string name) => (long)status[name]!;
}
