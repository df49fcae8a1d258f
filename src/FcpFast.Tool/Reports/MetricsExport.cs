using System;
using System.Net;
using System.Net.Sockets;
using FcpFast.Observation;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace FcpFast.Tool.Reports;

/// <summary>Shows a node's figures to the outside: as Prometheus text over HTTP, to an OpenTelemetry collector, or both.</summary>
/// <remarks>Shape: neither unless asked for; the text is served on loopback unless another address is given, and nothing in it is secret.</remarks>
internal sealed class MetricsExport : IDisposable
{
    private readonly FcpMeter _meter;
    private readonly MeterProvider _provider;

    private MetricsExport(FcpEndpoint endpoint, MetricsPlan plan)
    {
        _meter = new FcpMeter(endpoint);
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder().AddMeter(FcpMeter.Name);
        if (plan.Prometheus is { } address) builder.AddPrometheusHttpListener(options => (options.Host, options.Port, options.ScopeInfoEnabled) = (address.Host, address.Port, false));
        if (plan.Collector is { } collector) builder.AddOtlpExporter((options, reader) => Send(collector, options, reader));
        _provider = builder.Build();
    }

    /// <summary>Begins to show figures; null if nobody asked for them.</summary>
    /// <remarks>Errors: <see cref="ToolException"/> if the address cannot be listened at.</remarks>
    public static MetricsExport? Start(FcpEndpoint endpoint, MetricsPlan plan)
    {
        if (plan is { Prometheus: null, Collector: null }) return null;
        try
        {
            return new MetricsExport(endpoint, plan);
        }
        catch (Exception e) when (e is HttpListenerException or SocketException or InvalidOperationException) // the exporter wraps what the listener says
        {
            throw new ToolException($"cannot serve metrics at {plan.Prometheus}: {(e.InnerException ?? e).Message}", "choose another address or port for metrics", e);
        }
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    private static void Send(Uri collector, OtlpExporterOptions options, MetricReaderOptions reader)
    {
        options.Endpoint = collector;
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 10_000;
    }
}
