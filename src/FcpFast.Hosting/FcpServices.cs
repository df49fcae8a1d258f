using System;
using System.Linq;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FcpFast.Hosting;

/// <summary>Adds endpoints to a host.</summary>
public static class FcpServices
{
    /// <summary>The tag of checks that tell whether a process is alive.</summary>
    public const string LiveTag = "live";

    /// <summary>The tag of checks that tell whether it may be given work.</summary>
    public const string ReadyTag = "ready";

    /// <summary>Adds the host's endpoint, set up by a configuration section.</summary>
    public static OptionsBuilder<FcpHostingOptions> AddFcpEndpoint(this IServiceCollection services, IConfigurationSection section) =>
        services.AddFcpEndpoint(Options.DefaultName, section);

    /// <summary>Adds the host's endpoint, set up by code.</summary>
    public static OptionsBuilder<FcpHostingOptions> AddFcpEndpoint(this IServiceCollection services, Action<FcpHostingOptions> configure) =>
        services.AddFcpEndpoint(Options.DefaultName, configure);

    /// <summary>Adds one of several endpoints, set up by a configuration section; the key of its <see cref="FcpEndpointHost"/> is its name.</summary>
    public static OptionsBuilder<FcpHostingOptions> AddFcpEndpoint(this IServiceCollection services, string name, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddFcpEndpoint(name, options => FcpConfiguration.Read(section, options));
    }

    /// <summary>Adds one of several endpoints, set up by code; the key of its <see cref="FcpEndpointHost"/> is its name.</summary>
    /// <remarks>
    /// Shape:   what is validated is validated before the host starts anything. Further steps (<c>Configure</c>, <c>PostConfigure</c>) can follow.
    /// Errors:  <see cref="ArgumentException"/> for a name that there is already.
    /// </remarks>
    public static OptionsBuilder<FcpHostingOptions> AddFcpEndpoint(this IServiceCollection services, string name, Action<FcpHostingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        bool isThere = services.Any(one => one.IsKeyedService && one.ServiceType == typeof(FcpEndpointHost) && name.Equals(one.ServiceKey));
        if (isThere) throw new ArgumentException($"there is an endpoint '{name}' already", nameof(name));
        services.AddKeyedSingleton(name, (provider, _) => new FcpEndpointHost(
            name, provider.GetRequiredService<IOptionsMonitor<FcpHostingOptions>>(), provider.GetServices<IFcpEndpointObserver>(),
            provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<ILogger<FcpEndpointHost>>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<FcpEndpointHost>(name));
        if (name == Options.DefaultName) services.AddSingleton(static provider => provider.GetRequiredKeyedService<FcpEndpointHost>(Options.DefaultName));
        services.AddSingleton<IValidateOptions<FcpHostingOptions>>(new FcpHostingValidation(name));
        return services.AddOptions<FcpHostingOptions>(name).Configure(configure).ValidateOnStart();
    }

    /// <summary>Adds two health checks of an endpoint: <c>fcp</c>, tagged <see cref="LiveTag"/>, and <c>fcp-ready</c>, tagged <see cref="ReadyTag"/>.</summary>
    /// <param name="checks">The checks.</param>
    /// <param name="name">The endpoint's name; left out, the host's only one.</param>
    /// <param name="tags">Further tags of both.</param>
    /// <remarks>Shape: the first is unhealthy when the endpoint does not run, degraded while an alarm's reason lasts; the second is unhealthy while nothing new should be given to it.</remarks>
    public static IHealthChecksBuilder AddFcpEndpoint(this IHealthChecksBuilder checks, string name = "", params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(checks);
        string check = name.Length == 0 ? "fcp" : $"fcp-{name}";
        return checks
            .Add(new HealthCheckRegistration(check, provider => new FcpHealthCheck(Of(provider)), failureStatus: null, [LiveTag, .. tags]))
            .Add(new HealthCheckRegistration($"{check}-ready", provider => new FcpReadinessCheck(Of(provider)), failureStatus: null, [ReadyTag, .. tags]));

        FcpEndpointHost Of(IServiceProvider provider) => provider.GetRequiredKeyedService<FcpEndpointHost>(name);
    }
}
