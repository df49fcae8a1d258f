using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FcpFast.Protocol.Crypto;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Verbs;

/// <summary>Options that several verbs share, each defined once.</summary>
internal static class EndpointArguments
{
    public const int PortDefault = 7070;

    public static Option<string> State() => new("--state")
    {
        Description = "The node's state folder: identity, attestations, manifests.",
        Required = true,
        HelpName = "DIR",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print the result as one JSON object on the last line." };

    public static Option<OffloadChoice> Offload() => new("--offload")
    {
        Description = "UDP offload, 'on' or 'off': whether runs of datagrams go by one system call. On where the system can.",
        HelpName = "on|off",
        CustomParser = static result => result.Tokens[0].Value switch
        {
            "on" => OffloadChoice.Auto,
            "off" => OffloadChoice.Off,
            string value => Fail<OffloadChoice>(result, $"'{value}' is not 'on' or 'off'."),
        },
        DefaultValueFactory = static _ => OffloadChoice.Auto,
    };

    public static Option<int> Suite() => new("--suite")
    {
        Description = "Offer only this session MAC suite: 1 (HMAC-SHA-256) or 2 (keyed BLAKE3). Both, 2 first, if left out.",
        HelpName = "1|2",
        CustomParser = static result => result.Tokens[0].Value switch
        {
            "1" => 1,
            "2" => 2,
            string value => Fail<int>(result, $"'{value}' is no suite; there are 1 and 2."),
        },
    };

    public static Option<int> Mtu() => new("--datagram")
    {
        Description = "The largest datagram to send, in bytes: 576 to 65507. The path must carry it.",
        HelpName = "BYTES",
        DefaultValueFactory = static _ => Protocol.Wire.WireLimits.DatagramBytesDefault,
    };

    /// <summary>An address such as 192.0.2.1:7070, [2001:db8::1]:7070, host:7070 or host.</summary>
    public static Option<IPEndPoint> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HOST:PORT",
        CustomParser = static result => ParseAddress(result.Tokens[0].Value) ?? Fail<IPEndPoint>(result, $"'{result.Tokens[0].Value}' is no address; give HOST:PORT."),
    };

    /// <summary>A size such as 512, 64KiB, 1GiB or 10GB.</summary>
    public static Option<long> Size(string name, string description, long defaultBytes) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = static result => ParseSize(result.Tokens[0].Value) ?? Fail<long>(result, $"'{result.Tokens[0].Value}' is no size; give such as 512MiB."),
        DefaultValueFactory = _ => defaultBytes,
    };

    public static MacSuite[] Suites(int suite) => suite == 0 ? [MacSuite.Blake3, MacSuite.HmacSha256] : [(MacSuite)suite];

    internal static IPEndPoint? ParseAddress(string text)
    {
        if (IPEndPoint.TryParse(text, out IPEndPoint? parsed)) return parsed.Port == 0 && !text.EndsWith(":0", StringComparison.Ordinal) ? new IPEndPoint(parsed.Address, PortDefault) : parsed;
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? text : text[..colon];
        int port = PortDefault;
        if (colon >= 0 && !(int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue)) return null;
        try
        {
            IPAddress[] addresses = Dns.GetHostAddresses(host);
            return addresses.Length == 0 ? null : new IPEndPoint(Array.Find(addresses, static a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0], port);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    internal static long? ParseSize(string text)
    {
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        long? unit = text[digits..] switch
        {
            "" or "B" => 1,
            "KiB" => 1L << 10,
            "MiB" => 1L << 20,
            "GiB" => 1L << 30,
            "TiB" => 1L << 40,
            "KB" or "kB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            _ => null,
        };
        bool valid = long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            && unit is not null && count <= (1L << 48) / unit.Value;
        return valid ? count * unit!.Value : null;
    }

    private static T Fail<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default!;
    }
}
