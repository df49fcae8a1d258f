using System.Text.Json.Nodes;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Reports;

/// <summary>An endpoint's figures as JSON.</summary>
internal static class EndpointReport
{
    /// <summary>Adds what every report of an endpoint has.</summary>
    public static JsonObject Describe(FcpEndpoint endpoint, JsonObject report)
    {
        report["node"] = endpoint.Node.ToString();
        report["engine"] = endpoint.Engine;
        report["offload"] = new JsonObject { ["on"] = endpoint.Offload.IsOn, ["reason"] = endpoint.Offload.Explanation };
        report["frames_sent"] = endpoint.FramesSent;
        report["frames_received"] = endpoint.FramesAccepted;
        report["frames_opened"] = endpoint.FramesOpened;
        report["datagrams_verified"] = endpoint.DatagramsVerified;
        report["suite"] = endpoint.Suite;
        report["frames_dropped"] = Refusals(endpoint);
        report["datagrams_sent"] = endpoint.UdpCounters[UdpCount.DatagramsSent];
        report["datagrams_received"] = endpoint.UdpCounters[UdpCount.DatagramsReceived];
        report["system_drops"] = endpoint.SystemDrops;
        report["peak_rss_mib"] = ProcessMeter.PeakResidentMebibytes();
        return report;
    }

    /// <summary>Counts of refusals by name.</summary>
    public static JsonObject Refusals(FcpEndpoint endpoint)
    {
        var refusals = new JsonObject();
        foreach ((FcpStatus status, long count) in endpoint.Counters.Snapshot())
        {
            if (status != FcpStatus.Accepted) refusals[FcpStatusNames.NameOf(status)] = count;
        }

        return refusals;
    }
}
