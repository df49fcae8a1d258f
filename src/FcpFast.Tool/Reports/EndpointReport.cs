using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Observation;

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
        FcpStatusReport.Describe(endpoint, figures, report);
        report["peak_rss_mib"] = TransferMeter.PeakResidentMebibytes();
    }
}
