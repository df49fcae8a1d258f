using System;
using FcpFast.Tool.Verbs;

namespace FcpFast.Tool.Reports;

/// <summary>Who is shown a node's figures.</summary>
/// <param name="Prometheus">Where Prometheus text is served; nowhere if null.</param>
/// <param name="Collector">Where metrics are sent by OTLP over HTTP; nowhere if null.</param>
internal sealed record MetricsPlan(HostAddress? Prometheus, Uri? Collector);
