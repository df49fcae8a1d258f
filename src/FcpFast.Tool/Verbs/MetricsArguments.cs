using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using FcpFast.Tool.Reports;

namespace FcpFast.Tool.Verbs;

/// <summary>The options by which a node's figures are shown to the outside, the same for every verb that runs a node.</summary>
internal sealed class MetricsArguments
{
    private const string Loopback = "127.0.0.1";

    private readonly Option<HostAddress?> _prometheus = new("--metrics")
    {
        Description = "Serve metrics as Prometheus text over HTTP, under /metrics; on 127.0.0.1 if only a port is given.",
        HelpName = "[HOST:]PORT",
        CustomParser = static result =>
        {
            HostAddress? address = Read(result.Tokens[0].Value);
            bool isIpv6 = address is not null && address.Host.Contains(':', StringComparison.Ordinal);
            if (isIpv6) result.AddError($"'{result.Tokens[0].Value}': .NET's HTTP listener takes no IPv6 address; give an IPv4 address or a name, or put a proxy before it.");
            if (address is null) result.AddError($"'{result.Tokens[0].Value}' is no address here; give PORT or HOST:PORT, the port from 1 to {ushort.MaxValue}.");
            return address;
        },
    };

    private readonly Option<Uri?> _collector = new("--otlp")
    {
        Description = "Send metrics to this OpenTelemetry collector, by OTLP over HTTP, every 10 seconds.",
        HelpName = "URL",
        CustomParser = static result =>
        {
            bool isUrl = Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https";
            if (!isUrl) result.AddError($"'{result.Tokens[0].Value}' is no URL of a collector; give such as http://127.0.0.1:4318/v1/metrics.");
            return isUrl ? url : null;
        },
    };

    /// <summary>Adds the options to a verb.</summary>
    public MetricsArguments AddTo(Command command)
    {
        command.Options.Add(_prometheus);
        command.Options.Add(_collector);
        return this;
    }

    /// <summary>What they say.</summary>
    public MetricsPlan Plan(ParseResult parsed) => new(parsed.GetValue(_prometheus), parsed.GetValue(_collector));

    private static HostAddress? Read(string text)
    {
        if (!text.All(char.IsAsciiDigit)) return HostAddress.Parse(text) is { Port: > 0 } address ? address : null;
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0 ? new HostAddress(Loopback, port) : null;
    }
}
