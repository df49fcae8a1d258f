using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using FcpFast.Control.Store;
using Microsoft.Extensions.Logging;

namespace FcpFast.Hosting.Gateways;

/// <summary>A gateway process: one endpoint of whatever roles, and what its operator sees of it.</summary>
/// <remarks>Errors: <see cref="Faults"/> lists everything that is wrong at once.</remarks>
public sealed class FcpGatewayOptions
{
    /// <summary>The endpoint and how it is run.</summary>
    public FcpHostingOptions Hosting { get; } = new();

    /// <summary>The least level that is logged; followed by a reload.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>How the log is written.</summary>
    public FcpLogFormat LogFormat { get; set; }

    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served over HTTP; nowhere if null.</summary>
    public IPEndPoint? Serve { get; set; }

    /// <summary>Where metrics are sent by OTLP over HTTP; nowhere if null.</summary>
    public Uri? Otlp { get; set; }

    /// <summary>Everything that is wrong; empty if nothing is.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [.. Hosting.Faults()];
        FcpEndpointOptions endpoint = Hosting.Endpoint;
        bool hasFolder = !string.IsNullOrWhiteSpace(endpoint.StateFolder);
        if (hasFolder && !Directory.Exists(endpoint.StateFolder)) faults.Add($"StateFolder: the folder {endpoint.StateFolder} does not exist; make it with 'fcpfast node create'");
        if (endpoint.StateKey is StoreKeySource.KeyFile { Path: { } key } && !File.Exists(key)) faults.Add($"StateKeyFile: the file {key} does not exist; name the one that 'fcpfast node create' made");
        bool isVersion6 = Serve is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 };
        if (isVersion6) faults.Add("Serve: the HTTP listener of .NET takes no IPv6 address; give an IPv4 address");
        if (Serve is { Port: 0 }) faults.Add("Serve: its port cannot be 0; give one from 1 to 65535");
        bool isTaken = Serve is not null && endpoint.AcceptsSessions && Serve.Port == endpoint.Listen.Port && Serve.Port != 0;
        if (isTaken) faults.Add($"Serve: port {Serve!.Port} is that of Listen, which takes control connections there; give another one");
        return faults;
    }

    /// <summary>What differs and counts only after a restart, by the names of settings; what the endpoint says of its own is not in it.</summary>
    public IReadOnlyList<string> FixedDifferences(FcpGatewayOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var differences = new List<string>();
        if (LogFormat != other.LogFormat) differences.Add("Log:Format");
        if (!Equals(Serve, other.Serve)) differences.Add(nameof(Serve));
        if (Otlp != other.Otlp) differences.Add(nameof(Otlp));
        return differences;
    }
}
