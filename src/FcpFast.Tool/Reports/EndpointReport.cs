using System.Collections.Generic;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Tool.Reports;

/// <summary>An endpoint's figures as JSON.</summary>
internal static class EndpointReport
{
    private const int ReadsMax = 1000;

    /// <summary>Reads the figures when nothing waits to be received any more: what a peer has sent so far is in them.</summary>
    public static async Task<FcpEndpointFigures> SettleAsync(FcpEndpoint endpoint)
    {
        FcpEndpointFigures figures = await endpoint.ReadFiguresAsync();
        for (int read = 1; figures.HasWaiting && read < ReadsMax; read++) figures = await endpoint.ReadFiguresAsync(); // each lets a turn pass
        return figures;
    }

    /// <summary>Adds what every report of an endpoint has.</summary>
    public static void Describe(FcpEndpoint endpoint, FcpEndpointFigures figures, JsonObject report)
    {
        report["node"] = endpoint.Node.ToString();
        report["engine"] = endpoint.Engine;
        report["mac_engine"] = endpoint.MacEngine;
        report["hash_engine"] = endpoint.HashEngine;
        report["suite"] = endpoint.Suite;
        report["offload"] = endpoint.Offload.IsOn ? "on" : "off";
        report["offload_reason"] = endpoint.Offload.Explanation;
        report["frames_sent"] = figures.FramesSent;
        report["frames_received"] = figures.FramesReceived;
        report["frames_opened"] = figures.FramesOpened;
        report["frames_passed_on"] = figures.FramesPassedOn;
        report["frames_forwarded"] = ByName(figures.FramesForwarded);
        report["rekeys"] = figures.Rekeys;
        report["frames_dropped"] = ByName(figures.FramesDropped);
        report["control_refused"] = ByName(figures.ControlRefused);
        report["datagrams_sent"] = figures.DatagramsSent;
        report["datagrams_received"] = figures.DatagramsReceived;
        report["datagrams_verified"] = figures.DatagramsVerified;
        report["system_drops"] = figures.SystemDrops;
        report["peak_rss_mib"] = TransferMeter.PeakResidentMebibytes();
    }

    private static JsonObject ByName(IReadOnlyDictionary<FcpStatus, long> counts)
    {
        var named = new JsonObject();
        foreach ((FcpStatus status, long count) in counts) named[FcpStatusNames.NameOf(status)] = count;
        return named;
    }
}
