using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FcpFast.Hosting;

/// <summary>Whether an endpoint runs and its thread takes its turns, and whether its operator has something to do.</summary>
/// <param name="host">The endpoint's host.</param>
internal sealed class FcpHealthCheck(FcpEndpointHost host) : IHealthCheck
{
    /// <summary>A turn takes milliseconds; one that takes so long hangs.</summary>
    public static readonly TimeSpan TurnMax = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (await ReadFiguresAsync(host, cancellationToken).ConfigureAwait(false) is null) return new HealthCheckResult(HealthStatus.Unhealthy, "the endpoint does not run");
        IReadOnlyList<NodeAlarm> alarms = host.Endpoint.Alarms;
        return alarms.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Join("; ", alarms.Select(static alarm => alarm.Kind.ToString()).Distinct()));
    }

    /// <summary>The endpoint's figures; null if it does not run, or does not take its turns.</summary>
    public static async Task<FcpEndpointFigures?> ReadFiguresAsync(FcpEndpointHost host, CancellationToken cancellation)
    {
        if (!host.IsRunning) return null;
        try
        {
            return await host.Endpoint.ReadFiguresAsync().WaitAsync(TurnMax, cancellation).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // an endpoint that broke or was closed meanwhile tells why elsewhere
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
#pragma warning restore CA1031
    }
}
