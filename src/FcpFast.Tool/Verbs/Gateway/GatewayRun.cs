using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Hosting;
using FcpFast.Hosting.Gateways;
using FcpFast.Interop.Linux;
using FcpFast.Tool.Reports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using GenericHost = Microsoft.Extensions.Hosting.Host;

namespace FcpFast.Tool.Verbs.Gateway;

/// <summary>One run of <c>fcpfast gateway</c>: until it is told to end, or its endpoint breaks.</summary>
/// <remarks>
/// Shape:   start, serve, drain, close, in this order; a reload may happen in between at any time. Signals are the tool's (<see cref="Interruption"/>): the host
///          has no lifetime of its own.
/// </remarks>
/// <param name="source">Its configuration.</param>
/// <param name="streams">Where to speak before there is a log, and to who attends.</param>
internal sealed class GatewayRun(GatewaySource source, ToolStreams streams) : IDisposable
{
    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _hangUps = new(0);

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        Interruption.Serve(() => _hangUps.Release());
        FcpGatewayOptions options = source.Load(out IReadOnlyList<string> faults);
        if (faults.Count > 0)
        {
            throw new ToolException(
                $"the configuration {source.File} has {faults.Count} fault(s):\n{string.Join('\n', faults.Select(static fault => $"  {fault}"))}", "put them right; 'fcpfast gateway --check' lists them without a start");
        }

        var level = new LogSwitch(options.LogLevel);
        var events = new GatewayEvents();
        using IHost host = Build(options, level, events);
        await StartAsync(host, options, cancellation);
        var node = host.Services.GetRequiredService<FcpEndpointHost>();
        ILogger logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("FcpFast.Gateway");
        var systemd = new SystemdNotice();
        await ServeAsync(options, node, host, level, events, systemd, logger, cancellation);
        await host.StopAsync(CancellationToken.None);
        return node.Endpoint.Ended.IsFaulted ? throw new ToolException("the endpoint broke; the log tells why", "report it with the log, and start the gateway again") : ExitCodes.Done;
    }

    public void Dispose() => _hangUps.Dispose();

    private static IHost Build(FcpGatewayOptions options, LogSwitch level, GatewayEvents events)
    {
        HostApplicationBuilder builder = GenericHost.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "fcpfast" });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<IFcpEndpointObserver>(events);
        builder.Services.AddFcpEndpoint(into =>
        {
            (into.Endpoint, into.DrainFor) = (options.Hosting.Endpoint, options.Hosting.DrainFor);
            (into.LogRefusalsEvery, into.LoggedPerMinuteMax) = (options.Hosting.LogRefusalsEvery, options.Hosting.LoggedPerMinuteMax);
        });
        builder.Services.AddHealthChecks().AddFcpEndpoint();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan); // the drain has a bound of its own
        level.Configure(builder.Logging, options.LogFormat);
        return builder.Build();
    }

    private static async Task StartAsync(IHost host, FcpGatewayOptions options, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (Exception e) when (Endpoints.Explain(e, options.Hosting.Endpoint.Listen, "Listen") is { } reason)
        {
            throw reason;
        }
    }

    /// <summary>Everything between start and drain; what the operator sees is closed before the endpoint is.</summary>
    private async Task ServeAsync(
        FcpGatewayOptions options, FcpEndpointHost node, IHost host, LogSwitch level, GatewayEvents events, SystemdNotice systemd, ILogger logger, CancellationToken cancellation)
    {
        FcpEndpoint endpoint = node.Endpoint;
        if (endpoint.LockedMemoryFault is { } unlocked) logger.StartFault(unlocked);
        bool isOffloadUnasked = !endpoint.Offload.IsOn && options.Hosting.Endpoint.Offload == FcpFast.Transport.Udp.OffloadChoice.Auto;
        if (isOffloadUnasked) logger.StartFault($"UDP offload is off: {endpoint.Offload.Explanation}");
        using var reload = new GatewayReload(source, options, node, level, systemd, logger);
        await using FcpDoor? door = Endpoints.OpenDoor(endpoint, reload.RunAsync, out string noDoor);
        if (door is null) logger.NoDoor(noDoor);
        events.Door = door;
        HostAddress? served = options.Serve is { } at ? AddressOf(at) : null;
        using MetricsExport? metrics = MetricsExport.Start(endpoint, new MetricsPlan(served, options.Otlp));
        await using HealthListener? health = served is null ? null : HealthListener.Start(served, host.Services.GetRequiredService<HealthCheckService>());
        if (served is not null) logger.Serving(served.ToString());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation, host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        Task watching = systemd.WatchAsync(endpoint, over.Token), reloading = ReloadAsync(reload, over.Token);
        ProgramPages.GiveBack();
        systemd.Ready();
        await streams.TellAsync("listening", new JsonObject { ["address"] = endpoint.Address.ToString() });
        await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        systemd.Stopping();
        await Task.WhenAll(watching, reloading).WaitAsync(CloseMax, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!endpoint.Ended.IsCompleted) await node.DrainAsync(CancellationToken.None);
        events.Door = null;
    }

    private async Task ReloadAsync(GatewayReload reload, CancellationToken cancellation)
    {
        while (true)
        {
            await _hangUps.WaitAsync(cancellation);
            await reload.RunAsync();
        }
    }

    /// <summary>As the listeners of HTTP name it: every address is written by a star.</summary>
    private static HostAddress AddressOf(IPEndPoint at) => new(at.Address.Equals(IPAddress.Any) ? "*" : at.Address.ToString(), at.Port);

    /// <summary>Waits for nobody: the tool starts and stops the host.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
