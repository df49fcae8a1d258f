using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FcpFast.Hosting;

/// <summary>Whether an endpoint runs, and whether its operator has something to do.</summary>
/// <param name="host">The endpoint's host.</param>
internal sealed class FcpHealthCheck(FcpEndpointHost host) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Judge());

    private HealthCheckResult Judge()
    {
        if (!host.IsRunning) return new HealthCheckResult(HealthStatus.Unhealthy, "the endpoint does not run");
        IReadOnlyList<NodeAlarm> alarms = host.Endpoint.Alarms;
        return alarms.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Join("; ", alarms.Select(static alarm => alarm.Kind.ToString()).Distinct()));
    }
}
