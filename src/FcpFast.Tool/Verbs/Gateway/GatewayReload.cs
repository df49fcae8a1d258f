using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Hosting;
using FcpFast.Hosting.Gateways;
using Microsoft.Extensions.Logging;

namespace FcpFast.Tool.Verbs.Gateway;

/// <summary>Reads the configuration again and lets the running endpoint follow it; a faulty one changes nothing.</summary>
/// <remarks>Threads: any; one reload after the other.</remarks>
internal sealed class GatewayReload(GatewaySource source, FcpGatewayOptions options, FcpEndpointHost host, LogSwitch level, SystemdNotice systemd, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Reloads, and tells what became of it: <c>faults</c>, or what <c>came</c>, <c>moved</c>, <c>left</c>, and what <c>needs_restart</c>.</summary>
    public async Task<JsonObject> RunAsync()
    {
        await _one.WaitAsync();
        systemd.Reloading();
        try
        {
            return await FollowAsync();
        }
        finally
        {
            systemd.Ready();
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>The answer of a reload in words.</summary>
    public static string Describe(JsonObject answer)
    {
        string[] parts = [.. ((string[])["came", "moved", "left"]).Select(part => (part, (JsonArray)answer[part]!)).Where(static one => one.Item2.Count > 0).Select(static one => $"{one.part}: {string.Join(", ", one.Item2)}")];
        string routes = (bool)answer["other_routes"]! ? "other routes" : "";
        string done = string.Join("; ", parts.Append(routes).Where(static part => part.Length > 0));
        var restart = (JsonArray)answer["needs_restart"]!;
        return (done.Length > 0 ? done : "peers and routes are as before") + (restart.Count > 0 ? $"; counts only after a restart: {string.Join(", ", restart)}" : "");
    }

    private async Task<JsonObject> FollowAsync()
    {
        FcpGatewayOptions next = source.Load(out IReadOnlyList<string> faults);
        if (faults.Count > 0) return Refuse(faults);
        FcpFollowed followed;
        try
        {
            followed = await host.FollowAsync(next.Hosting);
        }
        catch (ArgumentException e)
        {
            return Refuse(e.Message.Split(Environment.NewLine));
        }

        level.Least = next.LogLevel;
        IReadOnlyList<string> ofProcess = options.FixedDifferences(next);
        foreach (string setting in ofProcess) logger.NeedsRestart(setting);
        return new JsonObject
        {
            ["came"] = Names(followed.Added), ["moved"] = Names(followed.Moved), ["left"] = Names(followed.Left), ["other_routes"] = followed.HasOtherRoutes,
            ["needs_restart"] = Names(followed.NeedRestart.Concat(ofProcess)),
        };
    }

    private JsonObject Refuse(IReadOnlyList<string> faults)
    {
        foreach (string fault in faults) logger.ReloadRefused(fault);
        return new JsonObject { ["faults"] = Names(faults) };
    }

    private static JsonArray Names<T>(IEnumerable<T> names) => new([.. names.Select(static name => (JsonNode)name!.ToString()!)]);
}
