using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool.Demo.Gateways;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>The relay, which may be killed and started again at the same address.</summary>
internal sealed class SoakRelay(GatewayFleet fleet, string configuration, string? program) : IAsyncDisposable
{
    private GatewayService? _service;

    /// <summary>Its process of now.</summary>
    public GatewayService Service => _service!;

    /// <summary>Where it receives, in every life.</summary>
    public string Address { get; private set; } = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{GatewayService.FreePort()}");

    /// <summary>Starts it.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        GatewayService next = await GatewayService.StartAsync(fleet, SoakRun.Edge, configuration, program, [$"Listen={Address}"], cancellation);
        if (_service is not null) await _service.DisposeAsync();
        _service = next;
    }

    /// <summary>Kills it as a power cut would.</summary>
    public async Task KillAsync()
    {
        await Service.Process.SignalAsync("KILL");
        await Service.Process.Ended;
    }

    public ValueTask DisposeAsync() => _service?.DisposeAsync() ?? ValueTask.CompletedTask;
}
