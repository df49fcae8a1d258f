using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using FcpFast.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace FcpFast.Hosting.Tests;

/// <summary>Real hosts over the state of an owned pair.</summary>
internal sealed class HostedPair : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public OwnedPair Pair { get; } = new("alice", "bob");

    public FakeLogCollector Logs { get; } = FakeLogCollector.Create(new FakeLogCollectorOptions());

    /// <summary>A host of one endpoint, set up by a configuration alone.</summary>
    public IHost Build(Dictionary<string, string?> settings, Events? events = null, Action<FcpHostingOptions>? further = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new FakeLoggerProvider(Logs));
        var options = builder.Services.AddFcpEndpoint(builder.Configuration.GetSection("Fcp"));
        if (further is not null) options.Configure(further);
        builder.Services.AddHealthChecks().AddFcpEndpoint();
        if (events is not null) builder.Services.AddSingleton<IFcpEndpointObserver>(events);
        return builder.Build();
    }

    public Dictionary<string, string?> SettingsOf(string name, FcpEndpoint? peer = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Fcp:Profile"] = "edge", ["Fcp:StateFolder"] = Pair.FolderOf(name), ["Fcp:Listen"] = "127.0.0.1:0", ["Fcp:ReceiveInto"] = Pair.Received,
        };
        if (peer is null) return settings;
        settings["Fcp:Peers:0:Node"] = peer.Node.ToString();
        settings["Fcp:Peers:0:Address"] = peer.Address.ToString();
        settings["Fcp:AcceptsSessions"] = "false";
        return settings;
    }

    /// <summary>What endpoints logged; the host logs as well.</summary>
    public FakeLogRecord[] Lines() => [.. Logs.GetSnapshot().Where(static line => line.Category == typeof(FcpEndpointHost).FullName)];

    public static FcpEndpointHost Of(IHost host) => host.Services.GetRequiredService<FcpEndpointHost>();

    public void Dispose() => Pair.Dispose();

    /// <summary>An observer that keeps what it is told, and may fail.</summary>
    internal sealed class Events(bool fails = false) : IFcpEndpointObserver
    {
        private readonly Channel<FcpEndpointEvent> _told = Channel.CreateUnbounded<FcpEndpointEvent>();
        private readonly List<FcpEndpointEvent> _passedOver = [];

        public ValueTask HappenedAsync(FcpEndpointHost host, FcpEndpointEvent happened, CancellationToken cancellation)
        {
            _told.Writer.TryWrite(happened);
            return fails ? throw new IOException("an observer's own fault") : ValueTask.CompletedTask;
        }

        /// <summary>The oldest that fits; the others wait for who asks for them.</summary>
        public async Task<T> NextAsync<T>(Func<T, bool>? fits = null)
            where T : FcpEndpointEvent
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(Patience);
            for (int i = 0; ; i++)
            {
                if (i == _passedOver.Count) _passedOver.Add(await _told.Reader.ReadAsync(patience.Token));
                if (_passedOver[i] is not T happened || (fits is not null && !fits(happened))) continue;
                _passedOver.RemoveAt(i);
                return happened;
            }
        }
    }
}
