using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting.Systemd;

namespace FcpFast.Tool.Verbs.Gateway;

/// <summary>Tells systemd how this service does, where it was started by it and asks for it; elsewhere it does nothing.</summary>
/// <remarks>Source: sd_notify(3), sd_watchdog_enabled(3).</remarks>
internal sealed class SystemdNotice
{
    private const string WatchdogVariable = "WATCHDOG_USEC";

    private readonly SystemdNotifier _notifier = new();
    private volatile bool _isStopping; // a reload that ends later must not call the service ready again

    public void Ready()
    {
        if (!_isStopping) Tell("READY=1");
    }

    /// <summary>The reload is timed by the monotonic clock; systemd takes no reload for begun without it.</summary>
    public void Reloading()
    {
        if (!_isStopping) Tell(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}"));
    }

    public void Stopping()
    {
        if (_isStopping) return;
        _isStopping = true;
        Tell("STOPPING=1");
    }

    /// <summary>Tells at twice the rate that the watchdog asks for that the endpoint takes its turns, as long as it does.</summary>
    public async Task WatchAsync(FcpEndpoint endpoint, CancellationToken cancellation)
    {
        if (!_notifier.IsEnabled || !long.TryParse(Environment.GetEnvironmentVariable(WatchdogVariable), CultureInfo.InvariantCulture, out long microseconds)) return;
        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(Math.Max(2_000, microseconds) / 2));
        do
        {
            await endpoint.ReadFiguresAsync().WaitAsync(cancellation); // no turn, no word
            Tell("WATCHDOG=1");
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private void Tell(string state)
    {
        if (_notifier.IsEnabled) _notifier.Notify(new ServiceState(state));
    }
}
