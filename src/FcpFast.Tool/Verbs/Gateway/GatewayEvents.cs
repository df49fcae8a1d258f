using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Hosting;

namespace FcpFast.Tool.Verbs.Gateway;

/// <summary>Hands what happens at the endpoint to its local door.</summary>
internal sealed class GatewayEvents : IFcpEndpointObserver
{
    private volatile FcpDoor? _door;

    /// <summary>The door, once it is open.</summary>
    public FcpDoor? Door
    {
        get => _door;
        set => _door = value;
    }

    public ValueTask HappenedAsync(FcpEndpointHost host, FcpEndpointEvent happened, CancellationToken cancellation)
    {
        Door?.Tell(happened);
        return ValueTask.CompletedTask;
    }
}
