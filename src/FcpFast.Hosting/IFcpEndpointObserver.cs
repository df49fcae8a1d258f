using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Hosting;

/// <summary>Told of everything that happens at the host's endpoints: rotations, alarms, what expires, links, files. Register any number as services.</summary>
public interface IFcpEndpointObserver
{
    /// <summary>Something happened.</summary>
    /// <param name="host">At which endpoint.</param>
    /// <param name="happened">What.</param>
    /// <param name="cancellation">Cancelled when the endpoint is closed.</param>
    /// <remarks>
    /// Errors:  an exception is logged and changes nothing.
    /// Threads: one event of an endpoint after the other. Who takes long loses events: the endpoint keeps the newest 4,096.
    /// </remarks>
    ValueTask HappenedAsync(FcpEndpointHost host, FcpEndpointEvent happened, CancellationToken cancellation);
}
