using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using FcpFast.Tool.Demo.Gateways;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>The configurations of a soak's gateway and relay.</summary>
internal sealed class SoakFiles(GatewayFleet fleet, SoakPlan plan, string[] far)
{
    private const int DrainSeconds = 10;

    /// <summary>Writes the gateway's. Each peer's objects have one name, so the disk holds one of each.</summary>
    public string Gateway => Write(SoakRun.Gateway, new JsonObject
    {
        ["Profile"] = "gateway", ["StateFolder"] = SoakRun.Gateway, ["ReceiveInto"] = "received", ["Overwrites"] = true, ["RekeyAfterSeconds"] = plan.RekeyAfterSeconds,
        ["DrainSeconds"] = DrainSeconds, ["Log"] = new JsonObject { ["Level"] = "Error", ["Format"] = "Json" },
    });

    /// <summary>Writes the relay's.</summary>
    public string Edge(IPEndPoint gateway) => Write(SoakRun.Edge, new JsonObject
    {
        ["Profile"] = "edge", ["StateFolder"] = SoakRun.Edge, ["RekeyAfterSeconds"] = plan.RekeyAfterSeconds, ["DrainSeconds"] = DrainSeconds,
        ["Log"] = new JsonObject { ["Level"] = "Error", ["Format"] = "Json" },
        ["Peers"] = new JsonArray(new JsonObject { ["Node"] = SoakRun.Gateway, ["Address"] = gateway.ToString() }),
        ["Routes"] = new JsonArray(
        [
            .. far.Select(static name => (JsonNode)new JsonObject { ["Zone"] = GatewayFleet.Zone, ["From"] = name, ["To"] = new JsonArray(SoakRun.Gateway) }),
            new JsonObject { ["Zone"] = GatewayFleet.Zone, ["From"] = SoakRun.Gateway, ["To"] = new JsonArray([.. far.Select(static name => (JsonNode)name)]) },
        ]),
    });

    private string Write(string name, JsonObject settings)
    {
        string file = Path.Combine(fleet.Root, $"{name}.json");
        File.WriteAllText(file, settings.ToJsonString());
        return file;
    }
}
