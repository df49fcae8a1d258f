using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FcpFast.Hosting;

/// <summary>Whether an endpoint may be given something new: it runs, is not being drained, its replay store takes records, its attestation and keys count.</summary>
/// <param name="host">The endpoint's host.</param>
internal sealed class FcpReadinessCheck(FcpEndpointHost host) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        FcpEndpointFigures? figures = await FcpHealthCheck.ReadFiguresAsync(host, cancellationToken).ConfigureAwait(false);
        if (figures is null) return new HealthCheckResult(HealthStatus.Unhealthy, "the endpoint does not run");
        return figures.NotReady.Count == 0 ? HealthCheckResult.Healthy() : new HealthCheckResult(HealthStatus.Unhealthy, string.Join("; ", figures.NotReady));
    }
}
