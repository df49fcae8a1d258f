using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FcpFast.Hosting;

/// <summary>An endpoint that starts with its host, logs what happens, and is drained when the host stops.</summary>
/// <remarks>
/// Shape:   a singleton of the host. If the endpoint breaks, the host is stopped, so that whatever supervises the process starts it anew.
/// Errors:  the host's start fails by what <see cref="FcpEndpoint.Open"/> fails by.
/// Threads: any.
/// </remarks>
public sealed class FcpEndpointHost : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _guard = new();
    private readonly IOptionsMonitor<FcpHostingOptions> _monitor;
    private readonly IEnumerable<IFcpEndpointObserver> _observers;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger _logger;
    private volatile FcpEndpoint? _endpoint;
    private FcpHostingOptions _options = new();
    private LogBudget _budget = null!;
    private RefusalLog _refusals = null!;
    private Task _events = Task.CompletedTask;
    private Task _counting = Task.CompletedTask;
    private Task<bool>? _draining;
    private int _isClosed;

    internal FcpEndpointHost(
        string name, IOptionsMonitor<FcpHostingOptions> monitor, IEnumerable<IFcpEndpointObserver> observers, IHostApplicationLifetime lifetime, ILogger logger)
    {
        Name = name;
        _monitor = monitor;
        _observers = observers;
        _lifetime = lifetime;
        _logger = logger;
    }

    /// <summary>The name by which it was added; empty for a host's only endpoint.</summary>
    public string Name { get; }

    /// <summary>True between start and stop, unless the endpoint broke.</summary>
    public bool IsRunning => Volatile.Read(ref _isClosed) == 0 && _endpoint is { Ended.IsCompleted: false };

    /// <summary>The endpoint. Its <see cref="FcpEndpoint.Events"/> are read here: register an <see cref="IFcpEndpointObserver"/> to be told.</summary>
    /// <remarks>Errors: <see cref="InvalidOperationException"/> before the host has started.</remarks>
    public FcpEndpoint Endpoint => _endpoint ?? throw new InvalidOperationException($"endpoint '{Name}' is not open yet: it opens when the host starts");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _options = _monitor.Get(Name);
        FcpEndpoint endpoint;
        try
        {
            endpoint = await Task.Run(() => FcpEndpoint.Open(_options.Endpoint), cancellationToken).ConfigureAwait(false); // a passphrase takes its time
        }
        catch (StateStoreException e)
        {
            _logger.NotOpened(Name, e.Message, e.Remedy);
            throw;
        }

        _endpoint = endpoint;
        _budget = new LogBudget(_options.LoggedPerMinuteMax, _options.Endpoint.Time);
        _refusals = new RefusalLog(endpoint, _budget, _logger);
        _logger.Started(endpoint.Node, endpoint.Address.ToString(), endpoint.Engine, endpoint.MacEngine, endpoint.Offload.IsOn);
        foreach (string fault in endpoint.Faults) _logger.StartFault(endpoint.Node, fault);
        foreach (string fault in endpoint.EngineFaults) _logger.StartFault(endpoint.Node, fault);
        _events = TellEventsAsync(endpoint);
        _counting = _refusals.RunAsync(_options.LogRefusalsEvery, _options.Endpoint.Time, _closing.Token);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_endpoint is null || Volatile.Read(ref _isClosed) != 0) return;
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Takes no more files and waits for those under way, as long as the options allow; once, the host's stop does it too.</summary>
    /// <returns>True if nothing is left under way.</returns>
    public Task<bool> DrainAsync(CancellationToken cancellation = default)
    {
        lock (_guard) return _draining ??= DrainOnceAsync(Endpoint, cancellation);
    }

    /// <summary>Goes on with changed options: peers, routes and <see cref="FcpHostingOptions.DrainFor"/> at once.</summary>
    /// <returns>What was changed; what needs a restart is named in it.</returns>
    /// <remarks>Errors: <see cref="ArgumentException"/> that lists every fault; then nothing has changed.</remarks>
    public async Task<FcpFollowed> FollowAsync(FcpHostingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> faults = options.Faults();
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));
        FcpFollowed followed = await Endpoint.FollowAsync(options.Endpoint).ConfigureAwait(false);
        FcpHostingOptions before = _options;
        List<string> needRestart = [.. followed.NeedRestart];
        if (before.LogRefusalsEvery != options.LogRefusalsEvery) needRestart.Add(nameof(options.LogRefusalsEvery));
        if (before.LoggedPerMinuteMax != options.LoggedPerMinuteMax) needRestart.Add(nameof(options.LoggedPerMinuteMax));
        before.DrainFor = options.DrainFor;
        _logger.Followed(Endpoint.Node, followed.Added.Count, followed.Moved.Count, followed.Left.Count, followed.HasOtherRoutes);
        foreach (string option in needRestart) _logger.NeedsRestart(Endpoint.Node, option);
        return followed with { NeedRestart = needRestart };
    }

    /// <summary>Closes the endpoint without draining it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_endpoint is { } endpoint)
        {
            if (!endpoint.Ended.IsCompleted) await _refusals.TellAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await endpoint.DisposeAsync().ConfigureAwait(false);
            await _events.ConfigureAwait(false);
            _logger.Stopped(endpoint.Node);
        }

        _closing.Dispose();
    }

    private async Task<bool> DrainOnceAsync(FcpEndpoint endpoint, CancellationToken cancellation)
    {
        _logger.Draining(endpoint.Node, _options.DrainFor.TotalSeconds);
        using var patience = new CancellationTokenSource(_options.DrainFor, _options.Endpoint.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await endpoint.DrainAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            _logger.Undelivered(endpoint.Node);
        }
#pragma warning disable CA1031 // a broken endpoint has told its reason; it is closed all the same
        catch (Exception e) when (endpoint.Ended.IsCompleted)
        {
            _logger.Broke(endpoint.Node, e);
        }
#pragma warning restore CA1031

        return false;
    }

    private async Task TellEventsAsync(FcpEndpoint endpoint)
    {
        try
        {
            await foreach (FcpEndpointEvent happened in endpoint.Events.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                if (_budget.Take(happened.GetType().Name, EndpointLog.ReasonOf(happened))) _logger.Tell(endpoint.Node, happened);
                foreach (IFcpEndpointObserver observer in _observers) await TellAsync(observer, endpoint, happened).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // the reason by which the endpoint broke
        catch (Exception e)
        {
            _logger.Broke(endpoint.Node, e);
            _lifetime.StopApplication();
        }
#pragma warning restore CA1031
    }

    private async Task TellAsync(IFcpEndpointObserver observer, FcpEndpoint endpoint, FcpEndpointEvent happened)
    {
        try
        {
            await observer.HappenedAsync(this, happened, _closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // the endpoint is being closed
        }
#pragma warning disable CA1031 // one observer's fault must not keep the others, or the log, from the events
        catch (Exception e)
        {
            _logger.ObserverFailed(endpoint.Node, happened.GetType().Name, e);
        }
#pragma warning restore CA1031
    }
}
